"""A session at a desk that a person may act on."""

from bawabati.desks.models import DeskSession
from bawabati.desks.reads import find_session
from bawabati.desks.rules import NoSuchSession
from bawabati.flows.steps.staff_at import check_at_agency
from bawabati.people.models import Staff
from bawabati.people.reads import roles_of
from bawabati.people.rules import Action, NotAllowed, is_allowed


def get_session_for(staff: Staff, session_id: int) -> DeskSession:
    """A cashier's own session, or any of the agency for its head. Raises NoSuchSession, NotAllowed."""
    session = find_session(session_id)
    if session is None:
        raise NoSuchSession
    action = Action.TAKE_PAYMENT if session.cashier_id == staff.id else Action.SIGN_CLOSING
    check_at_agency(staff, action, company_id=session.company_id, agency_id=session.agency_id)
    return session


def get_own_session(staff: Staff, session_id: int) -> DeskSession:
    """The cashier's own session, into which nobody else takes money. Raises NoSuchSession, NotAllowed."""
    session = find_session(session_id)
    if session is None:
        raise NoSuchSession
    check_at_agency(staff, Action.TAKE_PAYMENT, company_id=session.company_id, agency_id=session.agency_id)
    if session.cashier_id != staff.id:
        raise NotAllowed
    return session


def may_sign(staff: Staff, session: DeskSession) -> bool:
    """Whether this person heads the agency of the session."""
    roles = roles_of(staff_id=staff.id, company_id=session.company_id, agency_id=session.agency_id)
    return is_allowed(Action.SIGN_CLOSING, roles)
