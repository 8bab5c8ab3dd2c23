"""The payer is told at each step, by e-mail and by SMS; what goes back in a day is capped; numbers can be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import LazySettings

from bawabati.adapters.messages.text_length import length_of
from bawabati.audit.models import AuditEntry
from bawabati.flows.approve_refund import RefundsOfDayReached, approve_refund, refuse_refund
from bawabati.flows.ask_refund import ask_reversal
from bawabati.flows.check_books import check_books
from bawabati.flows.close_refund import HowClosed, close_refund
from bawabati.flows.keep_notice import forget_old_addresses, send_again
from bawabati.flows.leave_phone import NoSms, forget_phone, leave_phone, note_phone
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.send_notice import send_notice
from bawabati.guard.rules import Visitor
from bawabati.jobs.letters import letter
from bawabati.jobs.short_messages import NEWS
from bawabati.money.amount import Money
from bawabati.notices.models import Notice, NoticeAddress, PayerPhone
from bawabati.notices.rules import ADDRESSES_KEPT, PHONES_KEPT, Means, NoticeState, PhoneWrong
from bawabati.payments.models import Refund
from bawabati.payments.rules import RefundState
from bawabati.people.rules import Role, SamePerson
from bawabati.receipts.models import Receipt
from money_back import EMAIL, LATER, PHONE, asked, left_to_a_person, paid_payment
from outside import Outside
from people import NADIA, NOON, SALIMA, add_bill
from programs import Program
from staff import add_person

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from bawabati.payments.models import Payment

pytestmark = pytest.mark.usefixtures("database")

YASMINE = "yasmine@oran.example"
VISITOR = Visitor(address="198.51.100.7")


@pytest.fixture(autouse=True)
def ways_out(sandbox: Program, outside: Outside, settings: LazySettings) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"
    settings.SMS_URL, settings.SMS_KEY = f"{outside.url}/sms/messages", "key"


@pytest.fixture
def paid(outside: Outside, company: Company, bill: Bill) -> Payment:
    return paid_payment(outside, company, bill)


@pytest.fixture
def with_phone(paid: Payment) -> Payment:
    leave_phone(
        receipt=Receipt.objects.get(), phone="0551 23 45 67", language="fr", visitor=VISITOR,
        challenge_passed=False, now=LATER,
    )  # fmt: skip
    return paid


def send_all(now: datetime = LATER) -> None:
    for notice in Notice.objects.filter(state="waiting").order_by("id"):
        send_notice(notice_id=notice.id, write_letter=letter, now=now)


def kinds(means: Means) -> list[str]:
    return list(Notice.objects.filter(means=means).order_by("id").values_list("kind", flat=True))


def test_every_step_is_told_by_mail_and_by_sms_each_in_its_language(
    outside: Outside, with_phone: Payment, bill: Bill
) -> None:
    refund = asked(with_phone, 400_00)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_payment(refund_id=refund.id, now=LATER)
    told = ["receipt", "refund_requested", "refund_approved", "refund_done"]
    assert kinds(Means.EMAIL) == kinds(Means.SMS) == told
    send_all()
    texts = [sms["text"] for sms in outside.sms(PHONE)]
    assert texts[0] == f"Société des eaux : 400,00 DA ont été reversés sur votre carte. {link()}"
    assert len(texts) == 4
    newest = outside.mails(EMAIL)[0]["text"]
    assert bill.payment_number in newest, "what is due again"
    assert set(Notice.objects.filter(means="sms").values_list("state", flat=True)) == {"sent"}
    assert all(notice.parts for notice in Notice.objects.filter(means="sms"))
    assert check_books(now=LATER) == []


def link() -> str:
    from bawabati.links import receipt_address  # noqa: PLC0415 - settings first

    return receipt_address(Receipt.objects.get().id, host_name="")


def test_what_is_left_to_a_person_and_ends_otherwise_is_told_so(outside: Outside, paid: Payment, bill: Bill) -> None:
    refund = asked(paid, 400_00)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    now = LATER
    with outside.fault("close", call="refund.do", effect=False):
        for _ in range(12):
            refund_payment(refund_id=refund.id, now=now)
            now += timedelta(minutes=11)
    assert kinds(Means.EMAIL)[-1] == "refund_manual"
    send_all(now)
    assert "/2026" in outside.mails(EMAIL)[0]["text"], "by when"
    with pytest.raises(SamePerson):
        close_refund(refund_id=refund.id, how=HowClosed.OTHERWISE, because="transfer 7", login=SALIMA, now=now)
    close_refund(refund_id=refund.id, how=HowClosed.OTHERWISE, because="transfer 7", login=NADIA, now=now)
    assert kinds(Means.EMAIL)[-1] == "refund_done_otherwise"
    send_all(now)
    assert bill.payment_number in outside.mails(EMAIL)[0]["text"]


def test_a_refusal_is_told_and_what_others_took_back_once_it_is_written_down(outside: Outside, paid: Payment) -> None:
    refuse_refund(refund_id=asked(paid, 100_00).id, because="no", login=NADIA, now=LATER)
    outside.give_back(paid.gateway_reference or "", 200_00)
    reversal = ask_reversal(payment_id=paid.id, amount=Money(200_00), because="dispute", login=SALIMA, now=LATER)
    assert kinds(Means.EMAIL) == ["receipt", "refund_requested", "refund_refused"]
    approve_refund(refund_id=reversal.id, login=NADIA, now=LATER)
    assert kinds(Means.EMAIL)[-1] == "reversal_done"
    send_all()
    assert len(outside.mails(EMAIL)) == 4


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_sms_needs_more_than_three_parts(with_phone: Payment, outside: Outside, language: str) -> None:
    refund = left_to_a_person(outside, with_phone)
    Notice.objects.filter(means="email").update(state="sent")
    for kind in NEWS:
        PayerPhone.objects.update(language=language)
        notice = Notice.objects.create(
            company=with_phone.company,
            means="sms",
            kind=kind,
            reference="receipt:" + str(Receipt.objects.get().id) if kind == "receipt" else f"refund:{refund.id}",
            language=language,
            created_at=NOON,
            next_try_at=NOON,
        )
        NoticeAddress.objects.create(notice=notice, address=PHONE)
    send_all()
    sent = [sms["text"] for sms in outside.sms(PHONE)]
    assert len(sent) >= len(NEWS)
    assert [text for text in sent if length_of(text).parts > 3] == []
    assert not any("\u2066" in text for text in sent)


def test_without_a_provider_nobody_is_offered_sms(paid: Payment, settings: LazySettings) -> None:
    settings.SMS_URL = ""
    with pytest.raises(NoSms):
        note_phone(payment_id=paid.id, phone=PHONE, language="fr", login=SALIMA, now=LATER)
    asked(paid)
    assert kinds(Means.SMS) == []


def test_a_number_is_left_for_one_payment_and_forgotten_with_every_trace(
    outside: Outside, with_phone: Payment, company: Company
) -> None:
    refund = asked(with_phone, 100_00)
    send_all()
    forget_phone(receipt=Receipt.objects.get(payment=with_phone))
    assert not PayerPhone.objects.exists()
    assert set(NoticeAddress.objects.values_list("notice__means", flat=True)) == {"email"}
    refuse_refund(refund_id=refund.id, because="no", login=NADIA, now=LATER)
    assert kinds(Means.SMS) == ["receipt", "refund_requested"]
    other = paid_payment(outside, company, add_bill(company, seed=7), key="other")
    asked(other)
    assert kinds(Means.SMS) == ["receipt", "refund_requested"]


def test_what_waited_for_a_forgotten_address_is_given_up_and_seen(with_phone: Payment) -> None:
    forget_phone(receipt=Receipt.objects.get(payment=with_phone))
    send_all()
    notice = Notice.objects.get(means="sms")
    assert (notice.state, notice.last_reason) == (NoticeState.GIVEN_UP, "address_erased")


def test_far_numbers_cost_the_company_nothing(paid: Payment) -> None:
    for phone in ("+33612345678", "+1 900 555 0100", "041 39 00 00"):
        with pytest.raises(PhoneWrong):
            leave_phone(
                receipt=Receipt.objects.get(payment=paid), phone=phone, language="fr", visitor=VISITOR,
                challenge_passed=True, now=LATER,
            )  # fmt: skip
    assert not PayerPhone.objects.exists()


def test_addresses_that_nobody_needs_any_more_are_forgotten_at_night(with_phone: Payment) -> None:
    asked(with_phone)
    send_all()
    waiting = Notice.objects.filter(means="email").first()
    assert waiting is not None
    send_again(company_id=with_phone.company_id, notice_id=waiting.id, login=SALIMA, now=LATER)
    assert forget_old_addresses(now=LATER + ADDRESSES_KEPT - timedelta(hours=2)) == 0
    assert forget_old_addresses(now=LATER + ADDRESSES_KEPT + timedelta(days=1)) == 3
    assert list(NoticeAddress.objects.values_list("notice_id", flat=True)) == [waiting.id], "it waits to leave"
    assert forget_old_addresses(now=LATER + PHONES_KEPT + timedelta(days=1)) == 1
    assert not PayerPhone.objects.exists()


@pytest.mark.usefixtures("with_phone")
def test_an_sms_whose_answer_was_lost_arrives_once(outside: Outside) -> None:
    with outside.fault("sms_status", effect=True, times=1):
        send_all()
    notice = Notice.objects.get(means="sms")
    assert (notice.state, notice.tries) == (NoticeState.WAITING, 1)
    send_all(LATER + timedelta(seconds=10))
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT
    assert len(outside.sms(PHONE)) == 1


@pytest.mark.usefixtures("with_phone")
def test_a_number_that_is_refused_is_visible_in_the_office(outside: Outside) -> None:
    with outside.fault("sms_refused", times=1):
        send_all()
    assert Notice.objects.get(means="sms").state == NoticeState.REJECTED
    assert PHONE not in Notice.objects.get(means="sms").last_reason
    assert [named.check for named in check_books(now=LATER)] == ["message_not_delivered"]


def test_beyond_the_days_sum_a_director_approves(
    outside: Outside, company: Company, paid: Payment, settings: LazySettings
) -> None:
    settings.REFUNDS_A_DAY_DA = 1000
    add_person(YASMINE, Role.FINANCE, company=company)
    approve_refund(refund_id=asked(paid, 600_00).id, login=YASMINE, now=LATER)
    other = paid_payment(outside, company, add_bill(company, seed=7), key="other")
    second = asked(other, 500_00)
    with pytest.raises(RefundsOfDayReached):
        approve_refund(refund_id=second.id, login=YASMINE, now=LATER)
    approve_refund(refund_id=second.id, login=NADIA, now=LATER)
    third = asked(paid_payment(outside, company, add_bill(company, seed=8), key="third"), 500_00)
    assert approve_refund(refund_id=third.id, login=YASMINE, now=LATER + timedelta(days=1)).state == "approved"
    assert AuditEntry.objects.filter(action="approve_refund").count() == 3


def test_two_who_approve_at_once_do_not_pass_the_days_sum_together(
    outside: Outside, company: Company, paid: Payment, settings: LazySettings, together: Callable[..., list[Any]]
) -> None:
    settings.REFUNDS_A_DAY_DA = 1000
    add_person(YASMINE, Role.FINANCE, company=company)
    add_person("lila@oran.example", Role.FINANCE, company=company)
    payments = [paid, *(paid_payment(outside, company, add_bill(company, seed=n), key=str(n)) for n in (7, 8, 9))]
    refunds = [asked(payment, 600_00) for payment in payments]

    def approve(refund: Refund, login: str) -> Refund:
        return approve_refund(refund_id=refund.id, login=login, now=LATER)

    calls = [
        lambda refund=refund, login=login: approve(refund, login)
        for refund in refunds
        for login in (YASMINE, "lila@oran.example")
    ]
    answers = together(*calls)
    assert sum(isinstance(answer, Refund) for answer in answers) == 1
    assert Refund.objects.filter(state=RefundState.APPROVED).count() == 1
