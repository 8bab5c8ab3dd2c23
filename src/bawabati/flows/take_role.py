"""A person no longer works in a role."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.reads import find_role, get_staff_allowed
from bawabati.people.rules import Action, NotAllowed


class NoSuchRole(CannotDo):
    """Nobody holds it there, or not any more."""

    code: ClassVar[str] = "no_such_role"
    sentence: ClassVar[str] = "Nobody holds this role here any more."


def take_role(*, held_id: int, company_id: int, login: str, now: datetime) -> None:
    """Takes a role of that company away; it no longer counts from the next page on. What was done stays.

    Nobody takes a role from himself: somebody has to be left who can give it back. The account stays open.

    Raises:
        NotAllowed: this person may not change staff there, or it is his own role.
        NoSuchRole: the company has given no such role, or it is gone.
    """
    staff = get_staff_allowed(login=login, action=Action.CHANGE_STAFF, company_id=company_id)
    with written_together("take_role: taken"):
        held = find_role(company_id=company_id, held_id=held_id)
        if held is None:
            raise NoSuchRole
        if held.staff_id == staff.id:
            raise NotAllowed
        writes.take_role(held)
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="take_role",
            target=f"staff:{held.staff_id}",
            details={"role": held.role} | ({"agency": held.agency_id} if held.agency_id else {}),
            now=now,
        )
