"""Small stories about how people who work here sign in; see `scenarios.py`."""

from __future__ import annotations

from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.flows.approve_change import approve_change
from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.flows.set_up_factor import remove_factor, renew_recovery_codes, set_up_passkey, set_up_totp
from bawabati.flows.sign_in import check_code, note_sign_in
from bawabati.people.models import KnownBrowser, PendingChange, Staff
from bawabati.people.reads import has_factor, list_factors
from bawabati.people.rules import ChangeDecided, ChangeWaiting, CodeWrong, Factor, Role
from bawabati.people.writes import add_passkey, add_totp, give_role
from bawabati.people.writes import add_staff as write_staff
from bawabati.people.writes import renew_recovery_codes as write_codes
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON
from staff import code_of

LEILA = "leila@oran.example"
TAREK = "tarek@oran.example"
YOUCEF = "youcef@oran.example"
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
