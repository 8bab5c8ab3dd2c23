"""Letting one message leave. Its failure never touches the payment that it tells about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from django.conf import settings

from bawabati.adapters import registry
from bawabati.adapters.messages.contract import Accepted, Attachment, Message, Rejected, SendAnswer, TryLater
from bawabati.adapters.messages.text_length import as_sms, length_of
from bawabati.bills.reads import facts_of, find_agreement, list_tranches
from bawabati.bills.rules import HAS_TRANCHES
from bawabati.cases.reads import find_case, list_overdue_of
from bawabati.companies.reads import get_company
from bawabati.errors import Broken
from bawabati.flows.steps.gateway import let_go_of_the_connection
from bawabati.flows.steps.money_back import CASE as REFUND_CASE
from bawabati.flows.steps.morning_paper import MorningFigures, figures_of_morning, morning_document
from bawabati.flows.steps.receipt_document import make_document
from bawabati.flows.steps.reminder import settle_reminder
from bawabati.flows.steps.side_effects import outside, written_together
from bawabati.flows.steps.undelivered import try_again_later
from bawabati.links import (
    agreement_address,
    board_address,
    confirm_contact_address,
    invitation_address,
    receipt_address,
    staff_security_address,
    work_list_address,
)
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.notices.reads import find_address
from bawabati.notices.rules import Means, NoticeState
from bawabati.notices.writes import give_up, lease_notice, lock_waiting_notice, note_not_sent, note_sent
from bawabati.payments.models import Refund
from bawabati.payments.reads import get_refund, list_parts
from bawabati.people.reads import get_invitation, get_staff
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import find_receipt_of, get_receipt
from bawabati.receipts.rules import Facts
from bawabati.reminders.reads import find_message
from bawabati.reminders.rules import REMINDER, WISH, WISH_SUBJECTS, WISHES, Said, letter_of
from bawabati.workdays import accounting_day

LEASE = timedelta(minutes=5)
"""How long a sender has a message to itself. One that dies leaves it to the next scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of a message, in its reader's language. An SMS has no subject."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message tells. `kind` is the notice's; of a receipt, `refunded` is None."""

    kind: str
    facts: Facts
    means: Means
    language: str
    company: str
    """Its name in that language."""
    address: str
    """Where the receipt opens, and what has gone back is told."""
    refunded: Money | None = None
    due_again: tuple[str, ...] = ()
    """Payment numbers of the bills that a refund makes due again."""
    promised_on: date | None = None
    """By when a person settles what the machine could not."""
    choose_by: date | None = None
    """Until when the company settles what was too much; the payer may choose as long as it has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What an invitation tells: whom it is for, where to go, and until when."""

    name: str
    language: str
    address: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """A sign-in from another browser than before: whose, when, and where to end it."""

    name: str
    language: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """Cases whose promised day has passed: whose, how many in all, and the oldest of them as (number, day)."""

    name: str
    language: str
    address: str
    count: int
    oldest: tuple[tuple[int, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The morning page of the board: whose, of which day, and its first figures. The page is attached."""

    name: str
    language: str
    address: str
    company: str
    figures: MorningFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalments:
    """How a wish to pay in instalments stands: what happened, where it is seen, and what is to be paid next."""

    kind: str
    means: Means
    language: str
    company: str
    """Its name in that language."""
    address: str
    because: str
    next_number: str = ""
    next_amount: Money | None = None
    next_on: date | None = None


Tidings = Told | Invited | Unusual | Overdue | Morning | Instalments
WriteLetter = Callable[[Tidings], Letter]
OLDEST_TOLD = 20
OVERDUE = "cases_overdue"
OF_INSTALMENTS = "instalments_"
RECEIPT = "receipt"
INVITATION = "invitation"
NEW_BROWSER = "new_browser"
MORNING_PAGE = "morning_page"


def send_notice(*, notice_id: int, write_letter: WriteLetter, now: datetime) -> None:
    """Sends a receipt, word of a refund, an invitation, word of a sign-in, a reminder or a morning page, by its means.

    A reminder of a bill says what is true in this second, or does not leave.

    Where the address was erased nothing leaves, and the office sees it. Safe to repeat: what has left stays sent.

    Sent twice only when the next server took it and we died before writing so down; the Message-ID is then the same.
    """
    to = find_address(notice_id)
    with written_together("send_notice: leased"):
        notice = lock_waiting_notice(notice_id)
        if notice is None or notice.next_try_at is None or notice.next_try_at > now:
            return
        if to is None:
            give_up(notice, reason="address_erased")
            return
        reminded = _reminded(notice, now) if notice.kind == REMINDER else None
        if notice.kind == REMINDER and reminded is None:
            return
        lease_notice(notice, until=now + LEASE)
    message = _reminder(notice, to, *reminded) if reminded else _message(notice, to, write_letter, now)
    let_go_of_the_connection()
    channel = registry.sms_channel() if notice.means == Means.SMS else registry.channel()
    with outside("send_notice: send"):
        answer = channel.send(message)
    parts = length_of(as_sms(message.text)).parts if notice.means == Means.SMS else 0
    with written_together("send_notice: answer kept"):
        leased = lock_waiting_notice(notice_id)
        if leased is not None:
            _keep(leased, answer, parts, now)


def _message(notice: Notice, to: str, write_letter: WriteLetter, now: datetime) -> Message:
    if notice.kind == INVITATION:
        return _invitation(notice, to, write_letter)
    if notice.kind == NEW_BROWSER:
        return _unusual(notice, to, write_letter)
    if notice.kind == OVERDUE:
        return _overdue(notice, to, write_letter, now)
    if notice.kind == WISH:
        return _wish(notice, to)
    if notice.kind == MORNING_PAGE:
        return _morning(notice, to, write_letter, now)
    if notice.kind.startswith(OF_INSTALMENTS):
        return _instalments(notice, to, write_letter)
    receipt, refund = _subject_of(notice)
    told = _told(notice, receipt, refund)
    attachments: tuple[Attachment, ...] = ()
    if notice.kind == RECEIPT and notice.means == Means.EMAIL:
        attachments = _attachments(receipt, told.facts)
    return _letter_of(notice, to, write_letter(told), about=receipt.id, attachments=attachments)


def _reminded(notice: Notice, now: datetime) -> tuple[Said, str] | None:
    """What is true of the bills in this second; None when the reminder does not leave, or not now."""
    message = find_message(_number_in(notice))
    return settle_reminder(notice, message, now=now) if message is not None else None


def _reminder(notice: Notice, to: str, said: Said, body: str) -> Message:
    """The company's own words, filled in: no door has a part in them."""
    subject, text = letter_of(body, said, means=Means(notice.means))
    return _letter_of(notice, to, Letter(subject=subject, text=text), about=_number_in(notice))


def _wish(notice: Notice, to: str) -> Message:
    """Asks whoever reads that address whether reminders are wanted there."""
    assert notice.company_id is not None  # noqa: S101 - a customer is a company's
    company, contact_id = get_company(notice.company_id), _number_in(notice)
    link = confirm_contact_address(contact_id, language=notice.language, host_name=company.host_name)
    values = {"company": getattr(company, f"name_{notice.language}"), "link": link}
    subject = WISH_SUBJECTS[notice.language] if notice.means == Means.EMAIL else ""
    text = WISHES[notice.language].format(**values)
    return _letter_of(notice, to, Letter(subject=subject.format(**values), text=text), about=contact_id)


def _number_in(notice: Notice) -> int:
    """Of what the notice tells about."""
    return int(notice.reference.partition(":")[2])


def _told(notice: Notice, receipt: Receipt, refund: Refund | None) -> Told:
    case = refund and find_case(company_id=receipt.company_id, kind=REFUND_CASE, reference=f"{REFUND_CASE}:{refund.id}")
    company = get_company(receipt.company_id)
    return Told(
        kind=notice.kind,
        facts=Facts.from_json(receipt.facts),
        means=Means(notice.means),
        language=notice.language,
        company=getattr(company, f"name_{notice.language}"),
        address=receipt_address(receipt.id, host_name=company.host_name),
        refunded=Money(refund.amount_centimes) if refund else None,
        due_again=tuple(part.line.bill.payment_number for part in list_parts(refund.id)) if refund else (),
        promised_on=case.promised_on if case else None,
        choose_by=_settled_by(receipt, notice.kind),
    )


def _instalments(notice: Notice, to: str, write_letter: WriteLetter) -> Message:
    agreement = find_agreement(int(notice.reference.partition(":")[2]))
    assert agreement is not None  # noqa: S101 - nothing removes one
    left = [one for one in list_tranches(agreement.id) if agreement.state in HAS_TRANCHES and facts_of(one).left]
    told = Instalments(
        kind=notice.kind,
        means=Means(notice.means),
        language=notice.language,
        company=getattr(agreement.company, f"name_{notice.language}"),
        address=agreement_address(agreement.id, host_name=agreement.company.host_name, language=notice.language),
        because=agreement.because,
        next_number=left[0].payment_number if left else "",
        next_amount=facts_of(left[0]).left if left else None,
        next_on=left[0].due_on if left else None,
    )
    return _letter_of(notice, to, write_letter(told), about=agreement.id)


def _overdue(notice: Notice, to: str, write_letter: WriteLetter, now: datetime) -> Message:
    assert notice.company_id is not None  # noqa: S101 - a case is a company's
    staff = get_staff(int(notice.reference.split(":")[1]))
    cases = list_overdue_of(owner_id=staff.id, company_id=notice.company_id, today=accounting_day(now))
    told = Overdue(
        name=staff.name,
        language=notice.language,
        address=work_list_address(language=notice.language),
        count=len(cases),
        oldest=tuple((case.id, case.promised_on) for case in cases[:OLDEST_TOLD]),
    )
    return _letter_of(notice, to, write_letter(told), about=staff.id)


def _morning(notice: Notice, to: str, write_letter: WriteLetter, now: datetime) -> Message:
    """Of the morning for which it was written, also when it leaves late."""
    assert notice.company_id is not None  # noqa: S101 - a board is a company's
    _kind, staff_id, day = notice.reference.split(":")
    staff, company = get_staff(int(staff_id)), get_company(notice.company_id)
    today = date.fromisoformat(day)
    told = Morning(
        name=staff.name,
        language=notice.language,
        address=board_address(language=notice.language),
        company=getattr(company, f"name_{notice.language}"),
        figures=figures_of_morning(company_id=company.id, today=today),
    )
    content = morning_document(company=company, language=notice.language, today=today, now=now)
    page = Attachment(name=f"{company.code}-{day}.pdf", content_type="application/pdf", content=content)
    return _letter_of(notice, to, write_letter(told), about=staff.id, attachments=(page,))


def _invitation(notice: Notice, to: str, write_letter: WriteLetter) -> Message:
    invitation = get_invitation(int(notice.reference.partition(":")[2]))
    told = Invited(
        name=invitation.staff.name,
        language=notice.language,
        address=invitation_address(invitation.id, language=notice.language),
        expires_at=invitation.expires_at,
    )
    return _letter_of(notice, to, write_letter(told), about=invitation.id)


def _unusual(notice: Notice, to: str, write_letter: WriteLetter) -> Message:
    staff = get_staff(int(notice.reference.partition(":")[2]))
    address = staff_security_address(language=notice.language)
    told = Unusual(name=staff.name, language=notice.language, address=address, at=notice.created_at)
    return _letter_of(notice, to, write_letter(told), about=staff.id)


def _letter_of(
    notice: Notice, to: str, letter: Letter, *, about: int, attachments: tuple[Attachment, ...] = ()
) -> Message:
    if notice.means == Means.SMS:
        sender, message_id = settings.SMS_SENDER, f"notice-{notice.id}-{about}"
    else:
        sender = settings.EMAIL_FROM or (get_company(notice.company_id).email if notice.company_id else "")
        message_id = f"<notice-{notice.id}-{about}@{sender.partition('@')[2]}>"
    return Message(
        message_id=message_id,
        to=to,
        subject=letter.subject,
        text=letter.text,
        language=notice.language,
        sender=sender,
        attachments=attachments,
    )


def _subject_of(notice: Notice) -> tuple[Receipt, Refund | None]:
    """The receipt that a message is about, and the refund where it tells of one."""
    what, _, number = notice.reference.partition(":")
    if what == RECEIPT:
        return get_receipt(int(number)), None
    refund = get_refund(int(number))
    receipt = find_receipt_of(refund.payment_id)
    if receipt is None:
        raise Broken("a refund of a payment without a receipt", refund_id=refund.id)
    return receipt, refund


def _settled_by(receipt: Receipt, kind: str) -> date | None:
    """The promised day of what was too much, while nobody has settled it."""
    if kind != RECEIPT:
        return None
    case = find_case(company_id=receipt.company_id, kind="surplus", reference=f"payment:{receipt.payment_id}")
    return case.promised_on if case is not None and case.state == "open" else None


def _attachments(receipt: Receipt, facts: Facts) -> tuple[Attachment, ...]:
    content = make_document(receipt, form="pdf")
    return (Attachment(name=f"{facts.number}.pdf", content_type="application/pdf", content=content),)


def _keep(notice: Notice, answer: SendAnswer, parts: int, now: datetime) -> None:
    match answer:
        case Accepted():
            note_sent(notice, parts=parts, now=now)
        case Rejected(reason=reason):
            note_not_sent(notice, state=NoticeState.REJECTED, reason=reason, next_try_at=None)
        case TryLater(reason=reason):
            try_again_later(notice, reason=reason, now=now)
        case _:
            assert_never(answer)
