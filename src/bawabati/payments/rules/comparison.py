"""How an attempt stands here, beside how the gateway says that it stands: what differs, and whom it concerns.

For attempts whose story is told: those that are still asked about are judged instead. Pure, as the judge is.
"""

from enum import StrEnum
from typing import assert_never

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused, Said, Unknown, Waiting
from bawabati.money.amount import ZERO, Money
from bawabati.payments.rules.judge import CONCLUDES_NOTHING, Alarm, Attempt, is_ours
from bawabati.payments.rules.states import State


class Discrepancy(StrEnum):
    """What does not agree. The values are the names under which operators know them."""

    NOT_OURS = "gateway_order_is_not_ours"
    NOT_POSTED = "gateway_paid_not_posted"
    NOT_TAKEN = "posted_not_paid_at_gateway"
    GIVEN_BACK = "gateway_gave_money_back"
    ODD = "gateway_answer_is_odd"
    NO_ANSWER = "gateway_did_not_answer"


CASE_OF = {
    Discrepancy.NOT_OURS: Alarm.MISMATCH,
    Discrepancy.NOT_TAKEN: Alarm.NOT_TAKEN,
    Discrepancy.GIVEN_BACK: Alarm.TAKEN_BACK,
    Discrepancy.ODD: Alarm.ODD_ANSWER,
}
"""What no machine may mend. `NOT_POSTED` is mended; nobody can do anything about `NO_ANSWER` but ask again."""


def compare(*, attempt: Attempt, answer: AskAnswer, returned: Money, pending: Money = ZERO) -> Discrepancy | None:
    """What differs; None when both say the same. `returned` is what we ourselves have given back of it.

    `pending` is what we may have given back since: a refund that is asked for, or of which nobody knows what became.
    Both are read before the gateway is asked.

    Rule: nightly-comparison (behaviour.md 2, "after the end")
    """
    said = answer.said
    if said.order_number not in {None, attempt.order_number}:
        return Discrepancy.NOT_OURS
    is_paid = attempt.state is State.PAID
    match answer:
        case Paid() if not is_ours(said, attempt):
            return Discrepancy.NOT_OURS
        case Paid() if not is_paid:
            return Discrepancy.NOT_POSTED
        case Paid() | Unknown(reason="partly_refunded") if is_paid:
            return _given_back(attempt, said, still=said.still_captured, returned=returned, pending=pending)
        case Refused(cause=Cause.REVERSED) if is_paid:
            return _given_back(attempt, said, still=ZERO, returned=returned, pending=pending)
        case Refused(cause=Cause.REVERSED) if not attempt.was_reversed:
            # Taken after the end, and given back before anybody asked: a person has to see whether the card has it.
            return Discrepancy.GIVEN_BACK
        case Refused() | Waiting() | NotDone():
            return Discrepancy.NOT_TAKEN if is_paid else None
        case Paid() | Unknown(reason="cannot_ask_by_number"):
            return None
        case Unknown(reason=reason):
            return Discrepancy.ODD if reason in CONCLUDES_NOTHING else Discrepancy.NO_ANSWER
        case _:
            assert_never(answer)


def silence_in(last_answer: str) -> str:
    """Why the gateway said nothing of an attempt that is still open, by the word for its last answer; empty: it spoke.

    Rule: quarantine (behaviour.md 6, "Restore from a backup")
    """
    word, _, reason = last_answer.partition(" ")
    if word != "unknown" or reason == "cannot_ask_by_number" or reason in CONCLUDES_NOTHING:
        return ""
    return reason


def _given_back(
    attempt: Attempt, said: Said, *, still: Money | None, returned: Money, pending: Money
) -> Discrepancy | None:
    """A gateway that does not say what it still holds has said all that it says: paid."""
    if said.amount not in {None, attempt.amount}:
        return Discrepancy.NOT_OURS
    left = attempt.amount - returned
    possible = {None, left, left - pending if pending <= left else left}
    return None if still in possible else Discrepancy.GIVEN_BACK
