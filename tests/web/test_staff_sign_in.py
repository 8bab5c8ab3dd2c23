"""Somebody who works here comes in."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bawabati.companies.models import Company
from bawabati.people.models import StaffSession
from bawabati.people.rules import Factor, Role
from clock import wait_for_room
from staff import PASSWORD, add_agency, add_person, code_of, give_device, give_password, signed_in

pytestmark = pytest.mark.usefixtures("collected")
HOME = "/fr/staff/"
SIGN_IN = "/fr/staff/sign-in/"
CODE = "/fr/staff/sign-in/code/"
SECURITY = "/fr/staff/security/"
NADJIA = "nadjia@oran.example"


def type_password(client: Client, password: str = PASSWORD, login: str = NADJIA) -> str:
    answer = client.post(SIGN_IN, {"login": login, "password": password})
    return answer.headers.get("Location", str(answer.status_code))


def test_with_password_and_code_a_cashier_is_in(company: Company) -> None:
    nadjia = add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company))
    give_password(nadjia)
    secret = give_device(nadjia)
    client = Client()
    assert client.get(HOME).headers["Location"].startswith(SIGN_IN)
    assert type_password(client) == CODE
    assert client.get(HOME).status_code == 303
    assert client.post(CODE, {"code": "000000"}).status_code == 422
    assert client.post(CODE, {"code": code_of(secret)}).headers["Location"] == HOME
    assert "Nadjia" in client.get(HOME).content.decode()


def test_a_code_opens_once(company: Company) -> None:
    nadjia = add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company))
    give_password(nadjia)
    code = code_of(give_device(nadjia))
    for expected in (303, 422):
        client = Client()
        type_password(client)
        assert client.post(CODE, {"code": code}).status_code == expected


def test_unknown_and_wrong_are_answered_alike(company: Company) -> None:
    give_password(add_person(NADJIA, Role.CASHIER, company=company))
    pages = [
        re.sub(r'value="[^"]*"', "", Client().post(SIGN_IN, {"login": login, "password": "w"}).content.decode())
        for login in (NADJIA, "nobody@oran.example", "system@bawabati.invalid", "\0")
    ]
    assert len(set(pages)) == 1


def test_too_many_tries_are_met_with_a_pause(company: Company) -> None:
    give_password(add_person(NADJIA, Role.CASHIER, company=company))
    wait_for_room(window=300)
    assert [type_password(Client(), "wrong") for _ in range(7)] == ["422"] * 6 + ["429"]
    assert type_password(Client()) == "429"
    assert type_password(Client(), "wrong", login="somebody@oran.example") == "422"


def test_without_a_second_factor_only_the_page_opens_that_sets_one_up(company: Company) -> None:
    nadjia = add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company))
    give_password(nadjia)
    client = Client()
    assert type_password(client) == SECURITY
    assert client.get(HOME).headers["Location"].startswith(SECURITY)
    page = client.get(f"{SECURITY}device/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret is not None
    shown = client.post(f"{SECURITY}device/", {"code": code_of(secret[1].replace(" ", ""))}).content.decode()
    codes = re.findall(r"<code>(\d{10})</code>", shown)
    assert len(set(codes)) == 10
    assert client.get(HOME).status_code == 200
    other = Client()
    type_password(other)
    assert other.post(CODE, {"code": codes[3]}).headers["Location"] == HOME
    again = Client()
    type_password(again)
    assert again.post(CODE, {"code": codes[3]}).status_code == 422


def test_a_finance_officer_needs_a_passkey(company: Company) -> None:
    salima = add_person("salima2@oran.example", Role.FINANCE, company=company)
    assert signed_in(salima, factor=Factor.TOTP).get(HOME).headers["Location"].startswith(SECURITY)
    assert signed_in(salima).get(HOME).status_code == 200


def test_signing_out_ends_the_session_for_good(company: Company) -> None:
    client = signed_in(add_person(NADJIA, Role.CASHIER, company=company))
    kept = client.cookies["staff"].value
    assert client.post("/fr/staff/sign-out/").status_code == 303
    assert not StaffSession.objects.exists()
    client.cookies["staff"] = kept
    assert client.get(HOME).status_code == 303


def test_a_copy_of_the_sessions_opens_none_and_shows_no_secret(company: Company) -> None:
    client = signed_in(add_person(NADJIA, Role.CASHIER, company=company))
    row = StaffSession.objects.get()
    assert row.session_key != client.cookies["staff"].value
    client.cookies["staff"] = row.session_key
    assert client.get(HOME).status_code == 303
    assert "totp" not in row.session_data


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/fr/staff/", "/fr/oran/", "/fr/staff/\\evil"])
def test_nobody_is_led_away_from_here(company: Company, to: str) -> None:
    nadjia = add_person(NADJIA, Role.CASHIER, company=company)
    give_password(nadjia)
    secret = give_device(nadjia)
    client = Client()
    client.post(SIGN_IN, {"login": NADJIA, "password": PASSWORD, "to": to})
    assert client.post(CODE, {"code": code_of(secret)}).headers["Location"] == HOME


def test_a_form_without_its_token_is_refused(company: Company) -> None:
    give_password(add_person(NADJIA, Role.CASHIER, company=company))
    client = Client(enforce_csrf_checks=True)
    assert client.post(SIGN_IN, {"login": NADJIA, "password": PASSWORD}).status_code == 403


def test_a_payers_pages_carry_no_cookie_and_ask_for_no_session(company: Company) -> None:
    client = Client()
    assert not client.get(f"/fr/{company.code}/").cookies
    assert not client.get("/fr/").cookies
