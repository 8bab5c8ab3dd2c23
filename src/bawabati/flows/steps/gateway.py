"""Reaching the gateway that an attempt began with. Outside any transaction: the registry refuses otherwise."""

from bawabati.adapters import registry
from bawabati.adapters.gateways.contract import Gateway
from bawabati.companies.models import GatewayAccount
from bawabati.companies.reads import merchant_account


def gateway_of(account: GatewayAccount) -> Gateway:
    """The gateway, bound to a merchant account. An attempt keeps the one that it began with, active or not."""
    return registry.gateway(account.gateway, merchant_account(account))
