"""The receipt: every field, four ways to keep it, and nobody else's."""

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency import add_agency, cash, open_desk
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.refund_payment import refund_payment
from bawabati.links import receipt_address
from bawabati.money.amount import Money
from bawabati.notices.models import Notice, NoticeAddress
from bawabati.payments.models import Payment, Refund
from bawabati.payments.rules import RefundReason
from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt
from outside import Outside
from payers import FormClient, Page, Payer, links, words
from people import AMINAS_CARD, KARIMS_CARD, NADIA, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("collected")

LANGUAGES = ("ar", "fr", "en")


def paid(payer: Payer, bill: Bill, outside: Outside, card: object = AMINAS_CARD) -> str:
    """The address of the receipt of a payment made now."""
    attempt = payer.start(bill)
    outside.pay(str(Payment.objects.latest("id").gateway_reference), card)  # type: ignore[arg-type]
    return str(payer.get(f"{attempt}back/").headers["Location"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_shows_every_field_and_four_ways_to_keep_it(
    open_bill: Bill,
    outside: Outside,
    language: str,
) -> None:
    payer = Payer(language=language)
    address = paid(payer, open_bill, outside)
    page = payer.get(address)
    facts = Receipt.objects.get().facts
    seen = words(page).replace("\u00a0", " ")
    for field in (
        "company_name", "legal_form", "company_address", "company_phone", "nif", "nis", "rc", "ai", "status",
        "gateway_message", "transaction_id", "order_number", "approval_code", "masked_card", "number",
        "amount_in_words",
    ):  # fmt: skip
        assert facts[field], field
        assert " ".join(facts[field].split()) in seen, field
    for field in ("payment_number", "bill_number", "customer_number", "holder_initials"):
        assert facts["lines"][0][field] in seen, field
    assert "CIB / Edahabia" in seen
    assert "3020" in seen
    assert {"ar": "1 430,50 دج", "fr": "1 430,50 DA", "en": "1,430.50 DA"}[language] in seen
    kept = {f"{address}print/", f"{address}receipt.pdf", f"{address}receipt.png", "#email"}
    assert kept <= set(links(page))


def test_the_receipt_keeps_its_language_while_the_page_around_it_changes(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    address = paid(payer, open_bill, outside)
    html = " ".join(payer.get(f"/fr{address}").content.decode().split())
    assert '<html lang="fr" dir="ltr">' in html
    assert '<article class="paper receipt" lang="ar" dir="rtl">' in html
    assert "تم قبول الدفع" in html
    assert "رقم الوصل" in html


def test_pdf_and_picture_are_files_with_the_receipts_number(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    address = paid(payer, open_bill, outside)
    pdf, png = payer.get(f"{address}receipt.pdf"), payer.get(f"{address}receipt.png")
    assert pdf.content.startswith(b"%PDF-")
    assert png.content.startswith(b"\x89PNG")
    number = Receipt.objects.get().facts["number"]
    assert f'filename="{number}.pdf"' in pdf.headers["Content-Disposition"]
    assert payer.get(f"{address}receipt.pdf").content == pdf.content


def test_the_print_page_holds_the_receipt_and_nothing_to_press(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    page = payer.get(f"{paid(payer, open_bill, outside)}print/").content.decode()
    assert "window.print()" in page
    assert "<form" not in page
    assert "<footer" not in page


def test_every_part_of_a_receipt_is_private(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    address = paid(payer, open_bill, outside)
    for part in (address, f"{address}print/", f"{address}receipt.pdf", f"{address}receipt.png", f"/fr{address}"):
        headers = payer.get(part).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]


def test_nobody_guesses_a_receipt(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    address = paid(payer, open_bill, outside)
    attempt = next(iter(payer.client.cookies.values())).value
    for other in (f"/r/{attempt}/", address[:-2] + ("A" if address[-2] != "A" else "B") + "/"):
        for part in ("", "print/", "receipt.pdf", "receipt.png"):
            assert payer.get(other + part).status_code == 404


def test_it_is_sent_by_email_and_the_page_says_how_the_message_is_doing(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    address = paid(payer, open_bill, outside)
    sent = payer.client.post(f"/ar{address}email/", {"email": "amina@example.dz"})
    assert sent.status_code == 303
    assert NoticeAddress.objects.get().address == "amina@example.dz"
    said = {"waiting": "في طريقها", "sent": "أُرسلت الرسالة", "rejected": "تعذّر إيصال", "given_up": "تعذّر إيصال"}
    for state, told in said.items():
        Notice.objects.update(state=state, sent_at=Receipt.objects.get().issued_at)
        assert told in words(payer.get(address)), state


@pytest.mark.parametrize("email", ["", "x", "6280581110007215@example.dz", "a@b.dz\nBcc: c@d.dz"])
def test_an_address_that_leads_nowhere_is_said(payer: Payer, open_bill: Bill, outside: Outside, email: str) -> None:
    page = payer.client.post(f"/ar{paid(payer, open_bill, outside)}email/", {"email": email})
    assert page.status_code == 422
    assert 'id="address-error"' in page.content.decode()
    assert "6280581110007215" not in page.content.decode()
    assert Notice.objects.count() == 0
    assert payer.get(page.request["PATH_INFO"]).status_code == 302


def test_a_receipt_is_sent_three_times_a_day_and_no_more(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    address = paid(payer, open_bill, outside)
    answers = [payer.client.post(f"/ar{address}email/", {"email": "a@b.dz"}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert Notice.objects.count() == 3


def test_money_that_found_its_bill_paid_is_explained_with_file_and_day(
    payer: Payer, open_bill: Bill, outside: Outside
) -> None:
    first = payer.start(open_bill)
    reference = str(Payment.objects.get().gateway_reference)
    payer.get(f"{first}back/not-paid/")  # frees the bill, while the card page still stands
    paid(Payer(), open_bill, outside, KARIMS_CARD)
    outside.pay(reference, AMINAS_CARD)
    receipt = payer.get(payer.get(f"{first}back/").headers["Location"])
    seen = words(receipt).replace("\u00a0", " ")
    assert "الزيادة 1 430,50 دج" in seen
    case = Case.objects.get(kind="surplus")
    assert f"{case.promised_on:%d/%m/%Y}" in seen


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(token=st.text(max_size=60))
def test_whatever_stands_in_the_address_is_answered(payer: Payer, token: str) -> None:
    from urllib.parse import quote  # noqa: PLC0415

    for address in (f"/r/{quote(token)}/", f"/ar/payment/{quote(token)}/back/", f"/ar/oran/bill/{quote(token)}/"):
        assert payer.get(address).status_code in {301, 404}


def test_money_that_goes_back_is_told_on_the_page_at_each_step(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    address = f"/en{paid(payer, open_bill, outside)}"
    refund = ask_refund(
        payment_id=Payment.objects.get().id,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=Money(500_00),
        because="paid for the wrong house",
        login=SALIMA,
        now=timezone.now(),
    )
    assert "It was asked to give back 500.00 DA of this payment." in words(payer.get(address))
    approve_refund(refund_id=refund.id, login=NADIA, now=timezone.now())
    assert "Of this payment 500.00 DA are on their way back to you." in words(payer.get(address))
    refund_payment(refund_id=refund.id, now=timezone.now())
    assert "Of this payment 500.00 DA were given back on " in words(payer.get(address))


# --- what was too much ---


@pytest.fixture
def surplus(payer: Payer, open_bill: Bill, outside: Outside) -> str:
    """The address of the receipt of a payment that found its bill paid."""
    first = payer.start(open_bill)
    reference = str(Payment.objects.get().gateway_reference)
    payer.get(f"{first}back/not-paid/")
    paid(Payer(), open_bill, outside, KARIMS_CARD)
    outside.pay(reference, AMINAS_CARD)
    return str(payer.get(f"{first}back/").headers["Location"])


def choose(payer: Payer, receipt: str, choice: str) -> Page:
    return payer.client.post(f"/{payer.language}{receipt}surplus/", {"choice": choice})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_payer_chooses_what_becomes_of_it_and_may_think_again(surplus: str, language: str) -> None:
    payer = Payer(language=language)
    html = payer.get(f"/{language}{surplus}").content.decode()
    assert 'value="credit"' in html
    assert 'value="card"' in html
    assert choose(payer, surplus, "card").status_code == 303
    assert Refund.objects.get().amount_centimes == 1_430_50
    html = payer.get(f"/{language}{surplus}").content.decode()
    assert 'value="credit"' in html
    assert 'value="card"' not in html
    assert choose(payer, surplus, "credit").status_code == 303
    assert Refund.objects.get().state == "refused"
    assert 'value="card"' in payer.get(f"/{language}{surplus}").content.decode()


def test_once_somebody_has_decided_there_is_nothing_to_choose(payer: Payer, surplus: str) -> None:
    choose(payer, surplus, "card")
    Refund.objects.update(state="approved", decided_by=Staff.objects.get(login=SALIMA), next_step_at=timezone.now())
    html = payer.get(surplus).content.decode()
    assert 'name="choice"' not in html
    page = choose(payer, surplus, "credit")
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_a_choice_that_is_none_a_foreign_site_and_too_many_changes_are_refused(payer: Payer, surplus: str) -> None:
    assert choose(payer, surplus, "x").status_code == 422
    foreign = FormClient().post(f"/ar{surplus}surplus/", {"choice": "card"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert not Refund.objects.exists()
    assert payer.get(f"/ar{surplus}surplus/").status_code == 302
    answers = [choose(payer, surplus, choice).status_code for choice in ("card", "credit") * 4]
    assert answers == [303] * 6 + [429] * 2


def test_a_receipt_without_too_much_offers_no_choice(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    address = paid(payer, open_bill, outside)
    assert 'name="choice"' not in payer.get(address).content.decode()
    page = choose(payer, address, "card")
    assert page.status_code == 422
    assert not Refund.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bill_that_was_replaced_meanwhile_says_where_its_money_went(
    open_company: Company, open_bill: Bill, outside: Outside, language: str
) -> None:
    payer = Payer(language=language)
    newer = add_bill(open_company, seed=2, due_centimes=1_000_00, customer_number=open_bill.customer.number)
    attempt = payer.start(open_bill)
    Bill.objects.filter(id=open_bill.id).update(status="replaced", replaced_by=newer.payment_number)
    outside.pay(str(Payment.objects.get().gateway_reference), AMINAS_CARD)
    address = payer.get(f"{attempt}back/").headers["Location"]
    seen = words(payer.get(address)).replace("\u00a0", " ")
    assert newer.payment_number in seen
    assert "1 000,00" in seen or "1,000.00" in seen
    assert "430,50" in seen or "430.50" in seen
    assert payer.get(f"{address}receipt.pdf").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_of_cash_at_a_desk_opens_by_its_link_and_speaks_of_no_card(open_bill: Bill, language: str) -> None:
    sale = cash(open_desk(add_agency(open_bill.company)), open_bill)
    receipt = Receipt.objects.get(payment__sale=sale)
    address = receipt_address(receipt.id, host_name="").partition("/r/")[2]
    page = Payer(language=language).get(f"/{language}/r/{address}")
    seen = words(page).replace("\u00a0", " ")
    for said in ("2026-AG07-0000001", "AG07-C1", "Warda", "Espèces", receipt.facts["amount_in_words"]):
        assert said in seen, said
    assert "1 445,50 DA" in seen or "1,445.50 DA" in seen or "1 445,50 دج" in seen
    assert "CIB" not in seen


def test_from_a_receipt_one_asks_for_reminders_and_sees_no_bill(open_bill: Bill, outside: Outside) -> None:
    payer = Payer(language="fr")
    page = payer.get(paid(payer, open_bill, outside))
    (remind,) = [link for link in links(page) if link.endswith("/remind/")]
    assert payer.get(remind).status_code == 200
    for elsewhere in ("", "pay/", "debts/"):
        assert payer.get(remind.removesuffix("remind/") + elsewhere).status_code == 404
