"""Who may do what, and what takes two people."""

from enum import StrEnum

from bawabati.errors import CannotDo


class Role(StrEnum):
    """What a person is in a company, an agency, or nationally."""

    CASHIER = "cashier"
    AGENCY_HEAD = "agency_head"
    FINANCE = "finance"
    DIRECTOR = "director"
    COMMUNICATION = "communication"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    COORDINATOR = "coordinator"


class Action(StrEnum):
    """What a person may be allowed to do. An action that is not in `ALLOWED` is allowed to nobody."""

    IMPORT_BILLS = "import_bills"
    CHECK_BOOKS = "check_books"
    SEE_PAYMENTS = "see_payments"
    ASK_REFUND = "ask_refund"
    APPROVE_REFUND = "approve_refund"
    OWN_CASE = "own_case"
    CHANGE_COMPANY = "change_company"
    CHANGE_TEXTS = "change_texts"
    CHANGE_STAFF = "change_staff"


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.IMPORT_BILLS: frozenset({Role.OPERATOR, Role.FINANCE}),
    Action.CHECK_BOOKS: frozenset({Role.OPERATOR, Role.FINANCE, Role.AUDITOR}),
    Action.SEE_PAYMENTS: frozenset({Role.FINANCE, Role.AUDITOR, Role.AGENCY_HEAD, Role.OPERATOR}),
    Action.ASK_REFUND: frozenset({Role.FINANCE, Role.AGENCY_HEAD}),
    Action.APPROVE_REFUND: frozenset({Role.FINANCE, Role.DIRECTOR}),
    Action.OWN_CASE: frozenset({Role.FINANCE, Role.AGENCY_HEAD}),
    Action.CHANGE_COMPANY: frozenset({Role.ADMINISTRATOR, Role.OPERATOR}),
    Action.CHANGE_TEXTS: frozenset({Role.COMMUNICATION, Role.ADMINISTRATOR}),
    Action.CHANGE_STAFF: frozenset({Role.ADMINISTRATOR}),
}

TWO_PEOPLE: dict[Action, Action] = {Action.ASK_REFUND: Action.APPROVE_REFUND}
"""The action that asks → the action of another person that completes it."""


class NotAllowed(CannotDo):
    """The person's roles do not allow this here."""

    code = "not_allowed"
    sentence = "You are not allowed to do this here."


class SamePerson(CannotDo):
    """What one person asks for, another has to approve. Rule: two-people (behaviour.md 4)."""

    code = "same_person"
    sentence = "Another person has to approve this."


def is_allowed(action: Action, roles: frozenset[Role]) -> bool:
    """Whether one of `roles`, held where the action happens, allows it."""
    return bool(ALLOWED.get(action, frozenset()) & roles)


def check_two_people(*, asked_by: int, approved_by: int) -> None:
    """Two different people. Raises SamePerson. Rule: two-people (behaviour.md 4)."""
    if asked_by == approved_by:
        raise SamePerson
