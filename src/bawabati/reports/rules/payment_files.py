"""What a billing system is told in numbered files, each thing once. Rule: payment-file-once (house.md 5)"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bawabati.errors import CannotDo

FORMS: Final = ("csv", "xlsx")


class LineKind(StrEnum):
    """Why a bill's debt changes, as the billing system is told."""

    PAID = "paid"
    CREDIT_USED = "credit_used"
    """Out of what the customer had paid too much before."""
    LOWERED = "lowered"
    """The billing system lowered the bill below what was paid: the excess is credit now, and off this bill no more."""
    DUE_AGAIN = "due_again"
    """The money went back, and the bill is due again by so much."""


SIGN_OF: Final = {LineKind.PAID: 1, LineKind.CREDIT_USED: 1, LineKind.LOWERED: -1, LineKind.DUE_AGAIN: -1}
"""+1: taken off the bill. −1: due again."""


class NothingToTell(CannotDo):
    """Everything that has happened stands in a file already."""

    code = "nothing_to_tell"
    sentence = "Every payment stands in a file already. There is nothing new to tell."


class NoSuchPaymentFile(CannotDo):
    """The company has no file of that number."""

    code = "no_such_payment_file"
    sentence = "There is no payment file with this number."


class Counted(Protocol):
    """What of a line counts."""

    kind: str
    amount_centimes: int
    surplus_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTotals:
    """The control totals of a file."""

    line_count: int
    paid_centimes: int
    taken_back_centimes: int
    surplus_centimes: int

    @property
    def net_centimes(self) -> int:
        """What all bills together owe less after this file; below zero when more became due again than was paid."""
        return self.paid_centimes - self.taken_back_centimes


def total_of(lines: Iterable[Counted]) -> FileTotals:
    """Counts and sums of the lines."""
    count = paid = back = surplus = 0
    for line in lines:
        count += 1
        surplus += line.surplus_centimes
        if SIGN_OF[LineKind(line.kind)] > 0:
            paid += line.amount_centimes
        else:
            back += line.amount_centimes
    return FileTotals(line_count=count, paid_centimes=paid, taken_back_centimes=back, surplus_centimes=surplus)
