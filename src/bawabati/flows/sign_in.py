"""Somebody who works here signs in: the password, then a second factor, then the session."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import structlog
from django.contrib.auth import authenticate

from bawabati.audit.writes import record_act
from bawabati.flows.steps.device_code import spend_device_code
from bawabati.flows.steps.refused_sign_in import note_refusal
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.tell_staff import tell_staff
from bawabati.guard.rules import By, Scope, Subject, TooManyTries, Verdict, Visitor
from bawabati.guard.writes import weigh
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff_open_or_closed, get_staff
from bawabati.people.rules import CodeWrong, Factor, SignInWrong
from bawabati.people.writes import know_browser, spend_recovery_code

log = structlog.get_logger(__name__)


def check_password(*, login: str, password: str, visitor: Visitor, now: datetime) -> Staff:
    """Whose login and password these are. Call it outside a transaction: each call counts as a try.

    Unknown, wrong and closed end in the same error after the same work. Rule: same-answer (failures.md 5.5)

    Raises:
        TooManyTries: of this login from there, or from there. Nothing was looked up.
        SignInWrong: they belong to nobody.
    """
    login = login.strip().lower().replace("\0", "")
    subject = visitor.subject()
    _count(Scope.SIGN_IN, subject | {By.PERSON: f"{login} {subject[By.ADDRESS]}"}, now)
    staff = authenticate(None, username=login, password=password)
    if not isinstance(staff, Staff) or staff.is_system:
        with written_together("check_password: refusal noted"):
            note_refusal(find_staff_open_or_closed(login), reason="password", now=now)
        raise SignInWrong
    return staff


def check_code(*, staff_id: int, code: str, now: datetime) -> Factor:
    """Which second factor of that person `code` is: of a device, or a recovery code. Each opens once.

    Call it outside a transaction: each call counts as a try.

    Raises:
        TooManyTries: nothing was looked at.
        CodeWrong: neither, or used before.
    """
    _count(Scope.STAFF_CODE, {By.PERSON: str(staff_id)}, now)
    code = "".join(code.split())
    if spend_device_code(staff_id=staff_id, code=code, now=now):
        return Factor.TOTP
    with written_together("check_code: recovery code spent"):
        if is_spent := spend_recovery_code(staff_id=staff_id, code=code):
            _record(staff_id, "use_recovery_code", now)
    if not is_spent:
        with written_together("check_code: refusal noted"):
            note_refusal(get_staff(staff_id), reason="code", now=now)
        raise CodeWrong
    return Factor.RECOVERY_CODE


def count_passkey(*, visitor: Visitor, now: datetime) -> None:
    """Counts a try with a passkey: by address alone, for nobody can guess one. Raises TooManyTries."""
    _count(Scope.PASSKEY, visitor.subject(), now)


def note_sign_in(*, staff: Staff, factor: Factor | None, browser_mark: str, now: datetime) -> None:
    """Writes down that a person has signed in, and where; the caller opens the session. None: no factor is set up yet.

    Another browser than before is told to the person by e-mail.
    Rule: acts-are-recorded (failures.md 5.11)
    """
    with written_together("note_sign_in: noted"):
        if factor is not None:
            is_unusual = know_browser(staff=staff, browser_sha256=browser_digest(browser_mark), now=now)
            if is_unusual:
                tell_staff(staff, kind="new_browser", reference=f"staff:{staff.id}", now=now)
        _record(staff.id, "sign_in", now, factor=factor)


def browser_digest(mark: str) -> str:
    """How a browser's random mark stands in the database."""
    return sha256(mark.encode()).hexdigest()


def _count(scope: Scope, subject: Subject, now: datetime) -> None:
    """A counter that cannot count keeps staff out: their doors do not fail open."""
    if weigh(counting=scope, subject=subject, now=now) is not Verdict.FREE:
        log.warning("sign_in_refused", reason="too_many_tries")
        raise TooManyTries


def _record(staff_id: int, action: str, now: datetime, *, factor: Factor | None = None) -> None:
    details = {"factor": factor} if factor else {}
    record_act(staff_id=staff_id, company_id=None, action=action, target=f"staff:{staff_id}", details=details, now=now)
