"""What a session has taken so far: the one function behind X and Z."""

from datetime import datetime

from bawabati.desks.models import DeskSession
from bawabati.desks.reads import list_slips_of_session
from bawabati.desks.rules import SessionFacts, SessionReport, report
from bawabati.payments.reads.takings import list_sales_to_report
from bawabati.workdays import ALGIERS


def report_session(session: DeskSession, *, now: datetime) -> SessionReport:
    """The session with its places and people, as it stands. Rule: x-and-z (readers.md 5.5)"""
    facts = SessionFacts(
        session_id=session.id,
        company_ar=session.company.name_ar,
        company_fr=session.company.name_fr,
        agency=session.agency.code,
        agency_ar=session.agency.name_ar,
        agency_fr=session.agency.name_fr,
        desk=session.desk.code,
        cashier=session.cashier.name,
        opened_at=session.opened_at.astimezone(ALGIERS).isoformat(timespec="seconds"),
        at=now.astimezone(ALGIERS).isoformat(timespec="seconds"),
        float_centimes=session.float_centimes,
    )
    return report(session=facts, sales=list_sales_to_report(session.id), slips=list_slips_of_session(session.id))
