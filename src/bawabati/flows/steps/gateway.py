"""Reaching the gateway that an attempt began with. Outside any transaction: the registry refuses otherwise."""

from bawabati.adapters import registry
from bawabati.adapters.gateways.contract import Gateway
from bawabati.companies.reads import get_gateway_account, merchant_account


def gateway_of(gateway_account_id: int) -> Gateway:
    """The gateway, bound to the merchant account of the attempt."""
    account = get_gateway_account(gateway_account_id)
    return registry.gateway(account.gateway, merchant_account(account))
