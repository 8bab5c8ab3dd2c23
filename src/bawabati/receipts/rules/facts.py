"""What a receipt shows, as it is stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

HELP_NUMBER = "3020"
"""The cardholders' toll-free number, on every payment page and receipt. Rule: help-number (satim.md 12.3)"""
ACCEPTED = {"ar": "تم قبول الدفع", "fr": "Paiement accepté", "en": "Payment accepted"}
"""The status line of a receipt: a document keeps the words of its day, so they are stored with it."""
CARD_WAYS: Final = frozenset({"web", "card"})
METHODS: Final = {
    ("cash", "ar"): "نقدا",
    ("cash", "fr"): "Espèces",
    ("cash", "en"): "Cash",
    ("cheque", "ar"): "صك",
    ("cheque", "fr"): "Chèque",
    ("cheque", "en"): "Cheque",
}
"""What receipts call ways of paying that have no brand, by way and language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One bill of the payment, amounts in centimes.

    `left_centimes`: what remained due of the bill afterwards. `surplus_centimes`: what was more than was due of it;
    `moved_centimes` of that went to the bill `moved_to` (its payment number), which replaces it.
    """

    payment_number: str
    bill_number: str
    customer_number: str
    holder_initials: str
    period: str
    amount_centimes: int
    surplus_centimes: int
    left_centimes: int
    moved_centimes: int
    moved_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a receipt shows. Written once, with the payment; never computed again.

    Rule: receipt-fields (satim.md 12.4, algeria.md 4)
    """

    language: str
    number: str
    company_name: str
    legal_form: str
    company_address: str
    company_phone: str
    nif: str
    nis: str
    rc: str
    ai: str
    status: str
    gateway_message: str
    transaction_id: str
    order_number: str
    approval_code: str
    masked_card: str
    paid_at: str
    """ISO 8601, with its zone."""
    amount_centimes: int
    amount_in_words: str
    lines: tuple[FactLine, ...]
    way: str = "web"
    """web, channel, or how it was paid at a desk: card, cash, cheque. What follows is empty for a payment online."""
    agency_name: str = ""
    desk_code: str = ""
    cashier_name: str = ""
    stamp_duty_centimes: int = 0
    """Paid on top of `amount_centimes`, for the State."""
    card_brand: str = ""
    terminal_id: str = ""
    merchant_id: str = ""
    cheque_number: str = ""
    tendered_centimes: int = 0
    """Cash that was handed over; what is more than amount and duty was given back."""
    channel_name: str = ""
    """Who took the money for the company, such as a bank's application."""

    def to_json(self) -> dict[str, object]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, object]) -> Facts:
        """As it was stored."""
        lines = stored["lines"]
        assert isinstance(lines, list)  # noqa: S101 - written by to_json
        return cls(**{**stored, "lines": tuple(FactLine(**line) for line in lines)})  # type: ignore[arg-type]

    @property
    def is_by_card(self) -> bool:
        """Online or on a reader."""
        return self.way in CARD_WAYS

    @property
    def payment_method(self) -> str:
        """As the receipt names it: the card's brand where a reader has named it, the channel where one took it."""
        if self.channel_name:
            return self.channel_name
        return (self.card_brand or "CIB / Edahabia") if self.is_by_card else METHODS[self.way, self.language]

    @property
    def handed_over_centimes(self) -> int:
        """What was paid in all, stamp duty too."""
        return self.amount_centimes + self.stamp_duty_centimes

    @property
    def kept_centimes(self) -> int:
        """What of the payment was not due any more and stayed the customer's."""
        return sum(line.surplus_centimes - line.moved_centimes for line in self.lines)

    @property
    def paid_at_moment(self) -> datetime:
        """When our acknowledgement was answered "paid"."""
        return datetime.fromisoformat(self.paid_at)
