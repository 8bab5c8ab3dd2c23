"""What takes two people."""

from enum import StrEnum

from bawabati.errors import CannotDo
from bawabati.people.rules.roles import Action

TWO_PEOPLE: dict[Action, Action] = {
    Action.ASK_REFUND: Action.APPROVE_REFUND,
    Action.ASK_GATEWAY_CHANGE: Action.APPROVE_GATEWAY_CHANGE,
    Action.RESOLVE_SALE: Action.CONFIRM_SALE,
    Action.ASK_FACTOR_RESET: Action.APPROVE_FACTOR_RESET,
    Action.SETTLE_DIFFERENCE: Action.CONFIRM_DIFFERENCE,
}
"""The action that asks → the action of another person that completes it."""


class ChangeKind(StrEnum):
    """What may be asked by one person and has to be approved by another."""

    GATEWAY_ACCOUNT = "gateway_account"
    LOST_FACTOR = "lost_factor"


ASKED_WITH: dict[ChangeKind, Action] = {
    ChangeKind.GATEWAY_ACCOUNT: Action.ASK_GATEWAY_CHANGE,
    ChangeKind.LOST_FACTOR: Action.ASK_FACTOR_RESET,
}
"""The action that asks for a change of that kind; `TWO_PEOPLE` names the one that approves it."""


class ChangeState(StrEnum):
    """How far a change has come. A decision is final."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


CHANGE_STEPS: dict[str, list[str]] = {ChangeState.ASKED: [ChangeState.APPROVED, ChangeState.REFUSED]}
"""State → states that may follow; the database holds the same table."""


class SamePerson(CannotDo):
    """What one person asks for, another has to approve. Rule: two-people (behaviour.md 4)."""

    code = "same_person"
    sentence = "Another person has to approve this."


class NoSuchChange(CannotDo):
    """No change of that number has been asked for."""

    code = "no_such_change"
    sentence = "No change with this number has been asked for."


class ChangeDecided(CannotDo):
    """The change was approved or refused before."""

    code = "change_decided"
    sentence = "This change has been decided already."


class ChangeWaiting(CannotDo):
    """Another change of the same kind waits for its second person: decided first, so that nobody approves blindly."""

    code = "change_waiting"
    sentence = "Change %(change)s is still waiting. Approve or refuse it first."


def check_two_people(*, asked_by: int, approved_by: int) -> None:
    """Two different people. Raises SamePerson. Rule: two-people (behaviour.md 4)."""
    if asked_by == approved_by:
        raise SamePerson
