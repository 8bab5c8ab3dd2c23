"""A person who is signed in and acts in an agency."""

from bawabati.payments.models import Sale
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


def check_at_agency(staff: Staff, action: Action, *, company_id: int, agency_id: int) -> None:
    """Asks anew at the moment of the act: roles may be gone since the page was loaded. Raises NotAllowed."""
    get_staff_allowed(login=staff.login, action=action, company_id=company_id, agency_id=agency_id)


def check_at_sale(staff: Staff, action: Action, sale: Sale) -> None:
    """As `check_at_agency`, where the sale is taken. Raises NotAllowed."""
    check_at_agency(staff, action, company_id=sale.company_id, agency_id=sale.agency_id)
