"""Somebody chooses to have the morning page of the board by e-mail, or no longer."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reports.writes import remove_morning_reader, write_morning_reader


def choose_morning_page(*, company_id: int, wants: bool, staff: Staff, now: datetime) -> None:
    """From the next morning on. Safe to repeat. Raises NotAllowed."""
    person = get_staff_allowed(login=staff.login, action=Action.HAVE_MORNING_PAGE, company_id=company_id)
    with written_together("choose_morning_page: chosen"):
        if wants:
            has_changed = write_morning_reader(company_id=company_id, staff=person, now=now)
        else:
            has_changed = remove_morning_reader(company_id=company_id, staff=person)
        if has_changed:
            record_act(
                staff_id=person.id,
                company_id=company_id,
                action="choose_morning_page",
                target=f"staff:{person.id}",
                details={"wants": wants},
                now=now,
            )
