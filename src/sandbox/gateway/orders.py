"""One order at the gateway: what the merchant asked for, what the payer did, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from sandbox.gateway.outcomes import NOT_ATTEMPTED, OUTCOMES, Outcome


class State(StrEnum):
    """Where an order stands, and the number that the wire gives to it."""

    REGISTERED = "registered"
    APPROVED = "approved"
    """The money is held and not taken (two phases)."""
    DEPOSITED = "deposited"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    DECLINED = "declined"

    @property
    def on_the_wire(self) -> int:
        return _WIRE_NUMBERS[self]


_WIRE_NUMBERS = {
    State.REGISTERED: 0,
    State.APPROVED: 1,
    State.DEPOSITED: 2,
    State.REVERSED: 3,
    State.REFUNDED: 4,
    State.DECLINED: 6,
}

PAID_STATES = frozenset({State.DEPOSITED, State.REFUNDED})
AUTHORISED_STATES = PAID_STATES | {State.APPROVED}
"""The issuer has said yes, and the money is held, taken, or partly given back."""


@dataclass(slots=True, kw_only=True)
class Order:
    """An order. Moments are epoch seconds; 0 stands for "not yet"."""

    md_order: str
    merchant: str
    order_number: str
    amount_centimes: int
    currency: str
    language: str
    return_url: str
    fail_url: str
    description: str
    params: dict[str, str]
    """`udf1` to `udf5`, as the merchant sent them."""
    terminal_id: str
    callback_url: str = ""
    two_phase: bool = False
    """The issuer's yes only holds the money; the merchant takes it later, or lets go of it."""
    external_request_id: str = ""
    """The merchant's own name for this registration: with the same one it is the same registration."""
    registered_at: float
    page_ends_at: float

    state: State = State.REGISTERED
    outcome_name: str = NOT_ATTEMPTED.name
    ended_at: float = 0.0

    card_pan: str = ""
    """Only while the code is awaited; then only the first six and last four digits remain."""
    card_cvv2: str = ""
    """Only while the code is awaited."""
    card_first6: str = ""
    card_last4: str = ""
    card_expiry: str = ""
    card_holder: str = ""
    payer_ip: str = ""
    account: str = ""

    code: str = ""
    """The code that was sent to the phone; empty when none is awaited."""
    code_ends_at: float = 0.0
    codes_sent: int = 0
    wrong_codes: int = 0

    approval_code: str = ""
    paid_at: float = 0.0
    deposited_centimes: int = 0
    """What is captured now: less after refunds."""
    acknowledged_at: float = 0.0
    cancelled_at: float = 0.0
    """When the gateway took the payment back because nobody acknowledged it."""
    refund_ids: list[str] = field(default_factory=list)

    readable_from: float = 0.0
    """A fault: before this moment the result is told as if nothing had happened."""
    authorises_at: float = 0.0
    """A fault: the issuer's yes arrives only then."""
    may_retry: bool = False
    """A fault: after a refusal the card page takes another card."""

    @property
    def outcome(self) -> Outcome:
        return OUTCOMES[self.outcome_name]

    @property
    def has_card(self) -> bool:
        return bool(self.card_last4)

    @property
    def awaits_code(self) -> bool:
        return bool(self.code)

    def forget_secrets(self) -> None:
        """Leaves of the card only what the gateway shows."""
        self.card_pan = self.card_cvv2 = self.code = ""

    def way_back(self, *, language: str) -> str:
        """Where the payer's browser goes: `returnUrl` after a payment, `failUrl` otherwise, with two values added."""
        target = self.return_url if self.state in AUTHORISED_STATES else self.fail_url or self.return_url
        return with_query(target, f"lang={language}&orderId={self.md_order}")

    def to_row(self) -> dict[str, Any]:
        """What may be kept on a disk: no card number, no CVV2, no code. After a restart the card is given again."""
        return {name: getattr(self, name) for name in _KEPT_NAMES}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{**row, "state": State(row["state"])})


def with_query(address: str, added: str) -> str:
    """The address with `added` after what its query holds already, and before its fragment."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))


_NEVER_KEPT = frozenset({"card_pan", "card_cvv2", "code"})
_KEPT_NAMES = tuple(each.name for each in fields(Order) if each.name not in _NEVER_KEPT)
