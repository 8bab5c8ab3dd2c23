"""What opens an account: invitations, passwords, sessions, the desk PIN, the step-up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bawabati.companies.models import Company
from bawabati.flows.invite_staff import invite_staff
from bawabati.links import Purpose, link_token
from bawabati.people.models import Invitation, KnownBrowser, Staff, StaffSession
from bawabati.people.rules import Factor, NotAllowed, Role
from bawabati.people.writes import set_desk_pin
from staff import PASSWORD, add_agency, add_person, code_of, give_device, give_password, session_key_of, signed_in

pytestmark = pytest.mark.usefixtures("collected")
HOME = "/fr/staff/"
SIGN_IN = "/fr/staff/sign-in/"
CODE = "/fr/staff/sign-in/code/"
SECURITY = "/fr/staff/security/"
TAKE_OVER = "/fr/staff/change-cashier/"
NADJIA = "nadjia@oran.example"
YOUCEF = "youcef@oran.example"
LEILA = "leila@oran.example"
PIN = "730164"


@pytest.fixture
def nadjia(company: Company) -> Staff:
    """A cashier."""
    return add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company))


def invited(company: Company, person: Staff) -> str:
    add_person(LEILA, Role.ADMINISTRATOR, company=company)
    invitation = invite_staff(person_login=person.login, login=LEILA, now=timezone.now())
    return f"/fr/staff/invitation/{link_token(Purpose.INVITATION, invitation.id)}/"


def sign_in_fully(client: Client, person: Staff, secret: str) -> None:
    client.post(SIGN_IN, {"login": person.login, "password": PASSWORD})
    assert client.post(CODE, {"code": code_of(secret)}).headers["Location"] == HOME


# --- invitations and passwords ---


def test_an_invitation_sets_a_password_once_and_leads_to_the_second_factor(company: Company, nadjia: Staff) -> None:
    address, client = invited(company, nadjia), Client()
    assert NADJIA in client.get(address).content.decode()
    answer = client.post(address, {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == SECURITY
    assert client.get(HOME).status_code == 303
    assert Client().get(address).status_code == 410
    assert Client().post(address, {"password": "another good one", "again": "another good one"}).status_code == 410
    assert Staff.objects.get(id=nadjia.id).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("password1234", "password1234"), (NADJIA, NADJIA), (PASSWORD, f"{PASSWORD}!"), ("", "")],
)
def test_a_weak_password_or_two_different_ones_use_nothing_up(
    company: Company, nadjia: Staff, password: str, again: str
) -> None:
    address = invited(company, nadjia)
    assert Client().post(address, {"password": password, "again": again}).status_code == 422
    assert Invitation.objects.get().used_at is None
    assert Client().get(address).status_code == 200


def test_a_newer_invitation_and_a_day_end_it(company: Company, nadjia: Staff) -> None:
    first = invited(company, nadjia)
    second = invited(company, nadjia)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (410, 200)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(second).status_code == 410
    assert Client().get(f"/fr/staff/invitation/{'A' * 38}/").status_code == 410


@pytest.mark.usefixtures("nadjia")
def test_an_administrator_of_one_company_invites_nobody_who_works_in_another_too(company: Company) -> None:
    from people import add_company  # noqa: PLC0415 - only here

    tafna = add_company("tafna")
    add_person(LEILA, Role.ADMINISTRATOR, company=company)
    add_person(NADJIA, Role.FINANCE, company=tafna)
    with pytest.raises(NotAllowed):
        invite_staff(person_login=NADJIA, login=LEILA, now=timezone.now())
    with pytest.raises(NotAllowed):
        invite_staff(person_login=LEILA, login=LEILA, now=timezone.now())


def test_the_first_person_is_invited_by_nobody_and_the_second_by_somebody(nadjia: Staff) -> None:
    call_command("invite_staff", NADJIA)
    give_password(nadjia)
    with pytest.raises(CommandError, match="--as LOGIN"):
        call_command("invite_staff", NADJIA)


def test_another_password_signs_out_everywhere_else(nadjia: Staff) -> None:
    give_password(nadjia)
    here, there = signed_in(nadjia), signed_in(nadjia)
    new = "a fine new password"
    assert here.post(f"{SECURITY}password/", {"password": new, "again": new}).headers["Location"] == SECURITY
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 303
    assert Staff.objects.get(id=nadjia.id).check_password(new)


# --- sessions ---


def test_somebody_ends_other_sessions_but_never_those_of_others(company: Company, nadjia: Staff) -> None:
    youcef = signed_in(add_person(YOUCEF, Role.CASHIER, company=company))
    here, there, elsewhere = signed_in(nadjia), signed_in(nadjia), signed_in(nadjia)
    ends = re.findall(r'action="(/fr/staff/security/sessions/\w+/end/)"', here.get(SECURITY).content.decode())
    assert len(ends) == 3  # two, and the one that ends all others
    youcef.post(ends[0])
    assert StaffSession.objects.filter(staff=nadjia).count() == 3
    here.post(ends[0])
    assert StaffSession.objects.filter(staff=nadjia).count() == 2
    here.post(f"{SECURITY}sessions/others/end/")
    assert [client.get(HOME).status_code for client in (here, there, elsewhere, youcef)] == [200, 303, 303, 200]


def test_a_session_ends_when_nobody_is_there_and_what_a_page_asks_by_itself_is_nobody(
    nadjia: Staff, settings: Settings
) -> None:
    client = signed_in(nadjia)
    settings.STAFF_IDLE_MINUTES = 0
    assert client.get(HOME, {"live": "1"}).status_code == 303
    assert not StaffSession.objects.exists()


def test_a_session_ends_with_the_shift(nadjia: Staff, settings: Settings) -> None:
    client = signed_in(nadjia)
    settings.STAFF_SHIFT_HOURS = 0
    assert client.get(HOME).status_code == 303


def test_whoever_is_closed_is_out_at_once(nadjia: Staff) -> None:
    client = signed_in(nadjia)
    Staff.objects.filter(id=nadjia.id).update(is_active=False)
    assert client.get(HOME).status_code == 303


# --- the step-up ---


def test_what_matters_asks_for_the_second_factor_once_more(nadjia: Staff) -> None:
    secret = give_device(nadjia)
    client = signed_in(nadjia, factor=Factor.DESK_PIN)
    wanted = f"{SECURITY}password/"
    assert client.get(wanted).headers["Location"].startswith("/fr/staff/confirm/")
    assert client.post("/fr/staff/confirm/", {"code": "000000", "to": wanted}).status_code == 422
    assert client.post("/fr/staff/confirm/", {"code": code_of(secret), "to": wanted}).headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_a_second_factor_is_changed_only_after_showing_one(nadjia: Staff) -> None:
    give_device(nadjia)
    client = signed_in(nadjia, factor=Factor.DESK_PIN)
    for page in ("device/", "passkey/", "recovery-codes/", "pin/"):
        assert client.get(f"{SECURITY}{page}").headers["Location"].startswith("/fr/staff/confirm/"), page
    assert client.get(f"{SECURITY}passkey/options/").status_code == 403


def test_the_last_factor_stays(nadjia: Staff) -> None:
    from bawabati.people.reads import list_factors  # noqa: PLC0415 - only here

    give_device(nadjia)
    factor = list_factors(nadjia.id)[0]
    assert signed_in(nadjia).post(f"{SECURITY}{factor.id}/remove/").status_code == 409
    assert list_factors(nadjia.id)


# --- a shared desk ---


@pytest.fixture
def desk(nadjia: Staff, company: Company) -> Client:
    """A browser in which Nadjia and Youcef have signed in fully today; Nadjia is there now."""
    client = Client()
    for person in (add_person(YOUCEF, Role.CASHIER, company=company, agency=add_agency(company, "AG08")), nadjia):
        give_password(person)
        set_desk_pin(person, PIN)
        sign_in_fully(client, person, give_device(person))
    return client


def take_over(client: Client, *, login: str = YOUCEF, pin: str = PIN) -> int:
    return client.post(TAKE_OVER, {"login": login, "pin": pin}).status_code


def test_another_cashier_takes_over_and_nothing_of_the_former_stays(desk: Client) -> None:
    desk.get("/fr/staff/place/")
    before = desk.cookies["staff"].value
    assert "Nadjia" in desk.get(HOME).content.decode()
    assert take_over(desk) == 303
    page = desk.get(HOME).content.decode()
    assert "Youcef" in page
    assert "Nadjia" not in page
    assert desk.cookies["staff"].value != before
    assert StaffSession.objects.count() == 1
    desk.cookies["staff"] = before
    assert desk.get(HOME).status_code == 303


def test_whoever_takes_over_goes_on_at_the_page_where_the_former_was(desk: Client) -> None:
    page = desk.get("/fr/staff/security/").content.decode()
    assert f'href="{TAKE_OVER}?to=/fr/staff/security/"' in page
    answer = desk.post(TAKE_OVER, {"login": YOUCEF, "pin": PIN, "to": "/fr/counter/"})
    assert answer.headers["Location"] == "/fr/counter/"


def test_a_pin_opens_only_where_that_person_has_signed_in_fully_today(desk: Client) -> None:
    assert take_over(Client()) == 422
    KnownBrowser.objects.filter(staff__login=YOUCEF).update(signed_in_at=timezone.now() - timedelta(days=1))
    assert take_over(desk) == 422
    assert take_over(desk, login=NADJIA) == 303


def test_after_five_wrong_pins_only_a_full_sign_in_helps(desk: Client) -> None:
    assert [take_over(desk, pin="111111") for _ in range(5)] == [422] * 5
    assert take_over(desk) == 422
    assert take_over(desk, login=NADJIA) == 303
    KnownBrowser.objects.filter(staff__login=YOUCEF).update(wrong_pins=4)
    assert take_over(desk) == 303
    assert KnownBrowser.objects.get(staff__login=YOUCEF).wrong_pins == 0


def test_who_needs_a_passkey_has_no_pin(desk: Client, company: Company) -> None:
    add_person(YOUCEF, Role.FINANCE, company=company)
    assert take_over(desk) == 422
    salima = signed_in(add_person("salima2@oran.example", Role.FINANCE, company=company))
    assert salima.post(f"{SECURITY}pin/", {"password": PIN, "again": PIN}).status_code == 422


@pytest.mark.parametrize("pin", ["12345", "123456", "000000", "98765432", "1234567890123", "letters", "12 34 56"])
def test_a_simple_pin_is_refused(nadjia: Staff, pin: str) -> None:
    assert signed_in(nadjia).post(f"{SECURITY}pin/", {"password": pin, "again": pin}).status_code == 422
    assert Staff.objects.get(id=nadjia.id).desk_pin == ""


def test_a_pin_is_kept_hashed_and_taken_away(nadjia: Staff) -> None:
    client = signed_in(nadjia)
    assert client.post(f"{SECURITY}pin/", {"password": PIN, "again": PIN}).status_code == 303
    kept = Staff.objects.get(id=nadjia.id).desk_pin
    assert kept.startswith("scrypt$")
    assert client.post(f"{SECURITY}pin/", {"password": "", "again": ""}).status_code == 303
    assert Staff.objects.get(id=nadjia.id).desk_pin == ""


def test_a_key_that_was_made_up_opens_nothing(nadjia: Staff) -> None:
    client = Client()
    assert client.get(f"{SIGN_IN}passkey/options/").json()["publicKey"]["userVerification"] == "required"
    for credential in ("", "{", "[]", "{}", '{"response": {}}', '{"id": 1, "response": null}', "[" * 9000):
        assert client.post(f"{SIGN_IN}passkey/", {"credential": credential}).status_code in {422, 429}, credential
    inside = signed_in(nadjia)
    inside.get(f"{SECURITY}passkey/options/")
    assert inside.post(f"{SECURITY}passkey/", {"credential": '{"id": "AA", "response": {}}'}).status_code == 422
    assert session_key_of(nadjia)
