"""Accounts and roles."""

from datetime import datetime

from bawabati.companies.models import Agency, Company
from bawabati.people.models import Staff, StaffRole
from bawabati.people.rules import Role

SYSTEM_LOGIN = "system@bawabati.invalid"


def system_account(*, now: datetime) -> Staff:
    """The account under which jobs act, made when it is first needed. Nobody signs in with it."""
    account = Staff.objects.filter(login=SYSTEM_LOGIN).first()
    if account is not None:
        return account
    defaults = {"name": "Bawabati", "is_system": True, "created_at": now, "password": "!"}
    return Staff.objects.get_or_create(login=SYSTEM_LOGIN, defaults=defaults)[0]


def add_staff(*, login: str, name: str, language: str, now: datetime) -> Staff:
    """An account without a password: its owner sets one by invitation. Safe to repeat."""
    defaults = {"name": name, "language": language, "created_at": now, "password": "!"}
    return Staff.objects.get_or_create(login=login, defaults=defaults)[0]


def give_role(*, staff: Staff, role: Role, company: Company | None, agency: Agency | None = None) -> None:
    """Lets a person act in a role: in one agency, in one company, or nationally. Safe to repeat."""
    StaffRole.objects.get_or_create(staff=staff, role=role, company=company, agency=agency)
