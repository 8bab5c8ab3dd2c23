"""How an agreement to pay in instalments goes from the payer's wish to its end: one table, states and events.

Decision: docs/decisions/0046-instalments.md
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.workdays import add_working_days


class AgreementState(StrEnum):
    """Where an agreement stands."""

    ASKED = "asked"
    """Its payer waits for the office."""
    OFFERED = "offered"
    """The office would agree to something else, and waits for its payer."""
    AGREED = "agreed"
    """The first tranche has still to be paid."""
    RUNNING = "running"
    LATE = "late"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    """Nothing came of it: the first tranche was never paid, or the offer never answered, or the debt is gone."""
    BROKEN = "broken"
    ENDED = "ended"
    """The office has ended it early."""
    CANCELLED = "cancelled"
    """The billing system has taken back every bill that it was about: nobody owes them any more."""


class AgreementEvent(StrEnum):
    """What happens to an agreement."""

    ASKED = "asked"
    APPROVED = "approved"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    FIRST_PAID = "first_paid"
    MISSED = "missed"
    CAUGHT_UP = "caught_up"
    BROKEN = "broken"
    ALL_PAID = "all_paid"
    ENDED = "ended"
    BILLS_GONE = "bills_gone"


_S, _E = AgreementState, AgreementEvent
AGREEMENT_TABLE: Final[dict[tuple[AgreementState, AgreementEvent], AgreementState]] = {
    (_S.ASKED, _E.APPROVED): _S.AGREED,
    (_S.ASKED, _E.OFFERED): _S.OFFERED,
    (_S.OFFERED, _E.ASKED): _S.ASKED,
    (_S.ASKED, _E.REFUSED): _S.REFUSED,
    (_S.ASKED, _E.TAKEN_BACK): _S.TAKEN_BACK,
    (_S.ASKED, _E.LAPSED): _S.LAPSED,
    (_S.OFFERED, _E.ACCEPTED): _S.AGREED,
    (_S.OFFERED, _E.TAKEN_BACK): _S.TAKEN_BACK,
    (_S.OFFERED, _E.LAPSED): _S.LAPSED,
    (_S.AGREED, _E.FIRST_PAID): _S.RUNNING,
    (_S.AGREED, _E.LAPSED): _S.LAPSED,
    (_S.AGREED, _E.ALL_PAID): _S.DONE,
    (_S.AGREED, _E.BILLS_GONE): _S.CANCELLED,
    (_S.AGREED, _E.ENDED): _S.ENDED,
    (_S.RUNNING, _E.MISSED): _S.LATE,
    (_S.RUNNING, _E.ALL_PAID): _S.DONE,
    (_S.RUNNING, _E.BILLS_GONE): _S.CANCELLED,
    (_S.RUNNING, _E.ENDED): _S.ENDED,
    (_S.LATE, _E.CAUGHT_UP): _S.RUNNING,
    (_S.LATE, _E.BROKEN): _S.BROKEN,
    (_S.LATE, _E.ALL_PAID): _S.DONE,
    (_S.LATE, _E.BILLS_GONE): _S.CANCELLED,
    (_S.LATE, _E.ENDED): _S.ENDED,
}
"""(state, event) → state. Rule: agreement-table (ours; algeria.md 1, "échéancier")"""

AGREEMENT_STEPS: Final[dict[str, list[str]]] = {
    state.value: [to.value for (of, _), to in AGREEMENT_TABLE.items() if of is state] for state in AgreementState
}
"""State → states that may follow; the database holds the same table."""
HAS_TRANCHES: Final = frozenset({_S.AGREED, _S.RUNNING, _S.LATE})
"""Its bills are paid by its tranches, and in no other way."""
WAITING_AGREEMENTS: Final = frozenset({_S.ASKED, _S.OFFERED})
"""Its bills are still the customer's to pay: what they come to may change."""
OPEN_AGREEMENTS: Final = HAS_TRANCHES | WAITING_AGREEMENTS
"""One at most for each customer."""
ANSWER_WITHIN_WORKING_DAYS: Final = 10


class AgreementMoved(CannotDo):
    """It stands elsewhere by now."""

    code: ClassVar[str] = "agreement_moved"
    sentence: ClassVar[str] = "This agreement has changed meanwhile. Look at it again."


def next_agreement_state(state: AgreementState, event: AgreementEvent) -> AgreementState:
    """Where `event` leads from `state`. Raises AgreementMoved when it leads nowhere."""
    try:
        return AGREEMENT_TABLE[state, event]
    except KeyError:
        raise AgreementMoved from None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrancheFacts:
    """What is left of a tranche, and until when it should have been nothing."""

    due_on: date
    left: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """What the rules know of an agreement. `tranches` in order; none before it is agreed.

    `waits_since`: the day on which the office or the payer was last asked for an answer. `is_held`: a payment of one of
    its bills is under way, and may yet bring what is missing. `any_bill_stands`: at least one of its bills was not
    cancelled, replaced or withdrawn; true where it has none yet.
    """

    state: AgreementState
    tranches: Sequence[TrancheFacts]
    debt: Money
    waits_since: date
    is_held: bool
    any_bill_stands: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the company waits: working days until an agreement is late, days until it is broken."""

    late_after: int
    broken_after: int


def judge_agreement(
    facts: AgreementFacts, *, today: date, patience: Patience, holidays: Container[date]
) -> AgreementEvent | None:
    """What has happened to an agreement by now, if anything; ask again after each event until there is none.

    While a payment is under way, nothing is concluded from what is missing.

    Rule: agreement-judged (behaviour.md I10)
    """
    state = facts.state
    if state in HAS_TRANCHES and not facts.debt:
        return AgreementEvent.ALL_PAID if facts.any_bill_stands else AgreementEvent.BILLS_GONE
    if state is AgreementState.AGREED and not facts.tranches[0].left:
        return AgreementEvent.FIRST_PAID
    overdue = [one for one in facts.tranches if one.left and _is_late(one, today, patience, holidays)]
    if state is AgreementState.LATE and not overdue:
        return AgreementEvent.CAUGHT_UP
    if facts.is_held:
        return None
    if state in WAITING_AGREEMENTS:
        return AgreementEvent.LAPSED if _nobody_answers(facts, today, holidays) else None
    if state is AgreementState.AGREED:
        return AgreementEvent.LAPSED if overdue else None
    if state is AgreementState.RUNNING:
        return AgreementEvent.MISSED if overdue else None
    if state is AgreementState.LATE and today > overdue[0].due_on + timedelta(days=patience.broken_after):
        return AgreementEvent.BROKEN
    return None


def _is_late(tranche: TrancheFacts, today: date, patience: Patience, holidays: Container[date]) -> bool:
    if not patience.late_after:
        return today > tranche.due_on
    return today > add_working_days(tranche.due_on, patience.late_after, holidays=holidays)


def _nobody_answers(facts: AgreementFacts, today: date, holidays: Container[date]) -> bool:
    """A wish is the office's to answer, and waits; it goes only with its debt. An offer is not kept for ever."""
    if not facts.debt:
        return True
    last = add_working_days(facts.waits_since, ANSWER_WITHIN_WORKING_DAYS, holidays=holidays)
    return facts.state is AgreementState.OFFERED and today > last
