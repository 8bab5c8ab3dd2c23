"""A letter a day to each owner whose cases are overdue."""

from datetime import datetime

from bawabati.cases.reads import list_owners_in_arrears
from bawabati.defer import Job, defer
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.reads import find_latest_notice
from bawabati.notices.writes import lock_reminders, write_notice
from bawabati.people.reads import get_staff
from bawabati.workdays import accounting_day

REMINDER = "cases_overdue"


def remind_owners(*, now: datetime) -> int:
    """Writes them; how many. Safe to repeat and to race: one for each owner, company and day.

    What the system's own account owns nobody reads a letter about: the log and the metric tell of it.
    Rule: case-overdue (behaviour.md 5)
    """
    today, written = accounting_day(now), 0
    for owner_id, company_id, _count in list_owners_in_arrears(today=today):
        owner = get_staff(owner_id)
        if owner.is_system or not owner.is_active:
            continue
        reference = f"staff:{owner_id}:{today.isoformat()}"
        with written_together("remind_owners: written"):
            lock_reminders(company_id=company_id)
            if find_latest_notice(company_id=company_id, reference=reference) is not None:
                continue
            notice = write_notice(
                company_id=company_id,
                kind=REMINDER,
                reference=reference,
                language=owner.language,
                address=owner.login,
                now=now,
            )
            defer(Job.SEND_NOTICE, notice_id=notice.id)
            written += 1
    return written
