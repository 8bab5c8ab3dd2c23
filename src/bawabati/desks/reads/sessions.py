"""Sessions at desks."""

from datetime import date

from django.db.models import QuerySet

from bawabati.companies.models import Agency, Desk
from bawabati.desks.models import DeskSession
from bawabati.desks.rules import SessionState

_ALONG = ("company", "agency", "desk", "cashier")


def find_desk(desk_id: int) -> Desk | None:
    """A desk that is in use, with its agency and company."""
    return Desk.objects.select_related("company", "agency").filter(id=desk_id, is_active=True).first()


def find_agency(agency_id: int) -> Agency | None:
    """An agency, with its company."""
    return Agency.objects.select_related("company").filter(id=agency_id).first()


def find_session(session_id: int) -> DeskSession | None:
    """The session with its desk, agency, company and cashier; None when there is none."""
    return _sessions().filter(id=session_id).first()


def get_session(session_id: int) -> DeskSession:
    """The session with its desk, agency, company and cashier; it must exist."""
    return _sessions().get(id=session_id)


def find_open_session(staff_id: int) -> DeskSession | None:
    """The open session of a cashier."""
    return _sessions().filter(cashier_id=staff_id, state=SessionState.OPEN).first()


def find_open_session_of_desk(desk_id: int) -> DeskSession | None:
    """The open session at a desk."""
    return _sessions().filter(desk_id=desk_id, state=SessionState.OPEN).first()


def list_open_sessions(agency_id: int) -> list[DeskSession]:
    """The open sessions of an agency, by desk."""
    return list(_sessions().filter(agency_id=agency_id, state=SessionState.OPEN).order_by("desk__code"))


def list_sessions_of_day(*, agency_id: int, day: date) -> list[DeskSession]:
    """The sessions that were opened in an agency on that accounting day, the first first."""
    return list(_sessions().filter(agency_id=agency_id, opened_on=day).order_by("id"))


def _sessions() -> QuerySet[DeskSession]:
    return DeskSession.objects.select_related(*_ALONG)
