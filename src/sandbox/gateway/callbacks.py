"""What the gateway may tell the merchant's server by itself, in the parent platform's format.

Whether the real gateway does so is disputed, so it happens only for a merchant who asked for it, or as a fault.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from sandbox.gateway.faults import Fault, Kind
from sandbox.gateway.merchants import CallbackMethod, Merchant
from sandbox.gateway.orders import Order, with_query


class Operation(StrEnum):
    """What happened to the order, in the parent platform's words."""

    APPROVED = "approved"
    """The money is held."""
    DEPOSITED = "deposited"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    DECLINED_BY_TIMEOUT = "declinedByTimeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One message to the merchant's server."""

    url: str
    values: Mapping[str, str]
    method: CallbackMethod = CallbackMethod.GET
    due_at: float = 0.0
    """Not before this moment; 0 for at once."""

    @property
    def address(self) -> str:
        """Where a GET goes: the merchant's own query first, then the values."""
        return with_query(self.url, urlencode(self.values))


def checksum(values: Mapping[str, str], *, key: str) -> str:
    """`name;value;` of every value in the order of the names, HMAC-SHA256, upper-case hexadecimal."""
    told = "".join(f"{name};{values[name]};" for name in sorted(values) if name not in {"checksum", "sign_alias"})
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest().upper()


def callbacks_of(
    order: Order,
    *,
    merchant: Merchant,
    operation: Operation,
    successful: bool,
    fault: Fault | None,
    other: Order | None,
    now: float,
) -> Iterator[Callback]:
    """The callbacks of one event, as a fault leaves them; none when nobody gave an address."""
    kind = fault.kind if fault else None
    url = order.callback_url or merchant.callback_url
    if not url or kind is Kind.CALLBACK_NEVER:
        return
    invented = kind in {Kind.CALLBACK_BEFORE, Kind.CALLBACK_FORGED}
    spoken_of = other if kind is Kind.CALLBACK_OTHER_ORDER and other is not None else order
    values = {
        "mdOrder": spoken_of.md_order,
        "orderNumber": spoken_of.order_number,
        "operation": Operation.DEPOSITED if invented else operation,
        "status": "1" if successful or invented else "0",
    }
    if merchant.callback_key:
        key = f"not {merchant.callback_key}" if kind is Kind.CALLBACK_FORGED else merchant.callback_key
        values["checksum"] = checksum(values, key=key)
    late_by = fault.seconds if fault and kind is Kind.CALLBACK_LATE else None
    for _ in range(2 if kind is Kind.CALLBACK_TWICE else 1):
        yield Callback(
            url=url,
            values=values,
            method=merchant.callback_method,
            due_at=0.0 if late_by is None else now + late_by,
        )
