"""Typing the payment number: what is wrong is said beside it, what is good is kept, guessing teaches nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.guard.models import Counter
from payers import Payer, words
from people import add_bill

pytestmark = pytest.mark.usefixtures("collected")

CARD = "6280581110007215"
LANGUAGES = ("ar", "fr", "en")


def test_the_number_leads_to_the_bill_and_stands_in_no_address(payer: Payer, bill: Bill) -> None:
    address = payer.bill_address(bill)
    assert bill.payment_number not in address
    assert payer.get(address).status_code == 200


def test_spaces_dashes_and_arabic_digits_are_taken(payer: Payer, bill: Bill) -> None:
    arabic = bill.payment_number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert payer.find(f" {arabic[:4]} {arabic[4:9]}-{arabic[9:]}").status_code == 303


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_number_is_explained_and_kept_in_the_field(language: str) -> None:
    page = Payer(language=language).find("123 45")
    assert page.status_code == 422
    html = page.content.decode()
    assert 'value="123 45"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="number-error"' in html


def test_unknown_and_withdrawn_numbers_look_the_same(payer: Payer, company: Company) -> None:
    withdrawn = add_bill(company, seed=5, status="withdrawn")
    unknown = add_bill(company, seed=6).payment_number
    Bill.objects.filter(payment_number=unknown).update(payment_number="00000000000097")
    pages = [payer.find(number) for number in (withdrawn.payment_number, unknown)]
    texts = [page.content.decode().replace(number, "") for page, number in zip(
        pages, (withdrawn.payment_number, unknown), strict=True
    )]  # fmt: skip
    assert texts[0] == texts[1]
    assert [page.status_code for page in pages] == [422, 422]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("typed", [CARD, "6280 5811 1000 7215", "6280-5811-1000-7215 01/27 373", "٦٢٨٠٥٨١١١٠٠٠٧٢١٥"])
def test_a_card_number_is_refused_and_not_given_back(payer: Payer, typed: str) -> None:
    page = payer.find(typed)
    assert page.status_code == 422
    assert "بطاقة بنكية" in words(page)
    assert typed not in page.content.decode()
    assert CARD not in page.content.decode()


@pytest.mark.usefixtures("company")
def test_many_misses_from_one_place_bring_the_captcha_and_keep_what_was_typed(payer: Payer, bill: Bill) -> None:
    for seed in range(5):
        payer.find(str(add_missing(seed)))
    page = payer.find(bill)
    assert page.status_code == 429
    html = page.content.decode()
    assert "data-captcha" in html
    assert f'value="{bill.payment_number}"' in html
    picture = payer.find(bill, captcha_way="picture")
    assert 'name="captcha_ticket"' in picture.content.decode()


def add_missing(seed: int) -> str:
    """A number of the right form that no bill has."""
    from random import Random  # noqa: PLC0415

    from bawabati.companies.rules import mint_number  # noqa: PLC0415

    return mint_number(random=Random(1000 + seed))


@pytest.mark.usefixtures("company")
def test_what_cannot_be_a_number_is_not_counted_as_a_try(payer: Payer) -> None:
    payer.find("12")
    assert Counter.objects.count() == 0


def test_a_company_may_ask_for_a_second_value(payer: Payer, company: Company) -> None:
    company.number_format |= {"second_value": "customer_number"}
    company.save()
    bill = add_bill(company)
    assert 'name="second_value"' in payer.get("/ar/oran/pay/").content.decode()
    missing = payer.find(bill)
    assert 'id="second-value-error"' in missing.content.decode()
    assert payer.find(bill, second_value="C999999").status_code == 422
    assert payer.find(bill, second_value="C000001").status_code == 303
    card = payer.find(bill, second_value=CARD)
    assert 'id="second-value-error"' in card.content.decode()
    assert CARD not in card.content.decode()
    assert f'value="{bill.payment_number}"' in card.content.decode()


ANYTHING = st.text(max_size=80) | st.sampled_from(
    ["\x00", "' OR 1=1 --", "<script>alert(1)</script>", "%s%n", "\ud800".encode("utf-8", "replace").decode(), "٠" * 40]
)


@pytest.mark.usefixtures("company")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(number=ANYTHING, second_value=ANYTHING, captcha=ANYTHING)
def test_whatever_is_typed_is_answered(payer: Payer, number: str, second_value: str, captcha: str) -> None:
    page = payer.find(number, second_value=second_value, captcha_work=captcha, captcha_ticket=captcha)
    assert page.status_code in {303, 422, 429}
    assert "<script>alert" not in page.content.decode()


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("body", [b"\xff\xfe", b"number=%ff%fe%00", b"&&&==", b"number=" + b"1" * 70_000, b""])
def test_broken_bodies_are_answered(payer: Payer, body: bytes) -> None:
    page = payer.client.post("/ar/oran/pay/", body, content_type="application/x-www-form-urlencoded")
    assert page.status_code in {400, 422}
