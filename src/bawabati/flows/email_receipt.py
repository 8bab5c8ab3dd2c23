"""The payer wants the receipt by e-mail, now or once more."""

from datetime import datetime

from bawabati.defer import Job, defer
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, Visitor, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.notices.models import Notice
from bawabati.notices.writes import write_notice
from bawabati.receipts.models import Receipt


def email_receipt(*, receipt: Receipt, address: str, visitor: Visitor, challenge_passed: bool, now: datetime) -> Notice:
    """Writes the message and lets it leave. Not safe to repeat: each call is a try, and one more message.

    Raises:
        CaptchaNeeded, TooManyTries: too many messages from there, or of this receipt.
    """
    subject = visitor.subject() | {By.BILL: f"receipt:{receipt.id}"}
    pass_or_raise(weigh(counting=Scope.RECEIPT_EMAIL, subject=subject, now=now), challenge_passed=challenge_passed)
    with written_together("email_receipt: written"):
        notice = write_notice(
            company_id=receipt.company_id,
            kind="receipt",
            reference=f"receipt:{receipt.id}",
            language=receipt.facts["language"],
            address=address,
            now=now,
        )
        defer(Job.SEND_NOTICE, notice_id=notice.id)
    return notice
