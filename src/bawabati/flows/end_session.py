"""A person signs out of another browser, or of all others."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.models import Staff


def end_session(*, staff: Staff, session_key: str, now: datetime) -> None:
    """The browser of that row is out at its next request. Safe to repeat; nobody else's row is touched."""
    with written_together("end_session: ended"):
        if writes.end_session(staff_id=staff.id, session_key=session_key):
            _record(staff, 1, now)


def end_other_sessions(*, staff: Staff, this_session: str, now: datetime) -> None:
    """Out everywhere but here. Safe to repeat."""
    with written_together("end_other_sessions: ended"):
        if ended := writes.end_sessions(staff.id, but=this_session):
            _record(staff, ended, now)


def _record(staff: Staff, ended: int, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=None,
        action="end_session",
        target=f"staff:{staff.id}",
        details={"ended": ended},
        now=now,
    )
