"""The payer wants to be told by SMS, or no longer."""

from datetime import datetime

from django.conf import settings

from bawabati.audit.writes import record_act
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_payment import payment_for_staff
from bawabati.guard.rules import By, Scope, Visitor, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.notices.rules import Means, read_phone
from bawabati.notices.writes import erase_addresses, erase_phone, keep_phone, write_notice
from bawabati.payments.reads import get_payment, list_refunds
from bawabati.people.rules import Action
from bawabati.receipts.models import Receipt


class NoSms(CannotDo):
    """No provider is in the settings."""

    code = "no_sms"
    sentence = "No SMS are sent here."


def leave_phone(
    *, receipt: Receipt, phone: str, language: str, visitor: Visitor, challenge_passed: bool, now: datetime
) -> None:
    """Keeps the number for this payment alone, and sends the receipt's address there.

    Not safe to repeat: each call is a try, and one more message. It counts like an e-mail with the receipt, so nobody
    has us write to others. Rule: sms-numbers (law 18-07)

    Raises:
        NoSms, PhoneWrong.
        CaptchaNeeded, TooManyTries: too many messages from there, or of this receipt.
    """
    if not settings.SMS_URL:
        raise NoSms
    number = read_phone(phone)
    subject = visitor.subject() | {By.BILL: f"receipt:{receipt.id}"}
    pass_or_raise(weigh(counting=Scope.RECEIPT_EMAIL, subject=subject, now=now), challenge_passed=challenge_passed)
    with written_together("leave_phone: left"):
        keep_phone(
            company_id=receipt.company_id,
            reference=f"payment:{receipt.payment_id}",
            phone=number,
            language=language,
            left_with=None,
            now=now,
        )
        notice = write_notice(
            company_id=receipt.company_id,
            means=Means.SMS,
            kind="receipt",
            reference=f"receipt:{receipt.id}",
            language=language,
            address=number,
            now=now,
        )
        defer(Job.SEND_NOTICE, notice_id=notice.id)


def note_phone(*, payment_id: int, phone: str, language: str, login: str, now: datetime) -> None:
    """A number that the payer gave to somebody of the company, to be told of a refund. Nothing is sent yet.

    Raises:
        NoSms, PhoneWrong, NoSuchPayment, NotAllowed.
    """
    if not settings.SMS_URL:
        raise NoSms
    number = read_phone(phone)
    staff = payment_for_staff(payment_id=payment_id, login=login, action=Action.ASK_REFUND)
    payment = get_payment(payment_id)
    with written_together("note_phone: noted"):
        keep_phone(
            company_id=payment.company_id,
            reference=f"payment:{payment_id}",
            phone=number,
            language=language,
            left_with=staff,
            now=now,
        )
        record_act(
            staff_id=staff.id,
            company_id=payment.company_id,
            action="note_phone",
            target=f"payment:{payment_id}",
            details={},
            now=now,
        )


def forget_phone(*, receipt: Receipt) -> None:
    """Erases the number, and where SMS about this payment went. Safe to repeat. Rule: addresses-erased"""
    references = [f"receipt:{receipt.id}", *(f"refund:{refund.id}" for refund in list_refunds(receipt.payment_id))]
    with written_together("forget_phone: erased"):
        erase_phone(company_id=receipt.company_id, reference=f"payment:{receipt.payment_id}")
        erase_addresses(company_id=receipt.company_id, references=references, means=Means.SMS)
