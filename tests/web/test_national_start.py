"""The national start page: any payer finds the own company there, or goes on with the number alone."""

from __future__ import annotations

import pytest

from bawabati.companies.models import Company
from bawabati.companies.reads import list_open_companies
from bawabati.guard.models import Counter
from payers import Payer, hidden, links, words
from people import add_bill, add_company
from staff import add_agency

pytestmark = pytest.mark.usefixtures("collected")
TAFNA_FORMAT = {
    "shortest": 10,
    "longest": 10,
    "prefix": "TF",
    "alphabet": "letters_and_digits",
    "check_digits": "none",
    "second_value": "customer_number",
}


@pytest.fixture
def tafna(company: Company) -> Company:
    """A second company, with numbers of another form."""
    company.wilayas = ["31"]
    company.save()
    other = add_company("tafna", user_name="SAT2")
    other.number_format, other.wilayas, other.name_fr = TAFNA_FORMAT, ["13", "46"], "Eaux de la Tafna"
    other.save()
    return other


@pytest.fixture
def arzew(tafna: Company) -> Company:  # noqa: ARG001 - beside it
    """A third, whose numbers look like the first's, and which is not open yet."""
    third = add_company("arzew", user_name="SAT3")
    third.is_open = False
    third.save()
    return third


def listed(page: object) -> set[str]:
    return {address for address in links(page) if address.count("/") == 3 and len(address) > len("/fr/x")}


@pytest.mark.usefixtures("arzew")
def test_only_companies_that_are_open_are_listed(payer: Payer) -> None:
    assert {"/fr/oran/", "/fr/tafna/"} <= listed(payer.get("/fr/"))
    assert "/fr/arzew/" not in listed(payer.get("/fr/"))
    assert "/fr/arzew/" not in listed(payer.get("/fr/?q=arzew"))


@pytest.mark.parametrize(
    ("sought", "code"), [("tlemcen", "tafna"), ("وهران", "oran"), ("عين تموشنت", "tafna"), ("Gdyel", "oran")]
)
@pytest.mark.usefixtures("tafna")
def test_a_company_is_found_by_wilaya_commune_or_name(payer: Payer, company: Company, sought: str, code: str) -> None:
    agency = add_agency(company)
    agency.commune_fr = "Gdyel"
    agency.save()
    page = payer.get(f"/ar/?q={sought}")
    assert {f"/ar/{code}/"} == {f"/ar/{one.code}/" for one in list_open_companies()} & set(links(page))


@pytest.mark.usefixtures("tafna")
def test_what_is_not_found_is_said_and_the_way_back_offered(payer: Payer) -> None:
    page = payer.get("/fr/?q=nowhere")
    assert "Aucune entreprise" in words(page)
    assert "/fr/" in links(page)


@pytest.mark.usefixtures("tafna")
def test_a_number_alone_leads_to_its_company_and_its_bill(payer: Payer, company: Company) -> None:
    bill = add_bill(company)
    sent = payer.client.post("/ar/", {"number": bill.payment_number})
    assert (sent.status_code, sent.headers["Location"]) == (307, "/ar/oran/pay/")
    found = payer.client.post(sent.headers["Location"], {"number": bill.payment_number})
    assert found.status_code == 303
    assert payer.client.post("/ar/", {"number": "tf 1234 5678"}).headers["Location"] == "/ar/tafna/pay/"


def test_a_number_of_two_companies_asks_which_without_looking(payer: Payer, arzew: Company, company: Company) -> None:
    arzew.is_open = True
    arzew.save()
    known, unknown = add_bill(company).payment_number, add_bill(company, seed=2).payment_number
    with_bill = payer.client.post("/fr/", {"number": known})
    without = payer.client.post("/fr/", {"number": unknown})
    for page, number in ((with_bill, known), (without, unknown)):
        assert page.status_code == 200
        assert hidden(page, "number") == number
        assert "/fr/tafna/" not in page.content.decode()
    assert with_bill.content.decode().replace(known, "") == without.content.decode().replace(unknown, "")
    assert not Counter.objects.exists()


@pytest.mark.usefixtures("tafna")
@pytest.mark.parametrize("typed", ["", "123", "٦٢٨٠", "x" * 5000, "\0"])
def test_a_number_of_nobody_is_refused_and_kept(payer: Payer, typed: str) -> None:
    page = payer.client.post("/fr/", {"number": typed})
    assert page.status_code == 422
    assert "/fr/oran/" in links(page)


@pytest.mark.usefixtures("tafna")
def test_a_card_number_is_refused_and_not_given_back(payer: Payer) -> None:
    page = payer.client.post("/fr/", {"number": "6280 5811 1000 7215"})
    assert page.status_code == 422
    assert "7215" not in page.content.decode()


@pytest.mark.usefixtures("tafna")
def test_another_sites_form_sends_no_number_on(payer: Payer) -> None:
    assert payer.client.post("/fr/", {"number": "1"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.usefixtures("database")
def test_before_any_company_is_open_the_page_says_so(payer: Payer) -> None:
    assert payer.get("/fr/").status_code == 200
