"""Several bills of a customer, or a part of what is due: from the bill's page to the receipt."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.bills.models import Bill, BillVersion
from bawabati.companies.models import Company
from bawabati.payments.models import Hold, Payment, PaymentLine
from bawabati.receipts.models import Receipt
from bawabati.web.public.bill_link import bill_address
from outside import Outside
from payers import FormClient, Page, Payer, filled, links, words
from people import AMINAS_CARD, YACINES_CARD, add_arrears, add_bill

pytestmark = pytest.mark.usefixtures("collected")

LANGUAGES = ("ar", "fr", "en")
CARD = "6280581110007215"
ARREARS = (1_000_00, 600_00, 1_430_50)


@pytest.fixture
def company(company: Company) -> Company:
    return generous(company)


@pytest.fixture
def open_company(open_company: Company) -> Company:
    return generous(open_company)


def generous(company: Company) -> Company:
    company.allows_part_payment = company.offers_other_bills = True
    company.save()
    return company


def read(page: Page) -> str:
    return words(page).replace("\u00a0", " ")


def choose(payer: Payer, bill: Bill, **form: str) -> Page:
    return payer.client.post(payer.bill_address(bill), form)


def reviewed(payer: Payer, bill: Bill, **form: str) -> str:
    """The address of the review of that choice."""
    chosen = choose(payer, bill, **form)
    assert chosen.status_code == 303, read(chosen)
    return str(chosen.headers["Location"])


def lines() -> list[tuple[int, int]]:
    return list(PaymentLine.objects.order_by("bill_id").values_list("bill_id", "amount_centimes"))


def change(bill: Bill, due_centimes: int) -> None:
    """The billing system says another amount."""
    BillVersion.objects.create(
        company=bill.company, bill=bill, version=2, batch=BillVersion.objects.get(bill=bill).batch,
        due_centimes=due_centimes, lines=[], fingerprint="2",
    )  # fmt: skip
    Bill.objects.filter(id=bill.id).update(version=2, due_centimes=due_centimes)


# --- choosing ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bill_offers_itself_all_open_bills_and_what_lies_between(company: Company, language: str) -> None:
    oldest, middle, latest = add_arrears(company, *ARREARS)
    payer = Payer(language=language)
    page = payer.get(payer.bill_address(oldest))
    html = page.content.decode()
    assert re.findall(r'name="bills"\s+value="(\d+)"\s+(checked)?', html) == [("1", "checked"), ("2", ""), ("3", "")]
    assert "3 030,50" in read(page) or "3,030.50" in read(page)
    html = payer.get(payer.bill_address(latest)).content.decode()
    assert re.findall(r'name="bills"\s+value="(\d+)"', html) == ["1", "3"]
    assert 'name="amount"' in html
    assert middle.payment_number not in html


def test_of_the_other_bills_nothing_is_shown_but_period_and_amount(company: Company) -> None:
    *others, typed = add_arrears(company, *ARREARS)
    payer = Payer(language="en")
    pages = [payer.get(payer.bill_address(typed)), payer.get(reviewed(payer, typed, bills="3"))]
    for page in pages:
        assert "first quarter of 2026" in read(page)
        assert "1,000.00" in read(page)
        for other in others:
            days = (f"{day:%d/%m/%Y}" for day in (other.due_on, other.issued_on))
            for kept in (other.payment_number, other.bill_number, *days):
                assert kept not in page.content.decode()


def test_a_company_that_does_not_offer_them_tells_nothing_of_other_bills(company: Company) -> None:
    Company.objects.update(offers_other_bills=False, allows_part_payment=False)
    typed = add_arrears(company, *ARREARS)[-1]
    payer = Payer(language="en")
    page = payer.get(payer.bill_address(typed))
    assert "first quarter" not in read(page)
    assert "<form" not in page.content.decode()
    for address in ("3/", "3/100000/"):
        answer = payer.get(f"{payer.bill_address(typed)}pay/{address}")
        assert answer.status_code == 422
        assert "1,000.00" not in read(answer)


@pytest.mark.parametrize("status", ["cancelled", "replaced", "withdrawn", "open"])
def test_a_bill_that_nobody_owes_any_more_is_not_offered_with_another(company: Company, status: str) -> None:
    typed = add_bill(company, seed=2, customer_number="C1")
    other = add_bill(company, seed=1, quarters_ago=1, status=status, customer_number="C1")
    if status == "open":
        Bill.objects.filter(id=other.id).update(settled_centimes=other.due_centimes)
    payer = Payer()
    assert 'name="bills"' not in payer.get(payer.bill_address(typed)).content.decode()


def test_a_bill_that_somebody_is_paying_is_not_offered_with_another(open_company: Company) -> None:
    older, typed = add_arrears(open_company, 500_00, 600_00)
    Payer().start(older)
    payer = Payer()
    assert 'name="bills"' not in payer.get(payer.bill_address(typed)).content.decode()


def test_bills_of_another_customer_are_never_offered(company: Company) -> None:
    typed = add_bill(company, seed=1)
    add_bill(company, seed=2, quarters_ago=3)
    payer = Payer()
    assert 'name="bills"' not in payer.get(payer.bill_address(typed)).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "amount",
    ["abc", "-5", "1,000,5", "12,345", "49,99", "0", "99999999999999999", "1430,49", "1430,51", "x" * 300, CARD],
)
def test_an_amount_that_cannot_be_paid_is_said_and_the_choice_kept(
    company: Company, language: str, amount: str
) -> None:
    typed = add_arrears(company, *ARREARS)[-1]
    page = choose(Payer(language=language), typed, bills="1", amount=amount)
    html = page.content.decode()
    assert page.status_code == 422
    assert 'id="amount-error"' in html
    assert re.search(r'<details class="part"\s+open>', html)
    assert re.search(r'value="1"\s+checked', html)
    assert CARD not in html
    assert (f'value="{amount[:254]}"' in html) == (amount != CARD)
    assert "Money(" not in html


def test_the_refusal_names_an_amount_that_would_do(company: Company) -> None:
    typed = add_arrears(company, *ARREARS)[-1]
    page = choose(Payer(language="en"), typed, bills="1", amount="1400")
    assert "less than 50.00 DA would remain" in read(page)
    assert "Pay 1,380.50 DA instead" in read(page)


@pytest.mark.parametrize("bills", ["", "0", "2", "4", "-1", "x", "999", "\u0663"])
def test_a_choice_that_is_none_is_said(company: Company, bills: str) -> None:
    typed = add_arrears(company, *ARREARS)[-1]
    page = choose(Payer(), typed, bills=bills, amount="100")
    assert page.status_code == 422
    assert 'id="bills-error"' in page.content.decode()
    assert 'value="100"' in page.content.decode()


def test_a_choice_that_another_site_sends_is_refused(company: Company) -> None:
    typed = add_arrears(company, *ARREARS)[-1]
    address = Payer().bill_address(typed)
    assert FormClient().post(address, {"bills": "3"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(count=st.integers(0, 10**30), centimes=st.integers(0, 10**30))
def test_whatever_the_address_of_a_review_says_is_answered(
    payer: Payer, company: Company, count: int, centimes: int
) -> None:
    typed = Bill.objects.first() or add_arrears(company, *ARREARS)[-1]
    address = bill_address(company=company, bill_id=typed.id, language="ar")
    assert payer.get(f"{address}pay/{count}/").status_code in {200, 422}
    assert payer.get(f"{address}pay/{count}/{centimes}/").status_code in {200, 422}


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_small_alone_is_paid_with_another_and_too_large_in_part(company: Company, language: str) -> None:
    _, small = add_arrears(company, 100_00, 30_00)
    large = add_bill(company, seed=9, due_centimes=300_000_00)
    payer = Payer(language=language)
    page = payer.get(payer.bill_address(small))
    assert re.findall(r'name="bills"\s+value="(\d+)"\s+(checked)?', page.content.decode()) == [("2", "checked")]
    assert choose(payer, small, bills="1").status_code == 422
    assert payer.get(reviewed(payer, small, bills="2")).status_code == 200
    page = choose(payer, large)
    assert page.status_code == 422
    assert "200 000,00" in read(page) or "200,000.00" in read(page)
    assert payer.get(reviewed(payer, large, amount="200000")).status_code == 200


# --- the review ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_review_shows_every_bill_the_total_and_what_remains(company: Company, language: str) -> None:
    typed = add_arrears(company, *ARREARS)[-1]
    payer = Payer(language=language)
    seen = read(payer.get(reviewed(payer, typed, bills="3", amount="1 200")))
    shown = {"en": ("1,000.00", "200.00", "400.00", "1,430.50", "1,200.00", "1,830.50")}.get(
        language, ("1 000,00", "200,00", "400,00", "1 430,50", "1 200,00", "1 830,50")
    )
    for amount in shown:
        assert amount in seen, amount


def test_the_whole_amount_typed_is_no_part(company: Company) -> None:
    typed = add_arrears(company, *ARREARS)[-1]
    payer = Payer()
    assert reviewed(payer, typed, bills="3", amount="3030,50").endswith("/pay/3/")
    assert reviewed(payer, typed, bills="1", amount=" 1430.50 ").endswith("/pay/")


def test_several_bills_are_paid_at_once_and_stand_on_one_receipt(
    payer: Payer, open_company: Company, outside: Outside
) -> None:
    bills = add_arrears(open_company, *ARREARS)
    started = payer.confirm(reviewed(payer, bills[-1], bills="3"))
    assert started.status_code == 303
    assert lines() == [(bill.id, bill.due_centimes) for bill in bills]
    assert Hold.objects.count() == 3
    attempt = started.headers["Location"]
    outside.pay(str(Payment.objects.get().gateway_reference), AMINAS_CARD)
    seen = read(payer.get(payer.get(f"{attempt}back/").headers["Location"]))
    for bill in bills:
        assert bill.payment_number in seen
        bill.refresh_from_db()
        assert bill.settled_centimes == bill.due_centimes
    assert "3 030,50" in seen
    assert "الباقي" not in seen


def test_a_part_goes_to_the_oldest_and_the_receipt_says_what_remains(
    payer: Payer, open_company: Company, outside: Outside
) -> None:
    bills = add_arrears(open_company, *ARREARS)
    attempt = payer.confirm(reviewed(payer, bills[-1], bills="3", amount="1200")).headers["Location"]
    assert lines() == [(bills[0].id, 1_000_00), (bills[1].id, 200_00)]
    outside.pay(str(Payment.objects.get().gateway_reference), AMINAS_CARD)
    seen = read(payer.get(payer.get(f"{attempt}back/").headers["Location"]))
    assert "الباقي 400,00" in seen
    assert [line["left_centimes"] for line in Receipt.objects.get().facts["lines"]] == [0, 400_00]
    again = read(payer.get(payer.bill_address(bills[1])))
    assert "400,00" in again


# --- what changes meanwhile ---


def test_a_bill_of_several_that_changed_meanwhile_is_shown_anew_and_confirmed_again(
    payer: Payer, open_company: Company
) -> None:
    bills = add_arrears(open_company, *ARREARS)
    address = reviewed(payer, bills[-1], bills="3")
    form = filled(payer.get(address)) | {"email": "amina@example.dz"}
    change(bills[0], 1_100_00)
    page = payer.client.post(address, form)
    assert page.status_code == 422
    assert "3 130,50" in read(page)
    assert 'value="amina@example.dz"' in page.content.decode()
    assert not Payment.objects.exists()
    assert payer.client.post(address, filled(page)).status_code == 303
    assert Payment.objects.get().amount_centimes == 3_130_50


def test_a_bill_of_several_that_was_paid_meanwhile_is_chosen_without(payer: Payer, open_company: Company) -> None:
    bills = add_arrears(open_company, *ARREARS)
    address = reviewed(payer, bills[-1], bills="3")
    form = filled(payer.get(address))
    Bill.objects.filter(id=bills[0].id).update(settled_centimes=1_000_00)
    page = payer.client.post(address, form)
    assert page.status_code == 422
    assert 'id="bills-error"' in page.content.decode()
    assert re.findall(r'name="bills"\s+value="(\d+)"', page.content.decode()) == ["1", "2"]
    assert not Payment.objects.exists()


def test_a_part_that_is_more_than_what_is_left_by_now_is_said(payer: Payer, open_company: Company) -> None:
    (bill,) = add_arrears(open_company, 1_000_00)
    address = reviewed(payer, bill, amount="900")
    form = filled(payer.get(address))
    change(bill, 500_00)
    page = payer.client.post(address, form)
    assert page.status_code == 422
    assert 'id="amount-error"' in page.content.decode()
    assert 'value="900,00"' in page.content.decode()
    assert not Payment.objects.exists()


def test_a_company_that_stops_taking_parts_meanwhile_says_so(payer: Payer, open_company: Company) -> None:
    (bill,) = add_arrears(open_company, 1_000_00)
    address = reviewed(payer, bill, amount="900")
    form = filled(payer.get(address))
    Company.objects.update(allows_part_payment=False)
    page = payer.client.post(address, form)
    assert page.status_code == 422
    assert "لا تقبل الدفع الجزئي" in read(page)
    assert not Payment.objects.exists()


def test_the_form_of_one_choice_sent_to_another_pays_what_was_shown(payer: Payer, open_company: Company) -> None:
    bills = add_arrears(open_company, *ARREARS)
    shown, other = reviewed(payer, bills[-1], bills="3"), reviewed(payer, bills[-1], bills="1")
    assert payer.client.post(other, filled(payer.get(shown))).status_code == 303
    assert Payment.objects.get().amount_centimes == sum(ARREARS)


# --- after a refusal ---


def refused(payer: Payer, company: Company, outside: Outside) -> tuple[list[Bill], str]:
    bills = add_arrears(company, *ARREARS)
    attempt = payer.confirm(reviewed(payer, bills[-1], bills="3", amount="1000")).headers["Location"]
    outside.pay(str(Payment.objects.get().gateway_reference), YACINES_CARD)
    payer.get(f"{attempt}back/")
    return bills, attempt


def test_after_an_empty_account_a_part_is_offered_where_the_company_takes_parts(
    payer: Payer, open_company: Company, outside: Outside
) -> None:
    _, attempt = refused(payer, open_company, outside)
    assert "دفع جزء الآن" in read(payer.get(attempt))
    Company.objects.update(allows_part_payment=False)
    assert "دفع جزء الآن" not in read(payer.get(attempt))


def test_trying_again_leads_the_same_browser_to_the_bill_that_it_had_found(
    payer: Payer, open_company: Company, outside: Outside
) -> None:
    bills, attempt = refused(payer, open_company, outside)
    again = next(address for address in links(payer.get(attempt)) if "/bill/" in address)
    assert bills[-1].payment_number in read(payer.get(again))


@pytest.mark.parametrize("cookie", ["", "x", "{attempt}", "{attempt}./../x", "{attempt}.x:y:z", "\u00e9.\u00e9"])
def test_trying_again_leads_nobody_else_to_a_bill_whose_number_was_not_typed(
    payer: Payer, open_company: Company, outside: Outside, cookie: str
) -> None:
    _, attempt = refused(payer, open_company, outside)
    stranger = Payer()
    stranger.client.cookies["attempt"] = cookie.format(attempt=attempt.split("/")[-2])
    page = stranger.get(attempt)
    assert not any("/bill/" in address for address in links(page))
    assert "/ar/oran/pay/" in links(page)
