"""Small stories about how people who work here sign in; see `scenarios.py`."""

from __future__ import annotations

from functools import partial

from django.contrib.auth import SESSION_KEY

from bawabati.audit.models import AuditEntry
from bawabati.flows.approve_change import approve_change
from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.flows.change_cashier import change_cashier, set_desk_pin
from bawabati.flows.close_account import close_account, reopen_account
from bawabati.flows.end_session import end_other_sessions, end_session
from bawabati.flows.invite_staff import invite_staff
from bawabati.flows.set_password import accept_invitation, change_password
from bawabati.flows.set_up_factor import remove_factor, renew_recovery_codes, set_up_passkey, set_up_totp
from bawabati.flows.sign_in import check_code, check_password, note_sign_in
from bawabati.flows.take_role import NoSuchRole, take_role
from bawabati.guard.rules import Visitor
from bawabati.notices.models import Notice
from bawabati.people.models import Invitation, KnownBrowser, PendingChange, Staff, StaffRole, StaffSession
from bawabati.people.reads import has_factor, list_factors
from bawabati.people.rules import INVITATION_LIFE, ChangeDecided, ChangeWaiting, CodeWrong, Factor, InvitationOver, Role
from bawabati.people.sessions import SessionStore, row_key
from bawabati.people.writes import add_passkey, add_totp, give_role, know_browser, make_invitation, set_open
from bawabati.people.writes import add_staff as write_staff
from bawabati.people.writes import renew_recovery_codes as write_codes
from bawabati.people.writes import set_desk_pin as write_pin
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON, add_company
from staff import PASSWORD, code_of

LEILA = "leila@oran.example"
TAREK = "tarek@oran.example"
YOUCEF = "youcef@oran.example"
PIN = "730164"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(login: str, role: Role) -> Staff:
    staff = write_staff(login=login, name=login.partition("@")[0].title(), language="ar", now=NOON)
    give_role(staff=staff, role=role, company=None)
    return staff


@passes("note_sign_in: noted")
def somebody_signs_in(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    enter = partial(note_sign_in, staff=youcef, factor=Factor.TOTP, browser_mark="mark", now=NOON)
    insist(world, "Youcef", "signs in", lambda: enter() or True)
    assert KnownBrowser.objects.count() == 1
    assert AuditEntry.objects.filter(action="sign_in").exists()


@passes("check_code: recovery code spent")
def somebody_uses_a_recovery_code(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    codes = write_codes(youcef)
    for code in codes[:3]:
        step = partial(check_code, staff_id=youcef.id, code=code, now=NOON)
        told = insist(world, "Youcef", "types a recovery code", step)
    assert told is Factor.RECOVERY_CODE
    again = insist(
        world, "Youcef", "types it once more", lambda: check_code(staff_id=youcef.id, code=codes[0], now=NOON)
    )
    assert isinstance(again, CodeWrong)


@passes("check_password: refusal noted")
@passes("check_code: refusal noted")
@passes("change_cashier: refusal noted")
def somebody_is_not_let_in(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    write_codes(youcef)
    visitor = Visitor(address="10.0.0.9")
    tries = (
        partial(check_password, login=YOUCEF, password="not this one", visitor=visitor, now=NOON),
        partial(check_code, staff_id=youcef.id, code="not this one", now=NOON),
        partial(change_cashier, login=YOUCEF, typed="000000", browser_sha256="x", visitor=visitor, now=NOON),
    )
    for step in tries:
        insist(world, "Youcef", "is not let in", step)
    noted = AuditEntry.objects.filter(action="sign_in_refused", staff=youcef)
    assert {entry.details["reason"] for entry in noted} == {"password", "code", "pin"}


@passes("take_role: taken")
def somebody_loses_a_role(world: World) -> None:
    leila, youcef = person(LEILA, Role.ADMINISTRATOR), person(YOUCEF, Role.CASHIER)
    company = add_company("tafna")
    give_role(staff=youcef, role=Role.AUDITOR, company=company)
    held = StaffRole.objects.get(staff=youcef, company=company)
    step = partial(take_role, held_id=held.id, company_id=company.id, login=leila.login, now=NOON)
    gone = insist(world, "Leila", "takes a role away", lambda: step() or True)
    assert gone is True or isinstance(gone, NoSuchRole)
    assert not StaffRole.objects.filter(id=held.id).exists()
    assert AuditEntry.objects.filter(action="take_role").count() == 1


@passes("set_up_totp: set up")
def somebody_sets_up_a_device(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    code = code_of(SECRET, now=NOON)
    step = partial(set_up_totp, staff=youcef, secret=SECRET, code=code, now=NOON)
    for _ in range(2):
        insist(world, "Youcef", "sets up a device", step)
    assert [factor.type for factor in list_factors(youcef.id)].count(Factor.TOTP) == 1


@passes("set_up_passkey: set up")
def somebody_sets_up_a_passkey(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    insist(
        world, "Youcef", "adds a passkey", partial(set_up_passkey, staff=youcef, name="key", credential={}, now=NOON)
    )
    assert has_factor(youcef.id)


@passes("remove_factor: removed")
def somebody_removes_a_passkey(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    add_totp(staff=youcef, secret=SECRET)
    add_passkey(staff=youcef, name="key", credential={})
    passkey = list_factors(youcef.id)[1]
    step = partial(remove_factor, staff=youcef, factor_id=passkey.id, now=NOON)
    insist(world, "Youcef", "removes a passkey", lambda: step() or True)
    assert [factor.type for factor in list_factors(youcef.id)] == [Factor.TOTP]
    assert AuditEntry.objects.filter(action="remove_factor").count() == 1


@passes("renew_recovery_codes: renewed")
def somebody_wants_new_recovery_codes(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    insist(world, "Youcef", "wants new codes", partial(renew_recovery_codes, staff=youcef, now=NOON))
    assert len(list_factors(youcef.id)) == 1


def a_lost_factor(world: World) -> Staff:
    for login in (LEILA, TAREK):
        person(login, Role.ADMINISTRATOR)
    youcef = person(YOUCEF, Role.CASHIER)
    add_totp(staff=youcef, secret=SECRET)
    step = partial(ask_factor_reset, person_login=YOUCEF, because="he came by", login=LEILA, now=NOON)
    told = insist(world, "Leila", "asks to take the second factor away", step)
    assert isinstance(told, PendingChange | ChangeWaiting)
    return youcef


@passes("ask_factor_reset: asked")
def a_second_factor_is_lost(world: World) -> None:
    youcef = a_lost_factor(world)
    assert PendingChange.objects.count() == AuditEntry.objects.filter(action="ask_factor_reset").count() == 1
    change = PendingChange.objects.get()
    for _ in range(2):
        told = insist(world, "Tarek", "agrees", lambda: approve_change(change_id=change.id, login=TAREK, now=NOON))
    assert isinstance(told, ChangeDecided)
    assert not has_factor(youcef.id)


def youcef_at_the_desk() -> Staff:
    youcef = person(YOUCEF, Role.CASHIER)
    write_pin(youcef, PIN)
    know_browser(staff=youcef, browser_sha256="desk", now=NOON)
    return youcef


@passes("set_desk_pin: set")
def somebody_sets_a_pin(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    step = partial(set_desk_pin, staff=youcef, pin=PIN, now=NOON)
    insist(world, "Youcef", "sets a PIN", lambda: step() or True)
    assert Staff.objects.get(id=youcef.id).desk_pin


@passes("change_cashier: try counted", "change_cashier: changed")
def somebody_takes_over_a_desk(world: World) -> None:
    youcef = youcef_at_the_desk()
    take_over = partial(
        change_cashier, login=YOUCEF, typed=PIN, browser_sha256="desk", visitor=Visitor("10.0.0.1"), now=NOON
    )
    assert insist(world, "Youcef", "takes over", take_over) == youcef
    assert KnownBrowser.objects.get().wrong_pins == 0


def a_session(staff: Staff) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(staff.id)
    session.save()
    return row_key(str(session.session_key))


@passes("end_session: ended")
def somebody_signs_out_elsewhere(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    step = partial(end_session, staff=youcef, session_key=a_session(youcef), now=NOON)
    insist(world, "Youcef", "ends a session", lambda: step() or True)
    assert not StaffSession.objects.exists()
    assert AuditEntry.objects.filter(action="end_session").count() == 1


@passes("end_other_sessions: ended")
def somebody_signs_out_everywhere_else(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    here, _ = a_session(youcef), a_session(youcef)
    step = partial(end_other_sessions, staff=youcef, this_session=here, now=NOON)
    insist(world, "Youcef", "signs out everywhere else", lambda: step() or True)
    assert [row.session_key for row in StaffSession.objects.all()] == [here]


@passes("invite_staff: invited")
def somebody_is_invited(world: World) -> None:
    world.found_company()
    person(LEILA, Role.ADMINISTRATOR)
    person(YOUCEF, Role.CASHIER)
    insist(world, "Leila", "invites Youcef", partial(invite_staff, person_login=YOUCEF, login=LEILA, now=NOON))
    open_ones = Invitation.objects.filter(used_at=None, expires_at__gt=NOON)
    assert open_ones.count() == 1
    assert Notice.objects.count() == Invitation.objects.count()


@passes("accept_invitation: accepted")
def somebody_accepts_an_invitation(world: World) -> None:
    leila, youcef = person(LEILA, Role.ADMINISTRATOR), person(YOUCEF, Role.CASHIER)
    invitation = make_invitation(staff=youcef, made_by=leila, expires_at=NOON + INVITATION_LIFE, now=NOON)
    step = partial(accept_invitation, invitation_id=invitation.id, password=PASSWORD, now=NOON)
    for _ in range(2):
        told = insist(world, "Youcef", "sets a password", step)
    assert isinstance(told, InvitationOver)
    assert Staff.objects.get(id=youcef.id).check_password(PASSWORD)


@passes("change_password: changed")
def somebody_changes_the_password(world: World) -> None:
    youcef = person(YOUCEF, Role.CASHIER)
    here, _ = a_session(youcef), a_session(youcef)
    step = partial(change_password, staff=youcef, password=PASSWORD, this_session=here, now=NOON)
    insist(world, "Youcef", "changes the password", lambda: step() or True)
    assert Staff.objects.get(id=youcef.id).check_password(PASSWORD)
    assert [row.session_key for row in StaffSession.objects.all()] == [here]


@passes("close_account: closed")
def somebody_no_longer_works_here(world: World) -> None:
    person(LEILA, Role.ADMINISTRATOR)
    youcef = person(YOUCEF, Role.CASHIER)
    a_session(youcef)
    insist(world, "Leila", "closes an account", partial(close_account, person_login=YOUCEF, login=LEILA, now=NOON))
    assert not Staff.objects.get(id=youcef.id).is_active
    assert not StaffSession.objects.exists()


@passes("reopen_account: open again")
def somebody_works_here_again(world: World) -> None:
    person(LEILA, Role.ADMINISTRATOR)
    youcef = person(YOUCEF, Role.CASHIER)
    set_open(youcef, is_open=False)
    insist(world, "Leila", "opens it again", partial(reopen_account, person_login=YOUCEF, login=LEILA, now=NOON))
    assert Staff.objects.get(id=youcef.id).is_active
