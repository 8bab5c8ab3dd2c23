"""Letting one message leave. Its failure never touches the payment that it tells about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from django.conf import settings

from bawabati.adapters import registry
from bawabati.adapters.messages.contract import Accepted, Attachment, Message, Rejected, SendAnswer, TryLater
from bawabati.cases.reads import find_case
from bawabati.companies.reads import get_company
from bawabati.errors import Broken
from bawabati.flows.steps.gateway import let_go_of_the_connection
from bawabati.flows.steps.receipt_document import make_document
from bawabati.flows.steps.side_effects import outside, written_together
from bawabati.flows.steps.undelivered import try_again_later
from bawabati.links import invitation_address, staff_security_address
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.notices.reads import get_address
from bawabati.notices.rules import NoticeState
from bawabati.notices.writes import lease_notice, lock_waiting_notice, note_not_sent, note_sent
from bawabati.payments.reads import get_refund
from bawabati.people.reads import get_invitation, get_staff
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import find_receipt_of, get_receipt
from bawabati.receipts.rules import Facts

LEASE = timedelta(minutes=5)
"""How long a sender has a message to itself. One that dies leaves it to the next scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of a message, in its reader's language."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message tells. `kind` is the notice's; of a receipt, `refunded` is None."""

    kind: str
    facts: Facts
    refunded: Money | None = None
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


WriteLetter = Callable[[Told | Invited | Unusual], Letter]
RECEIPT = "receipt"
INVITATION = "invitation"
NEW_BROWSER = "new_browser"


def send_notice(*, notice_id: int, write_letter: WriteLetter, now: datetime) -> None:
    """Sends a receipt by e-mail, with the document attached, word of a refund, an invitation, or word of a sign-in.

    Safe to repeat: what has left does not leave again.

    Sent twice only when the next server took it and we died before writing so down; the Message-ID is then the same.
    """
    with written_together("send_notice: leased"):
        notice = lock_waiting_notice(notice_id)
        if notice is None or notice.next_try_at is None or notice.next_try_at > now:
            return
        lease_notice(notice, until=now + LEASE)
    message = _message(notice, write_letter)
    let_go_of_the_connection()
    channel = registry.channel()
    with outside("send_notice: send"):
        answer = channel.send(message)
    with written_together("send_notice: answer kept"):
        leased = lock_waiting_notice(notice_id)
        if leased is not None:
            _keep(leased, answer, now)


def _message(notice: Notice, write_letter: WriteLetter) -> Message:
    if notice.kind == INVITATION:
        return _invitation(notice, write_letter)
    if notice.kind == NEW_BROWSER:
        return _unusual(notice, write_letter)
    receipt, refunded = _subject_of(notice)
    facts = Facts.from_json(receipt.facts)
    told = Told(kind=notice.kind, facts=facts, refunded=refunded, choose_by=_settled_by(receipt, notice.kind))
    letter = write_letter(told)
    attachments = _attachments(receipt, facts) if notice.kind == RECEIPT else ()
    return _letter_of(notice, letter, about=receipt.id, attachments=attachments)


def _invitation(notice: Notice, write_letter: WriteLetter) -> Message:
    invitation = get_invitation(int(notice.reference.partition(":")[2]))
    told = Invited(
        name=invitation.staff.name,
        language=notice.language,
        address=invitation_address(invitation.id, language=notice.language),
        expires_at=invitation.expires_at,
    )
    return _letter_of(notice, write_letter(told), about=invitation.id)


def _unusual(notice: Notice, write_letter: WriteLetter) -> Message:
    staff = get_staff(int(notice.reference.partition(":")[2]))
    address = staff_security_address(language=notice.language)
    told = Unusual(name=staff.name, language=notice.language, address=address, at=notice.created_at)
    return _letter_of(notice, write_letter(told), about=staff.id)


def _letter_of(notice: Notice, letter: Letter, *, about: int, attachments: tuple[Attachment, ...] = ()) -> Message:
    sender = settings.EMAIL_FROM or (get_company(notice.company_id).email if notice.company_id else "")
    return Message(
        message_id=f"<notice-{notice.id}-{about}@{sender.partition('@')[2]}>",
        to=get_address(notice.id),
        subject=letter.subject,
        text=letter.text,
        language=notice.language,
        sender=sender,
        attachments=attachments,
    )


def _subject_of(notice: Notice) -> tuple[Receipt, Money | None]:
    """The receipt that a message is about, and what goes back of it where it tells of a refund."""
    what, _, number = notice.reference.partition(":")
    if what == RECEIPT:
        return get_receipt(int(number)), None
    refund = get_refund(int(number))
    receipt = find_receipt_of(refund.payment_id)
    if receipt is None:
        raise Broken("a refund of a payment without a receipt", refund_id=refund.id)
    return receipt, Money(refund.amount_centimes)


def _settled_by(receipt: Receipt, kind: str) -> date | None:
    """The promised day of what was too much, while nobody has settled it."""
    if kind != RECEIPT:
        return None
    case = find_case(company_id=receipt.company_id, kind="surplus", reference=f"payment:{receipt.payment_id}")
    return case.promised_on if case is not None and case.state == "open" else None


def _attachments(receipt: Receipt, facts: Facts) -> tuple[Attachment, ...]:
    content = make_document(receipt, form="pdf")
    return (Attachment(name=f"{facts.number}.pdf", content_type="application/pdf", content=content),)


def _keep(notice: Notice, answer: SendAnswer, now: datetime) -> None:
    match answer:
        case Accepted():
            note_sent(notice, now=now)
        case Rejected(reason=reason):
            note_not_sent(notice, state=NoticeState.REJECTED, reason=reason, next_try_at=None)
        case TryLater(reason=reason):
            try_again_later(notice, reason=reason, now=now)
        case _:
            assert_never(answer)
