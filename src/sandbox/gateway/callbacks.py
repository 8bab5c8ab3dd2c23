"""What the gateway may tell the merchant's server by itself, in the parent platform's format.

Whether the real gateway does so is disputed, so it never happens unless a fault asks for it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.gateway.faults import Kind
from sandbox.gateway.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One GET to the merchant's server."""

    url: str
    values: Mapping[str, str]


def checksum(values: Mapping[str, str], *, key: str) -> str:
    """`name;value;` of every value in the order of the names, HMAC-SHA256, upper-case hexadecimal."""
    told = "".join(f"{name};{values[name]};" for name in sorted(values) if name not in {"checksum", "sign_alias"})
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest().upper()


def callbacks_of(order: Order, *, kind: Kind, paid: bool, key: str, other: Order | None) -> Iterator[Callback]:
    """The callbacks that a fault of `kind` sends for an order; none when the merchant gave no address."""
    if not order.callback_url:
        return
    spoken_of = order
    if kind is Kind.CALLBACK_OTHER_ORDER and other is not None:
        spoken_of = other
    claims_paid = paid or kind in {Kind.CALLBACK_BEFORE, Kind.CALLBACK_FORGED}
    values = {
        "mdOrder": spoken_of.md_order,
        "orderNumber": spoken_of.order_number,
        "operation": "deposited",
        "status": "1" if claims_paid else "0",
    }
    if key:
        values["checksum"] = checksum(values, key=f"not {key}" if kind is Kind.CALLBACK_FORGED else key)
    for _ in range(2 if kind is Kind.CALLBACK_TWICE else 1):
        yield Callback(url=order.callback_url, values=values)
