"""Refunds on pages: asked for line by line, approved by another person after a step-up, closed with evidence."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.refund_payment import refund_payment
from bawabati.notices.models import PayerPhone
from bawabati.payments.models import Payment, PaymentLine, Refund, RefundPart
from bawabati.payments.rules import RefundKind, RefundReason, RefundState
from bawabati.people.rules import Role
from bawabati.web.shared.staff_session import CONFIRMED_AT
from money_back import LATER, PHONE, asked, left_to_a_person, paid_payment, person
from outside import Outside
from people import NADIA, OMAR, SALIMA, add_arrears, add_company
from staff import add_agency, add_person, signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.usefixtures("collected")


@pytest.fixture
def bills(open_company: Company) -> list[Bill]:
    return add_arrears(open_company, 500_00, 1_000_00)


@pytest.fixture
def payment(outside: Outside, open_company: Company, bills: list[Bill]) -> Payment:
    open_company.offers_other_bills = True
    open_company.save()
    return paid_payment(outside, open_company, *bills)


@pytest.fixture
def salima(open_company: Company) -> Client:  # noqa: ARG001 - where she works
    return signed_in(person(SALIMA))


@pytest.fixture
def nadia(open_company: Company) -> Client:  # noqa: ARG001 - where she works
    return signed_in(person(NADIA))


def address(name: str, *args: object, language: str = "en") -> str:
    return reverse(name, args=[language, *args])


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("\u00a0", " ").split())


def form(payment: Payment, **changed: str) -> dict[str, str]:
    lines = {f"line-{line.id}": "" for line in PaymentLine.objects.filter(payment=payment)}
    return {"reason": "bill_due_again", "because": "paid for the wrong house", "amount": "", **lines, **changed}


def test_a_refund_is_asked_for_line_by_line(salima: Client, payment: Payment, bills: list[Bill]) -> None:
    page = salima.get(address("office_ask_refund", payment.id))
    seen = words(page)
    assert "At most 500.00 DA" in seen
    assert "At most 1,000.00 DA" in seen
    line = PaymentLine.objects.get(payment=payment, bill=bills[0])
    posted = form(payment, **{f"line-{line.id}": "120,50"})
    answer = salima.post(address("office_ask_refund", payment.id), posted)
    refund = Refund.objects.get()
    assert answer.headers["Location"] == address("office_refund", refund.id)
    assert (refund.amount_centimes, refund.state, refund.because) == (120_50, "requested", "paid for the wrong house")
    assert [(part.line_id, part.amount_centimes) for part in RefundPart.objects.all()] == [(line.id, 120_50)]


def test_it_is_found_by_the_number_that_the_customer_has(salima: Client, payment: Payment) -> None:
    for number in (payment.order_number, "2026-W-0000001", payment.gateway_reference or ""):
        answer = salima.post(address("office_seek_refund"), {"number": number})
        assert answer.headers["Location"] == address("office_ask_refund", payment.id), number
    assert salima.get(address("office_seek_refund")).status_code == 200
    for number in ("", "nothing", "6280581110007215"):
        answer = salima.post(address("office_seek_refund"), {"number": number})
        assert answer.status_code == 422
        assert "6280581110007215" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"because": " "}, "Say why."),
        ({"because": "card 6280581110007215"}, "looks like a bank card number"),
        ({"reason": ""}, "Choose why money goes back."),
        ({"reason": "goodwill", "amount": "abc"}, "This is not an amount"),
        ({"reason": "goodwill", "amount": "0"}, "Say an amount above zero."),
        ({"reason": "goodwill", "amount": "9999"}, "At most 1 500,00 DA"),
        ({"reason": "credit"}, "Nothing of this payment can be given back in this way."),
        ({"because": "x" * 600}, "At most 500 letters"),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(
    salima: Client, payment: Payment, changed: dict[str, str], sentence: str
) -> None:
    answer = salima.post(address("office_ask_refund", payment.id), form(payment, **changed))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "6280581110007215" not in answer.content.decode()
    if "because" not in changed:
        assert "paid for the wrong house" in answer.content.decode()
    assert not Refund.objects.exists()


def test_more_than_a_line_holds_is_refused(salima: Client, payment: Payment, bills: list[Bill]) -> None:
    line = PaymentLine.objects.get(payment=payment, bill=bills[0])
    answer = salima.post(address("office_ask_refund", payment.id), form(payment, **{f"line-{line.id}": "600"}))
    assert "At most 500,00 DA" in words(answer)


def test_the_other_person_reads_it_once_more_and_approves(nadia: Client, payment: Payment, outside: Outside) -> None:
    refund = asked(payment, 700_00, now=timezone.now())
    assert "Read it once more and approve" in words(nadia.get(address("office_refund", refund.id)))
    page = words(nadia.get(address("office_approve_refund", refund.id)))
    assert "and to no other" in page
    assert "Approve 700.00 DA" in page
    nadia.post(address("office_approve_refund", refund.id))
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by) == (RefundState.APPROVED, person(NADIA))
    assert "The machine is at it" in words(nadia.get(address("office_refund", refund.id)))
    refund_payment(refund_id=refund.id, now=timezone.now())
    seen = words(nadia.get(address("office_refund", refund.id)))
    assert "The gateway has given the money back" in seen
    assert outside.order(payment.gateway_reference or "")["returned_centimes"] == 700_00
    again = nadia.post(address("office_approve_refund", refund.id))
    assert again.status_code == 422
    assert "already moved on" in words(again)


def test_nobody_approves_or_closes_what_she_asked_for(salima: Client, payment: Payment, outside: Outside) -> None:
    refund = left_to_a_person(outside, payment)
    assert "Not you, who asked for it" in words(salima.get(address("office_refund", refund.id)))
    answer = salima.post(address("office_close_refund", refund.id), {"how": "done", "because": "slip 12"})
    assert "Another person has to approve this." in words(answer)
    other = asked(paid_payment_of_another(outside, payment), now=timezone.now())
    answer = salima.post(address("office_approve_refund", other.id))
    assert "Another person has to approve this." in words(answer)
    other.refresh_from_db()
    assert other.state == RefundState.REQUESTED


def paid_payment_of_another(outside: Outside, payment: Payment) -> Payment:
    (bill,) = add_arrears(payment.company, 300_00, seed=300)
    return paid_payment(outside, payment.company, bill, key="other")


def test_deciding_asks_for_the_second_factor_once_more(nadia: Client, payment: Payment) -> None:
    refund = asked(payment, now=timezone.now())
    session = nadia.session
    session[CONFIRMED_AT] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    for name, identifier in (("office_approve_refund", refund.id), ("office_close_refund", refund.id)):
        for answer in (nadia.get(address(name, identifier)), nadia.post(address(name, identifier))):
            assert answer.headers["Location"].startswith(address("staff_confirm"))
    refund.refresh_from_db()
    assert refund.state == RefundState.REQUESTED
    assert nadia.get(address("office_refund", refund.id)).status_code == 200


def test_after_a_lost_factor_nobody_moves_money(salima: Client, nadia: Client, payment: Payment) -> None:
    refund = asked(payment, now=timezone.now())
    for login in (SALIMA, NADIA):
        who = person(login)
        who.refunds_from = timezone.now() + timedelta(hours=3)
        who.save()
    assert "no refunds before" in words(nadia.post(address("office_approve_refund", refund.id)))
    answer = salima.post(address("office_ask_refund", payment.id), form(payment, reason="goodwill", amount="10"))
    assert "no refunds before" in words(answer)


def test_it_is_refused_by_one_and_taken_back_by_the_other(salima: Client, nadia: Client, payment: Payment) -> None:
    first = asked(payment, now=timezone.now())
    assert "Say why." in words(nadia.post(address("office_refuse_refund", first.id), {"because": ""}))
    nadia.post(address("office_refuse_refund", first.id), {"because": "the bill is right"})
    first.refresh_from_db()
    assert first.state == RefundState.REFUSED
    second = asked(payment, now=timezone.now())
    assert "Take it back" in words(salima.get(address("office_refund", second.id)))
    salima.post(address("office_take_refund_back", second.id), {"because": "my mistake"})
    second.refresh_from_db()
    assert second.state == RefundState.REFUSED
    assert "my mistake" in words(salima.get(address("office_refund", second.id)))


def test_what_is_left_to_a_person_is_closed_with_evidence(nadia: Client, payment: Payment, outside: Outside) -> None:
    refund = left_to_a_person(outside, payment)
    seen = words(nadia.get(address("office_refund", refund.id)))
    assert "The gateway holds another sum than our books say" in seen
    close = address("office_close_refund", refund.id)
    assert "Say what became of the money." in words(nadia.post(close, {"how": "", "because": "slip"}))
    assert "which says otherwise" in words(nadia.post(close, {"how": "refused", "because": "slip"}))
    nadia.post(close, {"how": "done", "because": "console, slip 12"})
    refund.refresh_from_db()
    assert refund.state == RefundState.DONE
    assert "console, slip 12" in words(nadia.get(address("office_refund", refund.id)))


def test_what_others_took_back_is_written_down_by_two(
    salima: Client, nadia: Client, payment: Payment, outside: Outside
) -> None:
    outside.give_back(payment.gateway_reference or "", 200_00)
    posted = form(payment, reason="taken_back", amount="200", because="dispute 9")
    salima.post(address("office_ask_refund", payment.id), posted)
    reversal = Refund.objects.get()
    assert (reversal.kind, reversal.amount_centimes) == (RefundKind.REVERSAL, 200_00)
    assert "Nothing is sent" in words(nadia.get(address("office_approve_refund", reversal.id)))
    nadia.post(address("office_approve_refund", reversal.id))
    reversal.refresh_from_db()
    assert reversal.state == RefundState.DONE
    assert "Taken back by others" in words(nadia.get(address("office_refunds")))


def test_the_list_is_narrowed_in_its_address_and_taken_away(salima: Client, payment: Payment) -> None:
    refund = asked(payment, now=timezone.now())
    assert "waits for approval: 1" in words(salima.get(address("office_refunds")))
    assert str(refund.id) in words(salima.get(address("office_refunds") + "?state=requested&kind=refund"))
    assert "No refund fits" in words(salima.get(address("office_refunds") + "?state=done"))
    file = salima.get(address("office_refunds") + "?as=csv")
    assert payment.order_number in b"".join(file).decode("utf-8-sig")  # type: ignore[call-overload]  # it streams
    assert AuditEntry.objects.filter(action="read_refunds_export").exists()


def test_whoever_looks_is_written_down(salima: Client, payment: Payment) -> None:
    refund = asked(payment, now=timezone.now())
    salima.get(address("office_refund", refund.id))
    assert AuditEntry.objects.filter(action="read_refund", target=f"refund:{refund.id}").count() == 1


def test_a_number_of_the_payer_is_kept_where_sms_are_sent(
    salima: Client, payment: Payment, settings: LazySettings
) -> None:
    assert "told by SMS" not in words(salima.get(address("office_ask_refund", payment.id)))
    settings.SMS_URL = "http://127.0.0.1:1/"
    assert "told by SMS" in words(salima.get(address("office_ask_refund", payment.id)))
    posted = form(payment, reason="goodwill", amount="10", phone="12")
    assert "not an Algerian mobile number" in words(salima.post(address("office_ask_refund", payment.id), posted))
    salima.post(address("office_ask_refund", payment.id), posted | {"phone": "0551 23 45 67"})
    assert PayerPhone.objects.get().phone == PHONE
    assert Refund.objects.get().reason == RefundReason.GOODWILL


def test_only_who_may_sees_it_and_only_in_the_own_company(payment: Payment, open_company: Company) -> None:
    refund = asked(payment, now=timezone.now())
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=open_company))
    seen = words(auditor.get(address("office_refund", refund.id)))
    assert "Read it once more and approve" not in seen
    assert auditor.get(address("office_approve_refund", refund.id)).status_code == 403
    assert auditor.post(address("office_refuse_refund", refund.id), {"because": "x"}).status_code == 403
    assert signed_in(person(OMAR)).get(address("office_refunds")).status_code == 403
    other = add_company("other")
    stranger = signed_in(add_person("finance@other.example", Role.FINANCE, company=other))
    for name in ("office_refund", "office_approve_refund", "office_close_refund"):
        assert stranger.get(address(name, refund.id)).status_code == 404
    assert stranger.get(address("office_ask_refund", payment.id)).status_code == 404
    assert "No money has gone back yet" in words(stranger.get(address("office_refunds")))


def test_the_head_of_an_agency_sees_what_he_asked_for_alone(payment: Payment, open_company: Company) -> None:
    agency = add_agency(open_company)
    head = add_person("head@oran.example", Role.AGENCY_HEAD, company=open_company, agency=agency)
    client = signed_in(head, agency=agency)
    refund = asked(payment, now=timezone.now())
    assert client.get(address("office_refund", refund.id)).status_code == 404
    assert str(payment.order_number) not in words(client.get(address("office_refunds")))


def test_pages_of_what_is_not_there_say_so(salima: Client) -> None:
    for name in ("office_refund", "office_ask_refund", "office_approve_refund", "office_case", "office_notice"):
        assert salima.get(address(name, 999_999)).status_code == 404


def test_a_payment_that_went_back_whole_says_so_and_offers_no_refund_any_more(salima: Client, payment: Payment) -> None:
    page = words(salima.get(address("office_payment", payment.id)))
    assert "Ask for a refund" in page
    assert "gone back" not in page
    refund = asked(payment, 700_00)
    assert "Ask for a refund" not in words(salima.get(address("office_payment", payment.id)))
    give_back(refund)
    page = words(salima.get(address("office_payment", payment.id)))
    assert "of it have gone back to the payer." in page
    assert "All of it" not in page
    give_back(asked(payment))
    page = words(salima.get(address("office_payment", payment.id)))
    assert "All of it has gone back to the payer." in page
    assert "Ask for a refund" not in page


def give_back(refund: Refund) -> None:
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_payment(refund_id=refund.id, now=LATER)
