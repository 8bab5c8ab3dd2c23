"""Questions about staff."""

from django.db.models import Q

from bawabati.people.models import PendingChange, Staff, StaffRole
from bawabati.people.rules import Action, NotAllowed, Role, is_allowed


def find_staff(login: str) -> Staff | None:
    """The active account of that login."""
    return Staff.objects.filter(login=login, is_active=True).first()


def find_staff_by_id(staff_id: int) -> Staff | None:
    """The person of that number."""
    return Staff.objects.filter(id=staff_id).first()


def has_people() -> bool:
    """Whether anybody but the system's own account is known here."""
    return Staff.objects.filter(is_system=False).exists()


def roles_of(*, staff_id: int, company_id: int | None) -> frozenset[Role]:
    """The roles that a person holds in a company: the company's own, and national ones. None: national ones only."""
    here = Q(company_id=company_id) | Q(company__isnull=True)
    held = StaffRole.objects.filter(here, staff_id=staff_id)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def get_staff_allowed(*, login: str, action: Action, company_id: int | None) -> Staff:
    """The account under which an act is done. None: nationally. Raises NotAllowed.

    Unknown accounts, the system's own, and people without the role are refused alike.
    """
    staff = find_staff(login)
    if staff is None or staff.is_system or not is_allowed(action, roles_of(staff_id=staff.id, company_id=company_id)):
        raise NotAllowed
    return staff


def find_change(change_id: int) -> PendingChange | None:
    """A change that was asked for, with the people who asked and decided."""
    return PendingChange.objects.select_related("company", "asked_by", "decided_by").filter(id=change_id).first()
