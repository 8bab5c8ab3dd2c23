"""Three days before the demonstration began: cash at a desk, signed, and left to close."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from bawabati.bills.reads import facts_of, limits_of, list_open_bills
from bawabati.companies.models import Company, Desk
from bawabati.companies.reads import list_company_desks
from bawabati.desks.models import DeskSession
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_day import close_company_day
from bawabati.flows.close_session import close_session
from bawabati.flows.export_payments import export_payments
from bawabati.flows.open_session import open_session
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_cash import take_cash
from bawabati.jobs.demo.drawer import FLOAT, ROUNDED, TENDERED, pieces
from bawabati.money.amount import Money
from bawabati.payments.models import Sale
from bawabati.people.models import Staff
from bawabati.reports.reads import list_moved_days, next_day_to_close
from bawabati.workdays import ALGIERS

DAYS: Final = 3
SALES_A_DAY: Final = 5
LOOKED_AT: Final = 500
OPENS: Final = time(8, 30)
CLOSES: Final = time(15, 30)
NEXT_MORNING: Final = time(9, 30)


def play_past_days(*, company: Company, desk_code: str, cashier: Staff, head: Staff, now: datetime) -> int:
    """How many days were played. Safe to repeat: none where money has moved in these days, or a day before waits."""
    today = now.astimezone(ALGIERS).date()
    first = today - timedelta(days=DAYS)
    if next_day_to_close(company.id) not in {None, first} or list_moved_days(
        company_id=company.id, first=first, last=today
    ):
        return 0
    desk = next(one for one in list_company_desks(company.id) if one.code == desk_code)
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        opened, closed = (datetime.combine(day, at, tzinfo=ALGIERS) for at in (OPENS, CLOSES))
        session = open_session(desk_id=desk.id, counted=FLOAT, staff=cashier, now=opened)
        taken = _take_cash(company, session, cashier, opened)
        _close(session, desk, cashier, head, taken=taken, now=closed)
    return DAYS


def close_past_days(*, company: Company, finance: Staff, now: datetime) -> None:
    """Tells the billing system all there is, and closes those days but the last, which is left to whoever looks.

    Safe to repeat.
    """
    export_payments(company_id=company.id, staff=None, now=now)
    today = now.astimezone(ALGIERS).date()
    for ago in range(DAYS, 1, -1):
        day = today - timedelta(days=ago)
        morning = datetime.combine(day + timedelta(days=1), NEXT_MORNING, tzinfo=ALGIERS)
        close_company_day(company_id=company.id, day=day, staff=finance, owners={}, now=morning)


def _take_cash(company: Company, session: DeskSession, cashier: Staff, opened: datetime) -> Money:
    """What lies in the drawer besides the float. The newest bills, for the oldest are the demonstration's own."""
    taken = Money(0)
    bills = list_open_bills(company_id=company.id, limits=limits_of(company), at_most=LOOKED_AT)
    for place, bill in enumerate(reversed(bills[-SALES_A_DAY:])):
        left = facts_of(bill).left
        sale: Sale = take_cash(
            session_id=session.id,
            seen=[SeenBill(bill_id=bill.id, version=bill.version, left=left, amount=left)],
            start_key=f"past day of bill {bill.id}",
            tendered=TENDERED,
            language="ar",
            in_spite_of="",
            staff=cashier,
            now=opened + timedelta(minutes=17 * (place + 1)),
        )
        taken += Money(sale.amount_centimes + sale.stamp_duty_centimes)
    return taken


def _close(session: DeskSession, desk: Desk, cashier: Staff, head: Staff, *, taken: Money, now: datetime) -> None:
    close_session(
        session_id=session.id,
        counted=pieces(sum(value * count for value, count in FLOAT.items()) + taken.centimes),
        because=ROUNDED,
        staff=cashier,
        now=now,
        handing_over=False,
    )
    day = now.astimezone(ALGIERS).date()
    close_agency_day(agency_id=desk.agency_id, day=day, staff=head, now=now, signs_unknown=False)
