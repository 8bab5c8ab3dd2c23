"""Going to the gateway that an attempt began with, and waiting for it without holding anything up.

Whoever waits for a gateway holds a place of this process, and no connection: look-ups find threads and connections
whatever a gateway does. Rule: waiting-holds-nothing (behaviour.md 6, "gateway slow or down")
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.db import connection

from bawabati.adapters import registry
from bawabati.adapters.gateways.contract import Gateway
from bawabati.adapters.gateways.slots import Slots
from bawabati.companies.models import GatewayAccount
from bawabati.companies.reads import merchant_account
from bawabati.errors import Broken


def gateway_of(account: GatewayAccount | None) -> Gateway:
    """The gateway, bound to a merchant account. An attempt keeps the one that it began with, active or not.

    Raises Broken for a payment at a desk, of which no gateway knows.
    """
    if account is None:
        raise Broken("no gateway knows a payment at a desk")
    return registry.gateway(account.gateway, merchant_account(account))


@contextmanager
def place_at(gateway: Gateway) -> Iterator[bool]:
    """Reserves a place for this thread's calls, of this process and of the account; yields whether there was one."""
    with _places().take() as has_place, gateway.slot() as has_slot:
        yield has_place and has_slot


def let_go_of_the_connection() -> None:
    """Gives the connection back to the pool before a wait. The next question takes one again."""
    connection.close()


@cache
def _places() -> Slots:
    return Slots(settings.GATEWAY_CALLS_AT_ONCE)
