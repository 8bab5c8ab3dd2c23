"""Reports that stand for good, each with the hash of the one before."""

from datetime import date, datetime

from bawabati.companies.models import Agency
from bawabati.desks.models import DayClosing, DeskSession, ZReport
from bawabati.desks.rules import DayReport, SessionReport, chained, numbered
from bawabati.people.models import Staff


def write_z(session: DeskSession, so_far: SessionReport, *, by: Staff, now: datetime) -> ZReport:
    """The next Z of the desk. Its session is locked: nobody else closes one there. Rule: z-chain (readers.md 5.5)"""
    last = ZReport.objects.filter(desk_id=session.desk_id).order_by("-number").first()
    number = last.number + 1 if last else 1
    previous = last.sha256 if last else ""
    facts = numbered(so_far, number).to_json()
    return ZReport.objects.create(
        company_id=session.company_id,
        agency_id=session.agency_id,
        desk_id=session.desk_id,
        session=session,
        number=number,
        facts=facts,
        previous_sha256=previous,
        sha256=chained(previous_sha256=previous, facts=facts),
        closed_by=by,
        closed_at=now,
    )


def write_day_closing(agency: Agency, report: DayReport, *, day: date, by: Staff, now: datetime) -> DayClosing:
    """The next closing of the agency, whose day is locked. Rule: day-closing (behaviour.md 3)"""
    last = DayClosing.objects.filter(agency=agency).order_by("-number").first()
    previous = last.sha256 if last else ""
    facts = report.to_json()
    return DayClosing.objects.create(
        company_id=agency.company_id,
        agency=agency,
        day=day,
        number=last.number + 1 if last else 1,
        facts=facts,
        previous_sha256=previous,
        sha256=chained(previous_sha256=previous, facts=facts),
        signed_by=by,
        signed_at=now,
    )
