"""The head of an agency closes a day: all its sessions, summed and signed."""

from datetime import date, datetime

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency
from bawabati.desks.models import DayClosing, DeskSession, ZReport
from bawabati.desks.reads import find_agency, find_closing, list_sessions_of_day, list_z_of_day, report_of
from bawabati.desks.rules import (
    DayReport,
    NoSuchAgency,
    NothingToClose,
    SaleSeen,
    SessionOfDay,
    SessionsStillOpen,
    SessionState,
    UnknownSale,
    UnknownSalesToSign,
    sum_of_reversed,
    sum_of_settled_since,
    sum_of_ways,
)
from bawabati.desks.writes import lock_day, write_day_closing
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_agency
from bawabati.payments.reads.takings import list_sales_to_report
from bawabati.people.models import Staff
from bawabati.people.rules import Action
from bawabati.workdays import ALGIERS


def close_agency_day(*, agency_id: int, day: date, staff: Staff, now: datetime, signs_unknown: bool) -> DayClosing:
    """Signs the day for good. Safe to repeat: a day that is closed gives the closing that it has.

    Rule: day-closing (behaviour.md 3)

    Raises:
        NoSuchAgency, NotAllowed, NothingToClose, SessionsStillOpen.
        UnknownSalesToSign: sales of the day are still being checked, and this person has not signed for them.
    """
    agency = find_agency(agency_id)
    if agency is None:
        raise NoSuchAgency
    check_at_agency(staff, Action.SIGN_CLOSING, company_id=agency.company_id, agency_id=agency.id)
    with written_together("close_agency_day: signed"):
        lock_day(agency.id)
        known = find_closing(agency_id=agency.id, day=day)
        if known is not None:
            return known
        sessions = list_sessions_of_day(agency_id=agency.id, day=day)
        _check_all_closed(sessions)
        sales = [(session, sale) for session in sessions for sale in list_sales_to_report(session.id)]
        unknown = [_unknown(session, sale) for session, sale in sales if not sale.is_over]
        if unknown and not signs_unknown:
            raise UnknownSalesToSign(count=len(unknown))
        z_reports = list_z_of_day(agency_id=agency.id, day=day)
        seen = [sale for _, sale in sales]
        report = _report(agency, day=day, z_reports=z_reports, sales=seen, unknown=unknown, staff=staff, now=now)
        closing = write_day_closing(agency, report, day=day, by=staff, now=now)
        record_act(
            staff_id=staff.id,
            company_id=agency.company_id,
            action="close_agency_day",
            target=f"day_closing:{closing.id}",
            details={"agency": agency.code, "day": day.isoformat(), "unknown": [sale.reference for sale in unknown]},
            now=now,
        )
    return closing


def _check_all_closed(sessions: list[DeskSession]) -> None:
    if not sessions:
        raise NothingToClose
    still_open = sorted({session.desk.code for session in sessions if session.state == SessionState.OPEN})
    if still_open:
        raise SessionsStillOpen(desks=", ".join(still_open))


def _unknown(session: DeskSession, sale: SaleSeen) -> UnknownSale:
    return UnknownSale(
        sale_id=sale.sale_id,
        reference=sale.reference,
        desk=session.desk.code,
        way=sale.way,
        amount_centimes=sale.amount_centimes,
    )


def _report(
    agency: Agency,
    *,
    day: date,
    z_reports: list[ZReport],
    sales: list[SaleSeen],
    unknown: list[UnknownSale],
    staff: Staff,
    now: datetime,
) -> DayReport:
    told = [report_of(z) for z in z_reports]
    return DayReport(
        company_ar=agency.company.name_ar,
        company_fr=agency.company.name_fr,
        agency=agency.code,
        agency_ar=agency.name_ar,
        agency_fr=agency.name_fr,
        day=day.isoformat(),
        signed_by=staff.name,
        signed_at=now.astimezone(ALGIERS).isoformat(timespec="seconds"),
        sessions=tuple(
            SessionOfDay(
                desk=one.session.desk,
                cashier=one.session.cashier,
                number=one.number,
                sha256=z.sha256,
                total_centimes=one.total_centimes,
                cash_difference_centimes=one.cash_difference_centimes,
            )
            for one, z in zip(told, z_reports, strict=True)
        ),
        ways=sum_of_ways(told),
        settled_since=sum_of_settled_since(told, sales),
        reversed=sum_of_reversed(sales),
        unknown=tuple(unknown),
    )
