"""The last page before the bank's, and what its button starts."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.bills.models import Bill, BillVersion
from bawabati.companies.models import Company, CompanyText, Mark
from bawabati.payments.models import Payment, PaymentContact
from bawabati.web.public.bill_link import bill_address
from payers import FormClient, Payer, filled, hidden, links, words
from people import NOON

pytestmark = pytest.mark.usefixtures("collected")

LANGUAGES = ("ar", "fr", "en")
CARD = "6280581110007215"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_review_holds_what_the_acquirers_acceptance_asks(bill: Bill, language: str) -> None:
    payer = Payer(language=language)
    page = payer.get(payer.review_address(bill))
    amount = {"ar": "1 430,50 دج", "fr": "1 430,50 DA", "en": "1,430.50 DA"}[language]
    html = page.content.decode().replace("\u00a0", " ")
    assert f"<strong><bdi>{amount}</bdi></strong>" in html
    button = html.partition('class="pay"')[2].partition("</button>")[0]
    assert amount in button
    assert "CIB · Edahabia" in button
    for text in ("payment_terms", "sale_terms"):
        assert f"<p>{text} ({language})</p>" in html
    assert 'type="checkbox"' in html
    assert 'name="accept"' in html
    assert "data-captcha" in html
    assert "2021" in html
    assert "3020" in html
    assert "checked" not in re.findall(r"<input[^>]*name=\"accept\"[^>]*>", html)[0]


def test_a_licensed_mark_stands_on_the_button_without_a_request_of_its_own(payer: Payer, bill: Bill) -> None:
    Mark.objects.create(
        company=bill.company, kind="cib_edahabia", content=b"<svg/>", content_type="image/svg+xml", licence="test",
        uploaded_at=NOON,
    )  # fmt: skip
    page = payer.get(payer.review_address(bill)).content.decode()
    assert 'src="data:image/svg+xml;base64,PHN2Zy8+"' in page
    assert "CIB · Edahabia" not in page


def test_the_button_starts_one_payment_and_leads_on(payer: Payer, open_bill: Bill) -> None:
    attempt = payer.start(open_bill, email="amina@example.dz")
    payment = Payment.objects.get()
    assert payment.state == "at_gateway"
    assert PaymentContact.objects.get(payment=payment).email == "amina@example.dz"
    page = payer.get(attempt)
    assert payment.page_url in links(page)
    assert 'rel="noreferrer"' in page.content.decode()


def test_it_works_without_cookies_and_for_browsers_that_say_nothing_of_themselves(
    payer: Payer, open_bill: Bill
) -> None:
    address = payer.review_address(open_bill)
    old_browser = FormClient()
    form = filled(old_browser.get(address))
    assert old_browser.cookies == {}
    assert FormClient().post(address, form).status_code == 303


def test_pressing_twice_starts_one_payment(payer: Payer, open_bill: Bill) -> None:
    address = payer.review_address(open_bill)
    form = filled(payer.get(address))
    first, second = payer.client.post(address, form), payer.client.post(address, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Payment.objects.count() == 1


def test_without_the_terms_nothing_starts_and_what_was_good_is_kept(payer: Payer, bill: Bill) -> None:
    page = payer.confirm(payer.review_address(bill), accept="", email="amina@example.dz")
    assert page.status_code == 422
    assert 'id="accept-error"' in page.content.decode()
    assert 'value="amina@example.dz"' in page.content.decode()
    assert Payment.objects.count() == 0


def test_without_the_captcha_nothing_starts(payer: Payer, bill: Bill) -> None:
    page = payer.confirm(payer.review_address(bill), captcha_work="")
    assert page.status_code == 422
    assert "لستم روبوتًا" in words(page)
    assert Payment.objects.count() == 0


def test_asking_for_the_picture_keeps_the_form_and_starts_nothing(payer: Payer, bill: Bill) -> None:
    page = payer.confirm(payer.review_address(bill), captcha_way="picture", email="amina@example.dz")
    html = page.content.decode()
    assert page.status_code == 200
    assert "captcha_code" in html
    assert 'value="amina@example.dz"' in html
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("email", ["amina", "amina@", "a@b.c\r\nBcc: x@y.z", "a b@c.dz", "x" * 300 + "@example.dz"])
def test_an_email_that_leads_nowhere_is_said_before_paying(payer: Payer, bill: Bill, email: str) -> None:
    page = payer.confirm(payer.review_address(bill), email=email)
    assert page.status_code == 422
    assert 'id="email-error"' in page.content.decode()
    assert Payment.objects.count() == 0


def test_a_card_number_in_the_email_field_is_not_given_back(payer: Payer, bill: Bill) -> None:
    page = payer.confirm(payer.review_address(bill), email=f"{CARD}@example.dz")
    assert page.status_code == 422
    assert CARD not in page.content.decode()


def test_a_bill_that_changed_meanwhile_is_shown_anew_and_confirmed_again(payer: Payer, open_bill: Bill) -> None:
    address = payer.review_address(open_bill)
    form = filled(payer.get(address))
    old = BillVersion.objects.get(bill=open_bill)
    BillVersion.objects.create(
        company=open_bill.company, bill=open_bill, version=2, batch=old.batch, due_centimes=1_500_00,
        lines=[["Eau", 1_500_00]], fingerprint="2",
    )  # fmt: skip
    Bill.objects.filter(id=open_bill.id).update(version=2, due_centimes=1_500_00)
    page = payer.client.post(address, form)
    assert page.status_code == 422
    assert "1 500,00 دج" in words(page).replace("\u00a0", " ")
    assert 'role="alert"' in page.content.decode()
    assert Payment.objects.count() == 0
    assert payer.client.post(address, filled(page)).status_code == 303
    assert Payment.objects.get().amount_centimes == 1_500_00


def test_terms_that_changed_meanwhile_are_shown_anew(payer: Payer, open_bill: Bill) -> None:
    address = payer.review_address(open_bill)
    form = filled(payer.get(address))
    CompanyText.objects.create(
        company=open_bill.company,
        kind="sale_terms",
        language="ar",
        version=2,
        body="شروط جديدة",
        effective_at=NOON,
        written_at=NOON,
    )
    page = payer.client.post(address, form)
    assert page.status_code == 422
    assert "شروط جديدة" in words(page)
    assert Payment.objects.count() == 0


def test_what_the_form_sealed_cannot_be_changed(payer: Payer, bill: Bill) -> None:
    address = payer.review_address(bill)
    order = hidden(payer.get(address), "order")
    for forged in ("", "x", order[:-1], order.replace(order[:4], "AAAA", 1), "\x00"):
        assert payer.confirm(address, order=forged).status_code == 422
    assert Payment.objects.count() == 0


def test_the_form_of_one_bill_does_not_pay_another(payer: Payer, company: Company, bill: Bill) -> None:
    from people import add_bill  # noqa: PLC0415

    other = payer.get(payer.review_address(add_bill(company, seed=2)))
    assert payer.confirm(payer.review_address(bill), order=hidden(other, "order")).status_code == 422


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_a_form_that_another_site_sends_is_refused(payer: Payer, open_bill: Bill, headers: dict[str, str]) -> None:
    address = payer.review_address(open_bill)
    form = filled(payer.get(address))
    page = FormClient().post(address, form, headers=headers)
    assert page.status_code == 403
    assert "موقع آخر" in words(page)
    assert Payment.objects.count() == 0


def test_a_second_payer_is_stopped_before_the_card_page(payer: Payer, open_bill: Bill) -> None:
    karim = Payer()
    address = karim.review_address(open_bill)
    form = filled(karim.get(address))
    payer.start(open_bill)
    page = karim.client.post(address, form)
    assert "توجد عملية دفع جارية" in words(page)
    assert Payment.objects.count() == 1


ANYTHING = st.text(max_size=120)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(order=ANYTHING, accept=ANYTHING, email=ANYTHING, captcha=ANYTHING)
def test_whatever_is_posted_is_answered(
    payer: Payer, bill: Bill, order: str, accept: str, email: str, captcha: str
) -> None:
    address = bill_address(company=bill.company, bill_id=bill.id, language="ar", name="review")
    post = {"order": order, "accept": accept, "email": email, "captcha_work": captcha, "captcha_ticket": captcha}
    assert payer.client.post(address, post).status_code == 422
