"""What was closed, and what stands in it."""

from datetime import date

from bawabati.desks.models import DayClosing, ZReport
from bawabati.desks.rules import DayReport, SessionReport


def report_of(z: ZReport) -> SessionReport:
    """What a Z says."""
    return SessionReport.from_json(z.facts)


def day_report_of(closing: DayClosing) -> DayReport:
    """What the head of an agency has signed."""
    return DayReport.from_json(closing.facts)


def find_z_of_session(session_id: int) -> ZReport | None:
    """The Z of a session; None while it is open."""
    return ZReport.objects.select_related("agency", "desk").filter(session_id=session_id).first()


def list_z_of_day(*, agency_id: int, day: date) -> list[ZReport]:
    """The Z reports of the sessions that were opened in an agency on that day, by desk and number."""
    of_day = ZReport.objects.filter(agency_id=agency_id, session__opened_on=day)
    return list(of_day.select_related("desk", "session__cashier").order_by("desk__code", "number"))


def is_day_closed(*, agency_id: int, day: date) -> bool:
    """Whether the head of the agency has signed that day."""
    return DayClosing.objects.filter(agency_id=agency_id, day=day).exists()


def find_closing(*, agency_id: int, day: date) -> DayClosing | None:
    """The signed day; None while it is open."""
    return DayClosing.objects.select_related("agency", "signed_by").filter(agency_id=agency_id, day=day).first()


def find_closing_of_id(closing_id: int) -> DayClosing | None:
    """The signed day; None when there is none of that identifier."""
    return DayClosing.objects.select_related("company", "agency", "signed_by").filter(id=closing_id).first()


def list_closings(*, agency_id: int, at_most: int) -> list[DayClosing]:
    """The last signed days of an agency, the latest first."""
    signed = DayClosing.objects.filter(agency_id=agency_id).select_related("signed_by")
    return list(signed.order_by("-day")[:at_most])
