"""X, Z and the signed day of an agency, as A4 pages or on paper of 80 mm. Made again at will from what was kept."""

from dataclasses import dataclass
from datetime import datetime

from bawabati.adapters import registry
from bawabati.adapters.documents.papers import Paper, Roll
from bawabati.desks.reads import day_report_of, find_closing_of_id, find_z_of_session, report_of
from bawabati.desks.rules import NoSuchClosing, blind
from bawabati.flows.steps.desk_papers import paper_of_day, paper_of_session
from bawabati.flows.steps.desk_session import get_session_for, may_sign
from bawabati.flows.steps.session_report import report_session
from bawabati.flows.steps.staff_at import check_at_agency
from bawabati.people.models import Staff
from bawabati.people.rules import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The same paper in both sizes."""

    paper: Paper

    @property
    def pdf(self) -> bytes:
        """A4 pages."""
        return registry.document_maker().paper_pdf(self.paper)

    @property
    def roll(self) -> Roll:
        """Lines for paper of 80 mm."""
        return registry.roll_maker().paper(self.paper)


def print_session(*, session_id: int, language: str, staff: Staff, now: datetime) -> Printed:
    """The Z of a session, or an X while it is open. Raises NoSuchSession, NotAllowed."""
    session = get_session_for(staff, session_id)
    z = find_z_of_session(session.id)
    if z is not None:
        return Printed(paper=paper_of_session(report_of(z), language=language, digest=z.sha256))
    so_far = report_session(session, now=now)
    shown = so_far if may_sign(staff, session) else blind(so_far)
    return Printed(paper=paper_of_session(shown, language=language))


def print_day(*, closing_id: int, language: str, staff: Staff) -> Printed:
    """The signed day of an agency. Raises NoSuchClosing, NotAllowed."""
    closing = find_closing_of_id(closing_id)
    if closing is None:
        raise NoSuchClosing
    check_at_agency(staff, Action.SEE_AGENCY, company_id=closing.company_id, agency_id=closing.agency_id)
    return Printed(paper=paper_of_day(day_report_of(closing), language=language, digest=closing.sha256))
