"""A payer wishes to be reminded of a customer's bills, and whoever reads that address agrees.

Decision: docs/decisions/0047-reminders.md
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from bawabati.bills.models import Customer, CustomerContact
from bawabati.bills.rules.contacts import read_email
from bawabati.bills.writes import confirm_contact, write_wish
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.flows.leave_phone import NoSms
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, Visitor, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.notices.rules import Means, read_phone
from bawabati.notices.writes import write_notice
from bawabati.reminders.rules import WISH


class NowhereToWrite(CannotDo):
    """Neither a telephone number nor an e-mail address."""

    code = "nowhere_to_write"
    sentence = "Type an Algerian mobile number or an e-mail address."


def wish_reminders(
    *, customer: Customer, words: str, language: str, visitor: Visitor, challenge_passed: bool, now: datetime
) -> Means:
    """Keeps the wish and asks, at that address, whether it is meant; the way by which it asks.

    Nothing else is written there until whoever reads it has agreed. Not safe to repeat: each call is a try, and one
    more message, counted like an e-mail with a receipt, and for whoever gets it: bills of many customers do not make us
    write to one stranger many times. Rule: wish-confirmed (law 18-07: consent)

    Raises:
        NowhereToWrite, PhoneWrong, NoSms.
        CaptchaNeeded, TooManyTries: too many messages from there, for this customer, or to this address.
    """
    means, address = _read(words)
    if means is Means.SMS and not settings.SMS_URL:
        raise NoSms
    subject = visitor.subject() | {By.BILL: f"customer:{customer.id}"}
    pass_or_raise(weigh(counting=Scope.RECEIPT_EMAIL, subject=subject, now=now), challenge_passed=challenge_passed)
    to_whom = weigh(counting=Scope.UNCONFIRMED, subject={By.RECIPIENT: address}, now=now)
    pass_or_raise(to_whom, challenge_passed=challenge_passed)
    with written_together("wish_reminders: wished"):
        contact = write_wish(
            company_id=customer.company_id,
            customer_id=customer.id,
            means=means,
            address=address,
            language=language,
            now=now,
        )
        notice = write_notice(
            company_id=customer.company_id,
            means=means,
            kind=WISH,
            reference=f"contact:{contact.id}",
            language=language,
            address=address,
            now=now,
        )
        defer(Job.SEND_NOTICE, notice_id=notice.id)
    return means


def confirm_wish(*, contact: CustomerContact, now: datetime) -> bool:
    """Whoever reads that address agrees; whether the wish is still there. Safe to repeat."""
    with written_together("confirm_wish: confirmed"):
        return confirm_contact(contact.id, now=now)


def _read(words: str) -> tuple[Means, str]:
    if not words.strip():
        raise NowhereToWrite
    if "@" not in words:
        return Means.SMS, read_phone(words)
    address = read_email(words)
    if not address:
        raise NowhereToWrite
    return Means.EMAIL, address
