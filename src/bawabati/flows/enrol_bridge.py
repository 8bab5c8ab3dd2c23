"""A bridge joins: the operator makes a one-time code, and the bridge comes with it and with a key of its own."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency, Bridge
from bawabati.companies.writes import add_bridge, lock_bridge_of_code, set_bridge_key
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LASTS = timedelta(hours=24)
KEY_LENGTH = 43


class NoSuchCode(CannotDo):
    """No bridge waits with this code; it may be mistyped, or its day is over."""

    code = "no_such_code"
    sentence = "This enrolment code is not known, or its day is over. Ask the operator for a new one."


class CodeSpent(CannotDo):
    """Another key has come with this code before."""

    code = "code_spent"
    sentence = "This enrolment code has been used by another bridge. Ask the operator for a new one."


class KeyNotReadable(CannotDo):
    """A key is 32 random bytes, written in 43 characters."""

    code = "key_not_readable"
    sentence = "The key has to be 32 random bytes in base64url, without padding."


def make_enrolment_code(*, agency: Agency, name: str, login: str, now: datetime) -> str:
    """A one-time code for a bridge of that name in the agency, as XXXX-XXXX-XXXX; it is shown once and lasts a day.

    A bridge that is enrolled already goes on with its key until the code is used. Rule: bridge-codes (ours)

    Raises:
        NotAllowed.
    """
    staff = get_staff_allowed(login=login, action=Action.MANAGE_READERS, company_id=agency.company_id)
    code = "-".join("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(3))
    with written_together("enrol_bridge: code made"):
        bridge = add_bridge(agency=agency, name=name, code_sha256=_digest(code), code_ends_at=now + CODE_LASTS)
        _record(bridge, staff, now)
    return code


def enrol_bridge(*, code: str, key: str, software: str, now: datetime) -> Bridge:
    """The bridge that the code was made for, with its key. Safe to repeat with the same key. Only digests are kept.

    Raises:
        NoSuchCode, CodeSpent, KeyNotReadable.
    """
    if len(key) != KEY_LENGTH or not key.isascii():
        raise KeyNotReadable
    with written_together("enrol_bridge: enrolled"):
        bridge = lock_bridge_of_code(_digest(code.strip().upper()))
        if bridge is None or bridge.code_ends_at is None or now > bridge.code_ends_at:
            raise NoSuchCode
        digest = _digest(key)
        if bridge.enrolled_at is not None and bridge.code_used_at is not None:
            if compare_digest(bridge.key_sha256, digest):
                return bridge
            raise CodeSpent
        set_bridge_key(bridge, key_sha256=digest, software=software[:40], now=now)
    return bridge


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _record(bridge: Bridge, staff: Staff, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=bridge.company_id,
        action="make_enrolment_code",
        target=f"bridge:{bridge.id}",
        details={"name": bridge.name},
        now=now,
    )
