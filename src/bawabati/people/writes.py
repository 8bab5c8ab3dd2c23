"""Accounts, roles, and changes that take two people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.hashers import make_password
from django.db import connection

from bawabati.companies.models import Agency, Company
from bawabati.people.models import (
    ApiCall,
    ApiKey,
    Invitation,
    KnownBrowser,
    PendingChange,
    Staff,
    StaffRole,
    StaffSession,
)
from bawabati.people.rules import (
    ANSWERS_KEPT,
    BROWSER_KNOWN_FOR,
    WORKS_AT_MOST,
    WRONG_PINS_AT_MOST,
    ChangeDecided,
    ChangeKind,
    ChangeState,
    ChangeWaiting,
    Factor,
    InvitationOver,
    NoSuchChange,
    Role,
)

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
    return Staff.objects.get_or_create(login=login.strip().lower(), defaults=defaults)[0]


def give_role(*, staff: Staff, role: Role, company: Company | None, agency: Agency | None = None) -> None:
    """Lets a person act in a role: in one agency, in one company, or nationally. Safe to repeat."""
    StaffRole.objects.get_or_create(staff=staff, role=role, company=company, agency=agency)


def take_role(held: StaffRole) -> None:
    """The person holds that role no more. Safe to repeat."""
    StaffRole.objects.filter(id=held.id).delete()


def set_roles(*, staff: Staff, company: Company, roles: Iterable[tuple[Role, Agency | None]]) -> bool:
    """The roles that a person has in a company, and no other there; whether that changed anything. Safe to repeat."""
    wanted = {(role.value, agency.id if agency else None) for role, agency in roles}
    held = StaffRole.objects.filter(staff=staff, company=company)
    there = {(row.role, row.agency_id): row for row in held}
    for role, agency_id in wanted - there.keys():
        StaffRole.objects.create(staff=staff, role=role, company=company, agency_id=agency_id)
    for gone in there.keys() - wanted:
        there[gone].delete()
    return wanted != there.keys()


def lock_accounts() -> None:
    """Until the transaction ends nobody else adds an account; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE people_staff IN SHARE ROW EXCLUSIVE MODE")


def write_change(
    *,
    company_id: int | None,
    kind: ChangeKind,
    about: str = "",
    what: Mapping[str, object],
    secret_sealed: bytes | None,
    asked_by: Staff,
    now: datetime,
) -> PendingChange:
    """The change, waiting for another person. `what` holds no secret.

    Raises:
        ChangeWaiting: another of this kind waits in the company, about the same.
    """
    change, is_new = PendingChange.objects.get_or_create(
        company_id=company_id,  # type: ignore[misc]  # None, where the column may be
        kind=kind,
        about=about,
        state=ChangeState.ASKED,
        defaults={"what": dict(what), "secret_sealed": secret_sealed, "asked_by": asked_by, "asked_at": now},
    )
    if not is_new:
        raise ChangeWaiting(change=change.id)
    return change


def lock_change(change_id: int) -> PendingChange:
    """The change, locked, still waiting for its decision. Raises NoSuchChange, ChangeDecided."""
    change = PendingChange.objects.select_for_update().filter(id=change_id).first()
    if change is None:
        raise NoSuchChange
    if change.state != ChangeState.ASKED:
        raise ChangeDecided
    return change


def decide_change(change: PendingChange, *, state: ChangeState, decided_by: Staff, now: datetime) -> None:
    """Writes the decision; the secret goes. The database refuses an approval by the person who asked."""
    change.state, change.decided_by, change.decided_at, change.secret_sealed = state, decided_by, now, None
    change.save(update_fields=["state", "decided_by", "decided_at", "secret_sealed"])


def lock_staff(staff_id: int) -> Staff:
    """The account, locked: what it opens with changes in one place at a time. Raises DoesNotExist."""
    return Staff.objects.select_for_update().get(id=staff_id)


def add_totp(*, staff: Staff, secret: str) -> None:
    """The secret of a device that shows codes, in place of an earlier one."""
    Authenticator.objects.filter(user_id=staff.id, type=Factor.TOTP).delete()
    TOTP.activate(staff, secret)


def add_passkey(*, staff: Staff, name: str, credential: Mapping[str, object]) -> None:
    """One more passkey."""
    WebAuthn.add(staff, name, dict(credential))


def renew_recovery_codes(staff: Staff) -> list[str]:
    """Ten new codes; the earlier ones open nothing any more."""
    Authenticator.objects.filter(user_id=staff.id, type=Factor.RECOVERY_CODE).delete()
    codes: list[str] = RecoveryCodes.activate(staff).generate_codes()
    return codes


def spend_recovery_code(*, staff_id: int, code: str) -> bool:
    """Whether it was one of the person's codes, and unused. True once for each."""
    kept = Authenticator.objects.filter(user_id=staff_id, type=Factor.RECOVERY_CODE).first()
    return kept is not None and bool(RecoveryCodes(kept).validate_code(code))


def remove_factor(*, staff_id: int, factor_id: int) -> bool:
    """Whether there was such a second factor of that person to remove."""
    removed, _ = Authenticator.objects.filter(user_id=staff_id, id=factor_id).delete()
    return bool(removed)


def take_factors_away(*, staff_id: int, refunds_from: datetime) -> None:
    """None is left, recovery codes, known browsers and open sessions neither. Safe to repeat."""
    Authenticator.objects.filter(user_id=staff_id).delete()
    KnownBrowser.objects.filter(staff_id=staff_id).delete()
    end_sessions(staff_id)
    Staff.objects.filter(id=staff_id).update(refunds_from=refunds_from)


def end_sessions(staff_id: int, *, but: str = "") -> int:
    """Signs a person out everywhere, but for the session of that row; how many that were. Safe to repeat."""
    ended, _ = StaffSession.objects.filter(staff_id=staff_id).exclude(session_key=but).delete()
    return ended


def know_browser(*, staff: Staff, browser_sha256: str, now: datetime) -> bool:
    """The person has signed in fully there: until the end of the day the desk PIN is enough. Safe to repeat.

    Whether it is a new one of a person who has another.
    """
    has_another = KnownBrowser.objects.filter(staff=staff).exclude(browser_sha256=browser_sha256).exists()
    _, is_new = KnownBrowser.objects.update_or_create(
        staff=staff, browser_sha256=browser_sha256, defaults={"signed_in_at": now, "wrong_pins": 0}
    )
    return is_new and has_another


def try_known_browser(*, staff: Staff, browser_sha256: str, since: datetime) -> bool:
    """Counts a try with a PIN; whether it may be looked at: signed in fully there since then, and not wrong too often.

    The row stays locked until the caller's transaction ends: tries at the same moment count one after the other.
    """
    rows = KnownBrowser.objects.select_for_update().filter(staff=staff, browser_sha256=browser_sha256)
    row = rows.filter(signed_in_at__gte=since, wrong_pins__lt=WRONG_PINS_AT_MOST).first()
    if row is None:
        return False
    row.wrong_pins += 1
    row.save(update_fields=["wrong_pins"])
    return True


def forget_wrong_pins(*, staff: Staff, browser_sha256: str) -> None:
    """The PIN was right."""
    KnownBrowser.objects.filter(staff=staff, browser_sha256=browser_sha256).update(wrong_pins=0)


def set_open(staff: Staff, *, is_open: bool) -> None:
    """Whether the person may sign in. Safe to repeat."""
    staff.is_active = is_open
    staff.save(update_fields=["is_active"])


def set_desk_pin(staff: Staff, pin: str) -> None:
    """The PIN for a change of cashier, hashed; empty: none."""
    staff.desk_pin = make_password(pin) if pin else ""
    staff.save(update_fields=["desk_pin"])


def set_password(staff: Staff, password: str) -> None:
    """Another password: every session that was opened with the former one is over."""
    staff.set_password(password)
    staff.save(update_fields=["password"])


def make_invitation(*, staff: Staff, made_by: Staff, expires_at: datetime, now: datetime) -> Invitation:
    """Leave to set a password. Earlier ones open nothing any more."""
    Invitation.objects.filter(staff=staff, used_at=None, expires_at__gt=now).update(expires_at=now)
    return Invitation.objects.create(staff=staff, made_by=made_by, made_at=now, expires_at=expires_at)


def use_invitation(invitation_id: int, *, now: datetime) -> Invitation:
    """The invitation, used up. Raises InvitationOver: there is none, it was used, replaced, or is too old."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("staff").filter(id=invitation_id).first()
    )
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
        raise InvitationOver
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    return invitation


def end_session(*, staff_id: int, session_key: str) -> bool:
    """Signs a person out of the browser whose row that is; whether there was one. Safe to repeat."""
    ended, _ = StaffSession.objects.filter(staff_id=staff_id, session_key=session_key).delete()
    return bool(ended)


def forget_old_sign_ins(now: datetime) -> int:
    """Deletes sessions that are over and browsers that were not used for long; how many. Safe to repeat."""
    sessions, _ = StaffSession.objects.filter(expire_date__lt=now).delete()
    browsers, _ = KnownBrowser.objects.filter(signed_in_at__lt=now - BROWSER_KNOWN_FOR).delete()
    return sessions + browsers


def write_key(
    *,
    company_id: int,
    name: str,
    scopes: Sequence[str],
    channel_name: str,
    networks: Sequence[str],
    key_sha256: str,
    made_by: Staff,
    now: datetime,
) -> ApiKey:
    """A machine that may come in from now on, with an account of its own under which it acts."""
    login = f"key-{key_sha256[:16]}@api.bawabati.invalid"
    account = Staff.objects.create(login=login, name=name, is_system=True, created_at=now, password="!")  # noqa: S106 - no password is hashed to that
    return ApiKey.objects.create(
        company_id=company_id,
        name=name,
        staff=account,
        scopes=list(scopes),
        channel_name=channel_name,
        networks=list(networks),
        key_sha256=key_sha256,
        made_by=made_by,
        made_at=now,
    )


def lock_key(*, company_id: int, key_id: int) -> ApiKey | None:
    """The key, if it is that company's, locked until the transaction ends."""
    return ApiKey.objects.select_for_update(of=("self",)).filter(company_id=company_id, id=key_id).first()


def end_key(key: ApiKey, *, by: Staff, now: datetime) -> None:
    """A locked key opens nothing from now on."""
    key.ended_by, key.ended_at = by, now
    key.save(update_fields=["ended_by", "ended_at"])


def note_key_used(key_id: int, *, now: datetime) -> None:
    """It was used, to the minute."""
    lately = now - timedelta(minutes=1)
    ApiKey.objects.filter(id=key_id).exclude(used_at__gt=lately).update(used_at=now)


def begin_call(*, key: ApiKey, idempotency_key: str, request_sha256: str, now: datetime) -> bool:
    """Whether the caller is to work on it now: nobody did before, or whoever did is taken to be dead.

    One statement: of two at the same moment, one works.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _BEGIN_CALL,
            [key.company_id, key.id, idempotency_key, request_sha256, now, now - WORKS_AT_MOST],
        )
        return bool(cursor.rowcount == 1)


_BEGIN_CALL = """
INSERT INTO people_apicall AS known (company_id, key_id, idempotency_key, request_sha256, begun_at, body)
VALUES (%s, %s, %s, %s, %s, '')
ON CONFLICT (key_id, idempotency_key) DO UPDATE SET begun_at = excluded.begun_at
WHERE known.status IS NULL AND known.begun_at < %s AND known.request_sha256 = excluded.request_sha256
"""


def keep_answer(*, key: ApiKey, idempotency_key: str, status: int, body: str) -> None:
    """What was answered; the first answer stays."""
    calls = ApiCall.objects.filter(key=key, idempotency_key=idempotency_key, status=None)
    calls.update(status=status, body=body)


def forget_call(*, key: ApiKey, idempotency_key: str) -> None:
    """It came to nothing: the same call may be tried again."""
    ApiCall.objects.filter(key=key, idempotency_key=idempotency_key, status=None).delete()


def forget_old_calls(now: datetime) -> int:
    """Deletes answers that nobody asks for any more; how many. Safe to repeat. Rule: api-repeats (failures.md 3.4)"""
    return ApiCall.objects.filter(begun_at__lt=now - ANSWERS_KEPT).delete()[0]
