"""A cashier counts the float and opens a session at a desk."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.desks.models import DeskSession
from bawabati.desks.reads import find_desk, find_open_session, find_open_session_of_desk, is_day_closed
from bawabati.desks.rules import (
    CashierElsewhere,
    DayClosed,
    DeskTaken,
    NoSuchDesk,
    Pieces,
    sum_of_pieces,
)
from bawabati.desks.writes import lock_cashier, lock_day, open_session_row, write_count
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_agency
from bawabati.people.models import Staff
from bawabati.people.rules import Action
from bawabati.workdays import accounting_day


def open_session(*, desk_id: int, counted: Pieces, staff: Staff, now: datetime) -> DeskSession:
    """Opens the session with the float as it was counted: centimes of a note or coin → how many of it.

    Safe to repeat: who has the desk open already is given that session, its float as it was counted first. The float is
    not posted in the books: it is cash of the agency before and after.
    Rule: one-session (readers.md 5.1)

    Raises:
        NoSuchDesk, NotAllowed, NotCounted.
        DeskTaken: somebody else has a session there. CashierElsewhere: this cashier has one at another desk.
        DayClosed: the head of the agency has signed today.
    """
    desk = find_desk(desk_id)
    if desk is None:
        raise NoSuchDesk
    check_at_agency(staff, Action.TAKE_PAYMENT, company_id=desk.company_id, agency_id=desk.agency_id)
    float_amount = sum_of_pieces(counted)
    with written_together("open_session: opened"):
        lock_day(desk.agency_id)
        lock_cashier(staff.id)
        known = _own_session(desk_id=desk_id, staff=staff)
        if known is not None:
            return known
        day = accounting_day(now)
        if is_day_closed(agency_id=desk.agency_id, day=day):
            raise DayClosed
        session = open_session_row(desk=desk, cashier=staff, float_amount=float_amount, opened_on=day, now=now)
        write_count(session, pieces=counted, expected=None, by=staff, now=now)
        record_act(
            staff_id=staff.id,
            company_id=desk.company_id,
            action="open_session",
            target=f"desk_session:{session.id}",
            details={"desk": desk.code, "float_centimes": float_amount.centimes},
            now=now,
        )
    return session


def _own_session(*, desk_id: int, staff: Staff) -> DeskSession | None:
    """The cashier's session at this desk. Raises DeskTaken, CashierElsewhere."""
    at_desk = find_open_session_of_desk(desk_id)
    if at_desk is not None:
        if at_desk.cashier_id != staff.id:
            raise DeskTaken(cashier=at_desk.cashier.name)
        return at_desk
    elsewhere = find_open_session(staff.id)
    if elsewhere is not None:
        raise CashierElsewhere(desk=elsewhere.desk.code)
    return None
