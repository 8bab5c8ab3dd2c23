"""A person who is signed in and acts in an agency."""

from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


def check_at_agency(staff: Staff, action: Action, *, company_id: int, agency_id: int) -> None:
    """Raises NotAllowed: no role of this person allows it there."""
    get_staff_allowed(login=staff.login, action=action, company_id=company_id, agency_id=agency_id)
