"""What a receipt shows, as it is stored, and how it is numbered."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar, Final

from bawabati.errors import CannotDo

HELP_NUMBER = "3020"
"""The cardholders' toll-free number, on every payment page and receipt. Rule: help-number (satim.md 12.3)"""
ACCEPTED = {"ar": "تم قبول الدفع", "fr": "Paiement accepté", "en": "Payment accepted"}
"""The status line of a receipt: a document keeps the words of its day, so they are stored with it."""


WEB: Final = "web"
"""The series of what is paid online."""
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
    """web, or how it was paid at a desk: card, cash, cheque. What follows is empty for a payment online."""
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
        """As the receipt names it: the card's brand where a reader has named it."""
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


def printed_number(*, year: int, kind: str, number: int) -> str:
    """A receipt's number as it is printed, e.g. 2026-W-0000042, or 2026-W-R3F0K2-0000001 after a restoration.

    Rule: receipt-numbers (behaviour.md 2)
    """
    mark = f"W{kind[len(WEB) :]}" if kind == WEB or kind.startswith(f"{WEB}-") else kind
    return f"{year}-{mark}-{number:07d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number that a receipt has, in its series."""

    series_id: int
    year: int
    kind: str
    number: int

    @property
    def printed(self) -> str:
        """As it stands on the receipt."""
        return printed_number(year=self.year, kind=self.kind, number=self.number)


class NoSuchReceipt(CannotDo):
    """The company has no receipt of that number, or it is not a receipt's number at all."""

    code: ClassVar[str] = "no_such_receipt"
    sentence: ClassVar[str] = "There is no receipt with this number."


_PRINTED: Final = re.compile(r"(\d{4})-([A-Za-z0-9_-]{1,20})-(\d{7,9})", re.ASCII)


def parse_printed_number(text: str) -> tuple[int, str, int]:
    """Year, kind and number within the series, of a number as it is printed. Raises NoSuchReceipt."""
    found = _PRINTED.fullmatch(text.strip())
    if found is None:
        raise NoSuchReceipt
    year, mark, number = found.groups()
    return int(year), f"{WEB}{mark[1:]}" if mark == "W" or mark.startswith("W-") else mark, int(number)
