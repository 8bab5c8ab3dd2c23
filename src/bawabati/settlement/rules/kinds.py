"""The ways in which three parties can disagree about the same money, and how such an item ends."""

from enum import StrEnum
from typing import Final

from bawabati.errors import CannotDo


class DifferenceKind(StrEnum):
    """What does not agree. docs/guides/settlement.md says of each what to do."""

    MISSING_AT_BANK = "missing_at_bank"
    """We posted it, and no file shows it three days later. Rule: not-seen (failures.md 2.8, S3)"""
    NOT_OURS = "not_ours"
    """A line for which we know no payment. Rule: line-without-payment (failures.md 2.8, S2)"""
    AMOUNT_DIFFERS = "amount_differs"
    FEE_DIFFERS = "fee_differs"
    VAT_DIFFERS = "vat_differs"
    NET_DIFFERS = "net_differs"
    """Of one line: gross less fee less VAT is not its net."""
    REPEATED_LINE = "repeated_line"
    PAID_BUT_NOT_POSTED_HERE = "paid_but_not_posted_here"
    """Of an attempt that ended otherwise, or has not ended: money for which there is no payment yet."""
    REFUND_NOT_SEEN = "refund_not_seen"
    REFUND_NOT_OURS = "refund_not_ours"
    CHARGEBACK = "chargeback"
    REMITTANCE_NOT_CREDITED = "remittance_not_credited"
    CREDIT_WITHOUT_REMITTANCE = "credit_without_remittance"
    CREDIT_DIFFERS = "credit_differs"
    MISSING_FILE = "missing_file"
    FILE_TOTAL_DIFFERS = "file_total_differs"
    LATE_LINE = "late_line"
    """In a later file than its day: one item for all such lines of a file and day."""
    UNREADABLE_LINE = "unreadable_line"


class DifferenceState(StrEnum):
    """Where an item stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    """One person says how it ends; another has to confirm it, because the books change."""
    ENDED = "ended"


class Ending(StrEnum):
    """How an item ends."""

    EXPLAINED = "explained"
    """A person says why it is none. No book changes: only where no sum was set apart."""
    FEE = "fee"
    VAT = "vat"
    LOSS = "loss"
    GAIN = "gain"
    CHANNEL = "channel"
    """A credit is what another channel hands over of the payments that it has taken. Rule: channel-remits"""
    REVERSED = "reversed"
    """The money has gone back: the payment is reversed, its bills are due again."""
    AGREES = "agrees"
    """By itself: what was missing has come."""


class Step(StrEnum):
    """What happened to an item. Past facts."""

    OPENED = "opened"
    TAKEN = "taken"
    PROMISED = "promised"
    COMMENTED = "commented"
    CHANGED = "changed"
    """The sum is another one: more of the same has come."""
    PROPOSED = "proposed"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    REOPENED = "reopened"


BY_ITSELF: Final = frozenset({Ending.AGREES})
WITHOUT_BOOKS: Final = frozenset({Ending.EXPLAINED})
OF_A_PAYMENT: Final = frozenset({DifferenceKind.MISSING_AT_BANK, DifferenceKind.CHARGEBACK})
"""Kinds that may end in the reversal of a payment of ours."""
DIFFERENCE_EDGES: Final[dict[str, list[str]]] = {
    DifferenceState.OPEN: [DifferenceState.PROPOSED, DifferenceState.ENDED],
    DifferenceState.PROPOSED: [DifferenceState.OPEN, DifferenceState.ENDED],
    DifferenceState.ENDED: [DifferenceState.OPEN],
}
"""State → states that may follow; the database holds the same table. What agreed may differ again."""


class NoSuchDifference(CannotDo):
    """No item of that number, or not of this company."""

    code = "no_such_difference"
    sentence = "There is no difference with this number."


class DifferenceEnded(CannotDo):
    """Somebody, or a later file, has ended it."""

    code = "difference_ended"
    sentence = "This difference is settled already."


class EndingNotPossible(CannotDo):
    """That kind of item does not end so."""

    code = "ending_not_possible"
    sentence = "This difference cannot be settled in this way."


class NothingProposed(CannotDo):
    """There is nothing to confirm or to refuse."""

    code = "nothing_proposed"
    sentence = "Nobody has proposed how to settle this difference."


class DifferenceProposed(CannotDo):
    """What one person has proposed is decided before anything else happens to the item."""

    code = "difference_proposed"
    sentence = "A proposal for this difference is waiting. Confirm or refuse it first."


class DifferenceChanged(CannotDo):
    """Nobody confirms what he has not read."""

    code = "difference_changed"
    sentence = "This difference has changed meanwhile. Read it again, then decide."


class PromiseNotPossible(CannotDo):
    """A day that is over, or too far away."""

    code = "promise_not_possible"
    sentence = "Choose a day from today on, within a year."


def endings_of(kind: DifferenceKind, *, posted_centimes: int) -> tuple[Ending, ...]:
    """How a person may end an item of that kind. What stands apart in the books leaves it with two people only.

    A credit that was said to be a channel's, and turns out to be a remittance's, goes back to what that channel owes.
    Rule: differences-two-people (failures.md 2.8, S3)
    """
    found: list[Ending] = []
    if posted_centimes == 0:
        found.append(Ending.EXPLAINED)
    if posted_centimes < 0:
        found += [Ending.FEE, Ending.VAT, Ending.LOSS]
    if posted_centimes > 0:
        found += [Ending.FEE, Ending.VAT, Ending.GAIN]
    if kind is DifferenceKind.CREDIT_WITHOUT_REMITTANCE and posted_centimes:
        found.append(Ending.CHANNEL)
    if kind in OF_A_PAYMENT:
        found.append(Ending.REVERSED)
    return tuple(found)
