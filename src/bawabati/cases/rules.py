"""What may be done with a work item, and what is written of it."""

from datetime import date, timedelta
from enum import StrEnum

from bawabati.errors import CannotDo
from bawabati.money.dates import display_day

LONGEST_BECAUSE = 200
LONGEST_WORDS = 500
FARTHEST_PROMISE = timedelta(days=180)


class CaseState(StrEnum):
    """Whether somebody still has to see to it."""

    OPEN = "open"
    CLOSED = "closed"


CASE_STEPS: dict[str, list[str]] = {CaseState.OPEN: [CaseState.CLOSED], CaseState.CLOSED: []}
"""State → states that may follow; the database holds the same table. What comes up again is another case."""


class CaseStepKind(StrEnum):
    """What happened to a case. Past facts."""

    OPENED = "opened"
    LEARNT = "learnt"
    """The portal has learnt something about it, such as what the payer chose."""
    COMMENTED = "commented"
    HANDED_OVER = "handed_over"
    PROMISE_MOVED = "promise_moved"
    CLOSED = "closed"


class ClosedAs(StrEnum):
    """How a case ended, to count by; beside it stand a person's words."""

    SETTLED_WITH_CUSTOMER = "settled_with_customer"
    GIVEN_BACK = "given_back"
    KEPT_AS_CREDIT = "kept_as_credit"
    CONFIRMED_BY_BANK = "confirmed_by_bank"
    OUR_MISTAKE = "our_mistake"
    NOTHING_TO_DO = "nothing_to_do"
    OTHER = "other"
    BY_ITSELF = "by_itself"
    """The portal closed it: what it was about has ended."""


SAID_BY_PEOPLE = tuple(each for each in ClosedAs if each is not ClosedAs.BY_ITSELF)


class NoSuchCase(CannotDo):
    """No case of that number."""

    code = "no_such_case"
    sentence = "There is no case with this number."


class CaseClosed(CannotDo):
    """Somebody has closed it."""

    code = "case_closed"
    sentence = "This case is closed already."


class NotAnOwner(CannotDo):
    """Nobody of that name may own a case of this company."""

    code = "not_an_owner"
    sentence = "Choose somebody who may own a case of this company."


class OwnsItAlready(CannotDo):
    """Handed over to whoever has it."""

    code = "owns_it_already"
    sentence = "This person owns the case already."


class PromiseNotPossible(CannotDo):
    """A day that is past, far away, or promised already. Rule: case-promise (behaviour.md 5)"""

    code = "promise_not_possible"
    sentence = "Promise another day, from today until %(last)s at the latest."


def check_promise(wanted: date, *, promised_on: date, today: date) -> None:
    """Raises PromiseNotPossible. Rule: case-promise (behaviour.md 5)"""
    last = today + FARTHEST_PROMISE
    if wanted == promised_on or not today <= wanted <= last:
        raise PromiseNotPossible(last=display_day(last))


def is_overdue(*, promised_on: date, today: date) -> bool:
    """Whether its promised day has passed. Rule: case-overdue (behaviour.md 5)"""
    return promised_on < today
