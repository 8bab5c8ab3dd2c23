"""Each morning a letter to everybody who has chosen to have the page of the board."""

from datetime import datetime, time

from django.conf import settings

from bawabati.companies.reads import list_companies
from bawabati.defer import Job, defer
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.reads import find_latest_notice
from bawabati.notices.writes import write_notice
from bawabati.people.reads import roles_of
from bawabati.people.rules import Action, is_allowed
from bawabati.reports.models import MorningReader
from bawabati.reports.reads import list_morning_readers
from bawabati.reports.writes import lock_morning_pages
from bawabati.workdays import ALGIERS, accounting_day

MORNING_PAGE = "morning_page"


def write_morning_pages(*, now: datetime) -> int:
    """Writes them once the hour has come; how many. Safe to repeat and to race: one for each person, company and day.

    Late on the same day when nobody could before; not at all on the next one, which has its own.
    Whoever may no longer see the board gets none. Rule: morning-page (service.md S13)
    """
    if now.astimezone(ALGIERS).time() < time.fromisoformat(settings.MORNING_PAGE_AT):
        return 0
    return sum(_write_once(reader, now) for company in list_companies() for reader in list_morning_readers(company.id))


def _write_once(reader: MorningReader, now: datetime) -> int:
    person = reader.staff
    if not person.is_active:
        return 0
    if not is_allowed(Action.HAVE_MORNING_PAGE, roles_of(staff_id=person.id, company_id=reader.company_id)):
        return 0
    reference = f"{MORNING_PAGE}:{person.id}:{accounting_day(now).isoformat()}"
    with written_together("write_morning_pages: written"):
        lock_morning_pages(reader.company_id)
        if find_latest_notice(company_id=reader.company_id, reference=reference) is not None:
            return 0
        notice = write_notice(
            company_id=reader.company_id,
            kind=MORNING_PAGE,
            reference=reference,
            language=person.language,
            address=person.login,
            now=now,
        )
        defer(Job.SEND_NOTICE, notice_id=notice.id)
    return 1
