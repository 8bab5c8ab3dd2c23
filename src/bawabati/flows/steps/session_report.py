"""What a session has taken so far: the one function behind X and Z."""

from datetime import datetime

from bawabati.desks.models import DeskSession
from bawabati.desks.reads import list_block_ids_of_session, list_settled_slips_of_session
from bawabati.desks.rules import SessionFacts, SessionReport, SlipSeen, report
from bawabati.ledger.reads import list_amounts_under
from bawabati.ledger.rules import Reason
from bawabati.money.amount import ZERO
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
    slips = [*list_settled_slips_of_session(session.id), *_slips_without_bill(session)]
    return report(session=facts, sales=list_sales_to_report(session.id), slips=slips)


def _slips_without_bill(session: DeskSession) -> list[SlipSeen]:
    """Cash on the suspense account: told once for a number, or as another word about a number that was told before."""
    found: list[SlipSeen] = []
    for block_id in list_block_ids_of_session(session.id):
        prefix = f"offline:{block_id}:"
        amounts = list_amounts_under(company_id=session.company_id, reason=Reason.WITHOUT_BILL, prefix=prefix)
        duties = list_amounts_under(company_id=session.company_id, reason=Reason.STAMP_DUTY, prefix=prefix)
        found += [
            SlipSeen(
                amount_centimes=amount.centimes,
                stamp_duty_centimes=duties.get(reference, ZERO).centimes,
                found_its_bill=False,
            )
            for reference, amount in amounts.items()
        ]
    return found
