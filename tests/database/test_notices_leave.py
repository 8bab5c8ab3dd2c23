"""Messages leave over real SMTP, once; their failure never touches the payment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bawabati.companies.models import Company
from bawabati.defer import Job, defer
from bawabati.flows.check_books import check_books
from bawabati.flows.email_receipt import email_receipt
from bawabati.flows.send_notice import send_notice
from bawabati.guard.rules import Visitor
from bawabati.jobs.letters import letter
from bawabati.notices.models import Notice
from bawabati.notices.reads import list_overdue_notices
from bawabati.notices.rules import NoticeState
from bawabati.payments.models import Payment
from bawabati.receipts.models import Receipt
from outside import Outside
from people import NOON
from programs import Program

pytestmark = pytest.mark.usefixtures("database")

AMINA = "amina@example.com"


@pytest.fixture(autouse=True)
def mail(sandbox: Program, settings: LazySettings) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"


def written(receipt: Receipt) -> Notice:
    return email_receipt(
        receipt=receipt, address=AMINA, visitor=Visitor(address="198.51.100.7"), challenge_passed=False, now=NOON
    )


def send(notice: Notice, now: datetime = NOON) -> Notice:
    send_notice(notice_id=notice.id, write_letter=letter, now=now)
    notice.refresh_from_db()
    return notice


def test_a_receipt_arrives_with_its_document_in_the_payers_language(outside: Outside, receipt: Receipt) -> None:
    notice = send(written(receipt))
    assert (notice.state, notice.last_reason) == (NoticeState.SENT, "")
    (mail,) = outside.mails(AMINA)
    assert "2026-W-0000001" in mail["subject"]
    assert "Payment" not in mail["subject"], "it speaks Arabic"
    assert "1\u00a0430,50" in mail["text"]
    assert "\u20662026-W-0000001\u2069" in mail["text"], "its groups keep their order between Arabic words"
    assert [(each["name"], each["content_type"]) for each in mail["attachments"]] == [
        ("2026-W-0000001.pdf", "application/pdf")
    ]


def test_what_has_left_does_not_leave_again(outside: Outside, receipt: Receipt) -> None:
    notice = send(written(receipt))
    send(notice, NOON + timedelta(days=1))
    assert len(outside.mails(AMINA)) == 1


def test_a_server_that_says_later_is_tried_again_and_the_payment_does_not_notice(
    outside: Outside, receipt: Receipt
) -> None:
    notice = written(receipt)
    with outside.fault("mail_refused", status=451):
        send(notice)
    assert (notice.state, notice.tries) == (NoticeState.WAITING, 1)
    assert notice.next_try_at == NOON + timedelta(seconds=10)
    assert list_overdue_notices(now=NOON + timedelta(seconds=10), at_most=5) == [notice.id]
    assert Payment.objects.get(id=receipt.payment_id).state == "paid"
    assert send(notice, NOON + timedelta(seconds=10)).state == NoticeState.SENT


def test_an_address_refused_for_good_is_visible_and_not_tried_again(outside: Outside, receipt: Receipt) -> None:
    notice = written(receipt)
    with outside.fault("mail_refused"):
        send(notice)
    assert (notice.state, notice.next_try_at) == (NoticeState.REJECTED, None)
    assert [named.check for named in check_books(now=NOON)] == ["message_not_delivered"]


def test_after_two_days_without_success_it_is_given_up_and_visible(receipt: Receipt, settings: LazySettings) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    notice = send(written(receipt), NOON + timedelta(days=2))
    assert notice.state == NoticeState.GIVEN_UP
    assert [named.check for named in check_books(now=NOON)] == ["message_not_delivered"]


def test_two_senders_at_once_send_one_message(
    outside: Outside, receipt: Receipt, together: Callable[..., list[Any]]
) -> None:
    notice = written(receipt)
    together(*[lambda: send(notice)] * 8)
    assert len(outside.mails(AMINA)) == 1


def test_the_job_exists_with_its_message_and_not_without(receipt: Receipt, company: Company) -> None:
    with transaction.atomic():
        Notice.objects.create(company=company, kind="x", reference="x", language="ar", created_at=NOON)
        defer(Job.SEND_NOTICE, notice_id=1)
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()
    written(receipt)
    assert ProcrastinateJob.objects.get().task_name == "send_notice"
