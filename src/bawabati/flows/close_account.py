"""A person no longer works here, or does again."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.over_person import company_of_person, staff_over
from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff, find_staff_open_or_closed
from bawabati.people.rules import Action, NoSuchPerson


def close_account(*, person_login: str, login: str, now: datetime) -> Staff:
    """The person is out everywhere at once and comes in no more; what was done stays. Safe to repeat.

    Raises NoSuchPerson, NotAllowed. Rule: whole-person (ours)
    """
    person = find_staff(person_login)
    if person is None:
        raise NoSuchPerson
    with written_together("close_account: closed"):
        by = staff_over(person, login=login, action=Action.CHANGE_STAFF)
        writes.set_open(person, is_open=False)
        writes.end_sessions(person.id)
        _record(person, by, "close_account", now)
    return person


def reopen_account(*, person_login: str, login: str, now: datetime) -> Staff:
    """The person may sign in again, with what opened the account before. Safe to repeat.

    Raises NoSuchPerson, NotAllowed.
    """
    person = find_staff_open_or_closed(person_login)
    if person is None:
        raise NoSuchPerson
    with written_together("reopen_account: open again"):
        by = staff_over(person, login=login, action=Action.CHANGE_STAFF)
        writes.set_open(person, is_open=True)
        _record(person, by, "reopen_account", now)
    return person


def _record(person: Staff, by: Staff, action: str, now: datetime) -> None:
    record_act(
        staff_id=by.id,
        company_id=company_of_person(person),
        action=action,
        target=f"staff:{person.id}",
        details={},
        now=now,
    )
