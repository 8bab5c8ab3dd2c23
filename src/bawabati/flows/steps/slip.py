"""What a person types from the slip that a reader has printed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bawabati.companies.rules import looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.payments.models import Sale
from bawabati.payments.reads import typed_slip_is_taken
from bawabati.workdays import accounting_day

SHORTEST_APPROVAL: Final = 4
LONGEST_APPROVAL: Final = 12
LAST_DIGITS: Final = 4
SLIP_NUMBER: Final = re.compile(r"[0-9A-Z][0-9A-Z /.-]{0,19}", re.ASCII)
OLDEST: Final = timedelta(days=7)


class ApprovalNotReadable(CannotDo):
    """Not what a reader prints as an approval number."""

    code = "approval_not_readable"
    sentence = "The approval number is made of 4 to 12 letters and digits. Type it as it stands on the slip."


class LastDigitsWrong(CannotDo):
    """Four digits, no more: a whole card number is never typed here."""

    code = "last_digits_wrong"
    sentence = "Type only the last 4 digits of the card, as they stand on the slip."


class SlipNumberMissing(CannotDo):
    """The slip's own number tells one slip from another."""

    code = "slip_number_missing"
    sentence = "Type the slip's number: at most 20 letters and digits."


class SlipDateWrong(CannotDo):
    """The slip is of today, or at most a few days old."""

    code = "slip_date_wrong"
    sentence = "The date of the slip cannot be right: it has to be of the last seven days."


class SlipUsed(CannotDo):
    """This approval or this slip has settled another sale."""

    code = "slip_used"
    sentence = "This slip has been typed before, for another sale. Compare the numbers."


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSlip:
    """A slip as it was typed, before it is believed."""

    approval_code: str
    last_four: str
    slip_number: str
    slip_on: date


def check_slip(slip: TypedSlip, *, sale: Sale, now: datetime) -> TypedSlip:
    """The slip, cleaned; one that no other sale of this reader has. Rule: typed-slip-once (readers.md 3, R15)

    Raises:
        ApprovalNotReadable, LastDigitsWrong, SlipNumberMissing, SlipDateWrong, SlipUsed.
    """
    approval, digits = slip.approval_code.strip().upper(), slip.last_four.strip()
    number = slip.slip_number.strip().upper()
    readable = approval.isascii() and approval.isalnum()
    if not readable or not SHORTEST_APPROVAL <= len(approval) <= LONGEST_APPROVAL:
        raise ApprovalNotReadable
    if not (digits.isascii() and digits.isdigit() and len(digits) == LAST_DIGITS):
        raise LastDigitsWrong
    if not SLIP_NUMBER.fullmatch(number) or looks_like_a_card_number(number):
        raise SlipNumberMissing
    today = accounting_day(now)
    if not today - OLDEST <= slip.slip_on <= today:
        raise SlipDateWrong
    cleaned = TypedSlip(approval_code=approval, last_four=digits, slip_number=number, slip_on=slip.slip_on)
    if typed_slip_is_taken(sale=sale, approval_code=approval, slip_number=number, slip_on=slip.slip_on):
        raise SlipUsed
    return cleaned


def masked(last_four: str) -> str:
    """As a receipt shows a card of which only the end is known."""
    return f"************{last_four}"
