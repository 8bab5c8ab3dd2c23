"""What a session has taken so far, at any time and changing nothing."""

from datetime import datetime

from bawabati.desks.rules import SessionReport, blind
from bawabati.flows.steps.desk_session import get_session_for, may_sign
from bawabati.flows.steps.session_report import report_session
from bawabati.people.models import Staff


def x_report(*, session_id: int, staff: Staff, now: datetime) -> SessionReport:
    """The X of the session. Who still has to count is not told what the drawer should hold.

    Rule: x-and-z (readers.md 5.5)

    Raises:
        NoSuchSession, NotAllowed.
    """
    session = get_session_for(staff, session_id)
    so_far = report_session(session, now=now)
    return so_far if may_sign(staff, session) else blind(so_far)
