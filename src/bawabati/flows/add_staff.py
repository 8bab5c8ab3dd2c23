"""A person gets an account and a role. The very first one has nobody who could ask for it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency, Company
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed, has_people
from bawabati.people.rules import Action, AskingPersonNeeded, Role
from bawabati.people.writes import give_role, lock_accounts, system_account


class SystemAccount(CannotDo):
    """The system's own account is nobody: it holds no role."""

    code: ClassVar[str] = "system_account"
    sentence: ClassVar[str] = "This is the system's own account. It cannot be given a role."


def add_staff(
    *,
    login: str,
    name: str,
    language: str,
    role: Role,
    company: Company | None,
    agency: Agency | None = None,
    asked_by: str | None,
    now: datetime,
) -> Staff:
    """The account with its role: in an agency of `company`, in all of it, or nationally.

    Safe to repeat; a name that is there already stays.

    Rule: first-account (ours: somebody has to begin)

    Raises:
        AskingPersonNeeded: nobody asks for it (`asked_by` is None), and there are people already.
        NotAllowed: who asks may not change staff there.
        SystemAccount: the system's own account.
    """
    with written_together("add_staff: added"):
        lock_accounts()
        if asked_by is None:
            if has_people():
                raise AskingPersonNeeded
            asking = system_account(now=now)
        else:
            company_id = company.id if company else None
            asking = get_staff_allowed(login=asked_by, action=Action.CHANGE_STAFF, company_id=company_id)
        staff = writes.add_staff(login=login, name=name, language=language, now=now)
        if staff.is_system:
            raise SystemAccount
        give_role(staff=staff, role=role, company=company, agency=agency)
        record_act(
            staff_id=asking.id,
            company_id=company.id if company else None,
            action="add_staff",
            target=f"staff:{staff.id}",
            details={"role": role} | ({"agency": agency.id} if agency else {}),
            now=now,
        )
    return staff
