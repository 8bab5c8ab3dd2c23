"""Sessions, and counts of their drawers."""

from datetime import date, datetime

from django.db import connection

from bawabati.companies.models import Desk
from bawabati.desks.models import DeskSession, DrawerCount
from bawabati.desks.rules import Pieces, SessionNotOpen, SessionState, sum_of_pieces
from bawabati.money.amount import Money
from bawabati.people.models import Staff

# Whoever opens a session and whoever signs the day of the agency wait for each other.
_LOCK_DAY = "SELECT pg_advisory_xact_lock(hashtext('desks_dayclosing'), %s)"
_LOCK_CASHIER = "SELECT pg_advisory_xact_lock(hashtext('desks_desksession'), %s)"


def lock_day(agency_id: int) -> None:
    """Nobody else opens a session in this agency, or closes its day, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_DAY, [agency_id])


def lock_cashier(staff_id: int) -> None:
    """Nobody else opens a session for this cashier until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CASHIER, [staff_id])


def lock_open_session(session_id: int) -> DeskSession:
    """The session, locked until the transaction ends: the drawer, in the order of locks. Raises SessionNotOpen."""
    session = DeskSession.objects.select_for_update(no_key=True).filter(id=session_id, state=SessionState.OPEN).first()
    if session is None:
        raise SessionNotOpen
    return session


def lock_session(session_id: int) -> DeskSession:
    """The session, open or not, with its places and people, locked until the transaction ends."""
    locked = DeskSession.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("company", "agency", "desk", "cashier").get(id=session_id)


def open_session_row(*, desk: Desk, cashier: Staff, float_amount: Money, opened_on: date, now: datetime) -> DeskSession:
    """Opens a session. The database refuses a second open one of the desk, and of the cashier."""
    return DeskSession.objects.create(
        company_id=desk.company_id,
        agency_id=desk.agency_id,
        desk=desk,
        cashier=cashier,
        opened_on=opened_on,
        float_centimes=float_amount.centimes,
        opened_at=now,
    )


def write_count(
    session: DeskSession, *, pieces: Pieces, expected: Money | None, by: Staff, now: datetime
) -> DrawerCount:
    """Keeps what was counted; `expected` is None at opening. Not safe to repeat: each call is a count."""
    return DrawerCount.objects.create(
        company_id=session.company_id,
        session=session,
        is_closing=expected is not None,
        pieces={str(value): count for value, count in pieces.items() if count},
        counted_centimes=sum_of_pieces(pieces).centimes,
        expected_centimes=None if expected is None else expected.centimes,
        counted_by=by,
        counted_at=now,
    )


def end_session(session: DeskSession, *, now: datetime) -> None:
    """Closes a locked session."""
    session.state, session.ended_at = SessionState.CLOSED, now
    session.save(update_fields=["state", "ended_at"])
