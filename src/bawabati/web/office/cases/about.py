"""Where the thing that a case, a message or a refund is about can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from bawabati.payments.reads import find_payment_of_sale
from bawabati.receipts.reads import find_receipt

LONGEST_NUMBER: Final = 19
_NAMES: Final = {
    "refund": _("Refund"),
    "case": _("Case"),
    "reservation": _("Reservation"),
    "channel_difference": _("Difference"),
}
_PAGES: Final = {
    "payment": "office_payment",
    "refund": "office_refund",
    "case": "office_case",
    "reservation": "office_reservation",
    "channel_difference": "office_channel_difference",
}


@dataclass(frozen=True, slots=True)
class About:
    """`reference` as it is stored; `address` is empty where no page shows it."""

    reference: str
    address: str

    @property
    def name(self) -> str:
        """As a person calls it; as it is stored, where it has no name of its own."""
        what, _colon, number = self.reference.partition(":")
        return f"{gettext(_NAMES[what])} {number}" if what in _NAMES else self.reference


def about(reference: str) -> About:
    """The link of a reference such as `payment:12`. Of a sale or a receipt: to its payment. Of `day:…`: to the day."""
    what, _colon, number = reference.partition(":")
    if what == "day":
        return About(reference, _page_of_day(number.partition(":")[0]))
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        return About(reference, "")
    what, identifier = _payment_of(what, int(number))
    if identifier is None or what not in _PAGES:
        return About(reference, "")
    return About(reference, reverse(_PAGES[what], args=[get_language(), identifier]))


def _page_of_day(text: str) -> str:
    try:
        return reverse("office_closing_day", args=[get_language(), date.fromisoformat(text)])
    except ValueError:
        return ""


def _payment_of(what: str, number: int) -> tuple[str, int | None]:
    match what:
        case "sale":
            payment = find_payment_of_sale(number)
            return "payment", payment.id if payment else None
        case "receipt":
            receipt = find_receipt(number)
            return "payment", receipt.payment_id if receipt else None
        case _:
            return what, number
