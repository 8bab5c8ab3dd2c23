"""Arriving: the first pages, their languages, the QR code of a bill."""

import pytest

from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company, Reader
from payers import Payer, links, words
from people import add_company

LANGUAGES = ("ar", "fr", "en")
PLAIN_PAGES = (
    "",
    "pay/",
    "agencies/",
    "contact/",
    "text/help/",
    "text/notice/",
    "text/payment_terms/",
    "text/sale_terms/",
)


@pytest.mark.usefixtures("company")
def test_the_bare_address_opens_in_arabic(payer: Payer) -> None:
    assert payer.get("/").headers["Location"] == "/ar/"


@pytest.mark.usefixtures("company")
def test_with_one_company_its_home_is_the_first_page(payer: Payer) -> None:
    assert payer.get("/fr/").headers["Location"] == "/fr/oran/"


@pytest.mark.usefixtures("company")
def test_with_two_companies_the_first_page_lists_both(payer: Payer) -> None:
    add_company("tafna", user_name="SAT2")
    assert {"/fr/oran/", "/fr/tafna/"} <= set(links(payer.get("/fr/")))


@pytest.mark.usefixtures("company")
def test_the_payment_section_leads_to_bawabati(payer: Payer) -> None:
    home = payer.get("/ar/oran/")
    assert "بوابتي" in words(home)
    assert "/ar/oran/pay/" in links(home)


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PLAIN_PAGES)
def test_every_page_speaks_its_language_and_offers_itself_in_the_two_others(
    payer: Payer, language: str, page: str
) -> None:
    answer = payer.get(f"/{language}/oran/{page}")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert {f"/{other}/oran/{page}" for other in LANGUAGES if other != language} <= set(links(answer))


@pytest.mark.usefixtures("company")
def test_the_agencies_say_where_a_card_reader_stands(payer: Payer, company: Company) -> None:
    for code in ("with", "without", "closed"):
        Agency.objects.create(
            company=company, code=code, name_ar=code, name_fr=code, commune_ar="وهران", commune_fr="Oran",
            is_open=code != "closed",
        )  # fmt: skip
    Reader.objects.create(company=company, agency=Agency.objects.get(code="with"), serial="1")
    seen = words(payer.get("/en/oran/agencies/"))
    assert "with Oran Card reader" in seen
    assert "without Oran No card reader" in seen
    assert "closed" not in seen


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("wish", "language"),
    [("fr-DZ,fr;q=0.9,en;q=0.8", "fr"), ("ar-DZ", "ar"), ("de,en-GB;q=0.5", "en"), ("de", "ar"), ("", "ar")],
)
def test_the_code_on_a_bill_opens_in_the_phones_language(payer: Payer, bill: Bill, wish: str, language: str) -> None:
    address = f"/q/oran/{bill.payment_number}/"
    led = payer.get(address, **{"Accept-Language": wish})
    assert led.headers["Location"] == f"/{language}{address}"


def test_the_code_on_a_bill_fills_the_number_in_and_looks_nothing_up(payer: Payer, bill: Bill) -> None:
    page = payer.get(f"/ar/q/oran/{bill.payment_number}/")
    assert f'value="{bill.payment_number}"' in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "1 430,50" not in words(page)


@pytest.mark.usefixtures("company")
def test_a_card_number_in_the_address_of_a_code_is_not_repeated(payer: Payer) -> None:
    page = payer.get("/ar/q/oran/6280581110007215/")
    assert 'value=""' in page.content.decode().partition('id="number"')[2]
    assert "6280581110007215" not in words(page)


@pytest.mark.usefixtures("company")
def test_a_forgotten_last_slash_is_put_on(payer: Payer) -> None:
    assert payer.get("/ar/oran").headers["Location"] == "/ar/oran/"


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    "address", ["/ar/nobody/", "/de/", "/ar/oran/text/secret/", "/x/y/z", "/ar/payment/x/", "/r/x/"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_without_a_page_says_so_in_the_readers_language(payer: Payer, address: str, language: str) -> None:
    page = payer.get(address, **{"Accept-Language": language})
    assert page.status_code == 404
    assert "<h1>" in page.content.decode()


@pytest.mark.usefixtures("database")
def test_the_portal_says_that_it_is_well_and_what_may_be_listed(payer: Payer) -> None:
    assert payer.get("/healthz").content == b"well\n"
    robots = payer.get("/robots.txt").content.decode()
    assert "Disallow: /r/" in robots
    assert "Disallow: /*/payment/" in robots
