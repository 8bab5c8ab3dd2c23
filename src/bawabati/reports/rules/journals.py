"""The journal of a day or of a period, by SCF accounts. Rule: journal (algeria.md 4, 7)"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bawabati.errors import CannotDo

LONGEST_PERIOD_DAYS: Final = 366


def _(word: str) -> str:
    """Marks what the doors translate."""
    return word


REASON_WORDS: Final = {
    "capture": _("Payment of a bill"),
    "surplus": _("Paid too much: credit of the customer"),
    "stamp_duty": _("Stamp duty"),
    "bill_lowered": _("Bill lowered after payment: credit of the customer"),
    "credit_used": _("Credit used for a bill"),
    "refund_set_aside": _("Credit set aside to be refunded"),
    "refund_not_made": _("Refund not made: credit again"),
    "refund": _("Refund"),
    "cash_difference": _("Cash difference"),
    "without_bill": _("Cash without a known bill"),
    "settlement": _("Cards settled by the acquirer"),
    "settlement_back": _("Cards given back, settled by the acquirer"),
    "settlement_fee": _("Commission of the acquirer"),
    "settlement_fee_back": _("Commission given back"),
    "settlement_vat": _("VAT on the commission"),
    "settlement_vat_back": _("VAT on a commission given back"),
    "bank_credit": _("Credited by the bank"),
    "bank_debit": _("Debited by the bank"),
    "difference": _("Settlement difference set apart"),
    "difference_ended": _("Settlement difference settled"),
}
"""Reason of a transfer → what stands beside it; another reason stands as it is."""
HEAD: Final = (
    _("Journal day"),
    _("Entry"),
    _("SCF account"),
    _("Holder"),
    _("What for"),
    _("Reference"),
    _("Accounting day"),
    _("Entries summed"),
    _("Debit (DA)"),
    _("Credit (DA)"),
)
TOTAL: Final = _("Total")
LATE: Final = _("%(what)s (posted after its day was closed)")


class JournalStyle(StrEnum):
    """Every entry, or the entries of a day summed by reason and accounts."""

    DETAILED = "detailed"
    GROUPED = "grouped"


class PeriodWrong(CannotDo):
    """It ends before it begins."""

    code = "period_wrong"
    sentence = "The last day is before the first one."


class PeriodTooLong(CannotDo):
    """A journal is of a year at most."""

    code = "period_too_long"
    sentence = "A journal covers at most %(most)s days."


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One line: an amount in debit or in credit of one account; the other amount is zero.

    `entered_on` is the day of the journal; `accounted_on`, where it differs, the closed day to which the money belongs.
    """

    entered_on: date
    entry: int
    """The transfer's number; in a grouped journal, the place of the group from 1."""
    account: str
    holder: str
    reason: str
    reference: str
    accounted_on: date
    count: int
    """How many entries a line of a grouped journal sums; 1 in a detailed one."""
    debit_centimes: int
    credit_centimes: int


def check_period(first: date, last: date) -> None:
    """Raises PeriodWrong, PeriodTooLong."""
    if last < first:
        raise PeriodWrong
    if (last - first).days >= LONGEST_PERIOD_DAYS:
        raise PeriodTooLong(most=LONGEST_PERIOD_DAYS)
