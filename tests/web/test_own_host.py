"""A company under its own host name: it alone is found there, and what it sends out leads back there."""

from __future__ import annotations

import re

import pytest

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.links import fail_address, receipt_address, return_address, site
from bawabati.payments.models import Payment
from bawabati.people.rules import Role
from bawabati.web.shared.staff_session import CONFIRMED_AT
from outside import Outside
from payers import Payer, links
from people import AMINAS_CARD, add_bill, add_company
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected")
OWN = "pay.oran.example"
HOST_PAGE = "/fr/office/companies/host/"


@pytest.fixture
def on_its_own(company: Company) -> Company:
    company.host_name = OWN
    company.save()
    return company


@pytest.mark.usefixtures("on_its_own")
def test_the_bare_host_leads_to_its_company_though_there_are_others(payer: Payer) -> None:
    add_company("tafna", user_name="SAT2")
    assert payer.get("/", Host=OWN).headers["Location"] == "/ar/"
    assert payer.get("/fr/", Host=OWN).headers["Location"] == "/fr/oran/"
    assert payer.get("/fr/oran/", Host=OWN).status_code == 200


@pytest.mark.usefixtures("on_its_own")
def test_no_other_company_is_found_there(payer: Payer) -> None:
    add_company("tafna", user_name="SAT2")
    for address in ("/fr/tafna/", "/fr/tafna/pay/", "/fr/q/tafna/12345678901234/", "/colours/tafna.css"):
        assert payer.get(address, Host=OWN).status_code == 404, address
    assert payer.get("/fr/tafna/").status_code == 200


@pytest.mark.usefixtures("on_its_own")
@pytest.mark.parametrize("host", ["other.example", "oran.example", f"x.{OWN}", f"{OWN}.evil.example", "pay_oran", "["])
def test_a_host_that_is_nobodys_is_refused(payer: Payer, host: str) -> None:
    assert payer.get("/fr/oran/", Host=host).status_code == 400


@pytest.mark.usefixtures("on_its_own")
def test_a_bill_is_found_there_by_its_own_form(payer: Payer, company: Company) -> None:
    bill = add_bill(company)
    found = payer.client.post(
        "/fr/oran/pay/", {"number": bill.payment_number}, headers={"Host": OWN, "Origin": f"http://{OWN}"}
    )
    assert found.status_code == 303
    assert payer.get(found.headers["Location"], Host=OWN).status_code == 200


@pytest.mark.usefixtures("on_its_own")
def test_another_companys_secret_link_opens_nothing_there(payer: Payer, outside: Outside) -> None:
    tafna = add_company("tafna", user_name="SAT2", gateway_url=outside.url)
    tafna.host_name = "pay.tafna.example"
    tafna.save()
    address = return_address(1, language="fr", host_name="")
    assert payer.get(address.partition("8000")[2], Host="pay.tafna.example").status_code == 404


def test_staff_are_led_to_the_portals_own_address(on_its_own: Company, payer: Payer) -> None:
    client = signed_in(add_person("head@oran.example", Role.FINANCE, company=on_its_own))
    for visitor in (payer.client, client):
        answer = visitor.get("/fr/office/payments/", headers={"Host": OWN})
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{site()}/fr/office/payments/")
        assert "Set-Cookie" not in answer.headers


def test_where_payers_are_led_is_changed_after_a_second_factor_just_now(company: Company) -> None:
    client = signed_in(add_person("leila@nation.example", Role.OPERATOR))
    session = client.session
    del session[CONFIRMED_AT]
    session.save()
    for answer in (client.get(HOST_PAGE), client.post(HOST_PAGE, {"host_name": "pay.evil.example"})):
        assert answer.headers["Location"].startswith("/fr/staff/confirm/")
    company.refresh_from_db()
    assert company.host_name == ""


def test_what_leaves_us_leads_to_the_companys_own_host() -> None:
    for address in (
        return_address(1, language="ar", host_name=OWN),
        fail_address(1, language="ar", host_name=OWN),
        receipt_address(1, host_name=OWN),
    ):
        assert address.startswith(f"http://{OWN}:8000/")


def test_the_gateway_sends_its_payer_back_there(
    open_company: Company, open_bill: Bill, payer: Payer, outside: Outside
) -> None:
    open_company.host_name = OWN
    open_company.save()
    payer.get(payer.start(open_bill))
    back = outside.pay(Payment.objects.get().gateway_reference, AMINAS_CARD)
    assert f"http://{OWN}:8000/ar/payment/" in str(back)


def test_its_colours_are_a_style_sheet_that_a_browser_keeps(company: Company, payer: Payer) -> None:
    assert not [address for address in links(payer.get("/fr/oran/")) if address.startswith("/colours/")]
    company.colour, company.band_colour = "#7a1f5c", "#ffd166"
    company.save()
    (address,) = [address for address in links(payer.get("/fr/oran/")) if address.startswith("/colours/")]
    style = payer.get(address)
    assert "immutable" in style.headers["Cache-Control"]
    assert style.headers["Content-Type"].startswith("text/css")
    written = style.content.decode()
    assert "--water: #7a1f5c" in written
    assert re.search(r"body > header \{ background: #ffd166; color: #000000", written)
    assert payer.get("/colours/oran.css?old").headers["Cache-Control"] == "no-store"
