"""A person sets up a second factor of his own, or takes one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.models import Staff
from bawabati.people.reads import has_factor, is_code_of, list_factors
from bawabati.people.rules import CodeWrong, Factor


class LastFactor(CannotDo):
    """No staff page opens without a second factor: the last one stays until another is there."""

    code: ClassVar[str] = "last_factor"
    sentence: ClassVar[str] = "This is your only second factor. Set up another one first."


def set_up_totp(*, staff: Staff, secret: str, code: str, now: datetime) -> list[str]:
    """Codes of a device open sessions from now on, once it has shown one. The recovery codes when they are new.

    Raises CodeWrong.
    """
    if not is_code_of(secret, "".join(code.split()), now=now):
        raise CodeWrong
    with written_together("set_up_totp: set up"):
        writes.lock_staff(staff.id)
        is_first = not has_factor(staff.id)
        writes.add_totp(staff=staff, secret=secret)
        return _set_up(staff, Factor.TOTP, is_first=is_first, now=now)


def set_up_passkey(*, staff: Staff, name: str, credential: Mapping[str, object], now: datetime) -> list[str]:
    """A passkey that the door has checked opens sessions from now on. The recovery codes when they are new."""
    with written_together("set_up_passkey: set up"):
        writes.lock_staff(staff.id)
        is_first = not has_factor(staff.id)
        writes.add_passkey(staff=staff, name=name, credential=credential)
        return _set_up(staff, Factor.PASSKEY, is_first=is_first, now=now)


def remove_factor(*, staff: Staff, factor_id: int, now: datetime) -> None:
    """A device or passkey opens nothing any more. Safe to repeat. Raises LastFactor."""
    with written_together("remove_factor: removed"):
        writes.lock_staff(staff.id)
        opening = {row.id: row for row in list_factors(staff.id) if row.type != Factor.RECOVERY_CODE}
        if factor_id in opening and len(opening) == 1:
            raise LastFactor
        if factor_id in opening and writes.remove_factor(staff_id=staff.id, factor_id=factor_id):
            _record(staff, "remove_factor", str(opening[factor_id].type), now)


def renew_recovery_codes(*, staff: Staff, now: datetime) -> list[str]:
    """Ten new recovery codes, shown now and never again; the earlier ones are void."""
    with written_together("renew_recovery_codes: renewed"):
        writes.lock_staff(staff.id)
        _record(staff, "renew_recovery_codes", Factor.RECOVERY_CODE, now)
        return writes.renew_recovery_codes(staff)


def _set_up(staff: Staff, factor: Factor, *, is_first: bool, now: datetime) -> list[str]:
    _record(staff, "set_up_factor", factor, now)
    return writes.renew_recovery_codes(staff) if is_first else []


def _record(staff: Staff, action: str, factor: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=None,
        action=action,
        target=f"staff:{staff.id}",
        details={"factor": factor},
        now=now,
    )
