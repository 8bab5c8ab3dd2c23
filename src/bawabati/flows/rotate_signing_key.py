"""The next signature of a company, or of the installation, is made with a new key."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.writes import retire_signing_key
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.reads import all_roles_of, find_staff, get_staff_allowed
from bawabati.people.rules import Action, NotAllowed, is_allowed

PURPOSES: Final = frozenset({"closing", "audit", "receipt"})


class NoSuchPurpose(CannotDo):
    """Nothing is signed for it."""

    code: ClassVar[str] = "no_such_purpose"
    sentence: ClassVar[str] = "Keys sign for closing, for audit or for receipt."


def rotate_signing_key(*, company_id: int | None, purpose: str, login: str, now: datetime) -> None:
    """Retires the key in use. What it signed can be checked as before. Company None: the installation's.

    Raises:
        NotAllowed, NoSuchPurpose.
    """
    if purpose not in PURPOSES:
        raise NoSuchPurpose
    if company_id is not None:
        staff = get_staff_allowed(login=login, action=Action.CHANGE_COMPANY, company_id=company_id)
    else:
        known = find_staff(login)
        if known is None or known.is_system or not is_allowed(Action.LEAVE_QUARANTINE, all_roles_of(known.id)):
            raise NotAllowed
        staff = known
    with written_together("rotate_signing_key: retired"):
        retire_signing_key(company_id=company_id, purpose=purpose, now=now)
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="rotate_signing_key",
            target=f"signing_key:{purpose}",
            details={},
            now=now,
        )
