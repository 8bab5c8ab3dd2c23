"""Who may do what, and what takes two people."""

import pytest

from bawabati.people.rules import (
    ALLOWED,
    ASKED_WITH,
    TWO_PEOPLE,
    Action,
    ChangeKind,
    Role,
    SamePerson,
    check_two_people,
    is_allowed,
)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_somebodys(action: Action) -> None:
    assert ALLOWED[action]


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_is_asked_with_one_action_and_approved_with_another(kind: ChangeKind) -> None:
    asking = ASKED_WITH[kind]
    assert TWO_PEOPLE[asking] is not asking


def test_without_a_role_nothing_is_allowed() -> None:
    assert not any(is_allowed(action, frozenset()) for action in Action)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CASHIER, Role.AUDITOR, Role.COMMUNICATION])
def test_who_works_with_bills_and_words_does_not_touch_the_merchant_account(role: Role) -> None:
    for asking in (Action.ASK_REFUND, Action.ASK_GATEWAY_CHANGE):
        assert not is_allowed(asking, frozenset({role}))
        assert not is_allowed(TWO_PEOPLE[asking], frozenset({role}))


def test_a_cashier_says_what_a_slip_shows_and_another_person_confirms_it() -> None:
    assert is_allowed(Action.RESOLVE_SALE, frozenset({Role.CASHIER}))
    assert not is_allowed(TWO_PEOPLE[Action.RESOLVE_SALE], frozenset({Role.CASHIER}))


def test_one_person_is_not_two() -> None:
    check_two_people(asked_by=1, approved_by=2)
    with pytest.raises(SamePerson):
        check_two_people(asked_by=1, approved_by=1)
