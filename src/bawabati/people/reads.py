"""Questions about staff."""

from django.db.models import Q

from bawabati.people.models import Staff, StaffRole
from bawabati.people.rules import Action, NotAllowed, Role, is_allowed


def find_staff(login: str) -> Staff | None:
    """The active account of that login."""
    return Staff.objects.filter(login=login, is_active=True).first()


def roles_of(*, staff_id: int, company_id: int) -> frozenset[Role]:
    """The roles that a person holds in a company: the company's own, and national ones."""
    here = Q(company_id=company_id) | Q(company__isnull=True)
    held = StaffRole.objects.filter(here, staff_id=staff_id)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def get_staff_allowed(*, login: str, action: Action, company_id: int) -> Staff:
    """The account under which an act is done. Raises NotAllowed for an unknown account as for a missing role."""
    staff = find_staff(login)
    if staff is None or not is_allowed(action, roles_of(staff_id=staff.id, company_id=company_id)):
        raise NotAllowed
    return staff
