"""What a sale has brought in becomes a payment, and what a reader took back is undone; in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from bawabati.adapters.gateways.contract import Paid, Said
from bawabati.flows.steps.money_back import end_refund
from bawabati.flows.steps.refund_request import request_refund
from bawabati.flows.steps.settle import settle
from bawabati.flows.steps.taken_in import taken_in_by
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, Sale
from bawabati.payments.reads import find_payment_of_sale, list_lines
from bawabati.payments.rules import Event, RefundKind, RefundReason, RefundStep, Verdict
from bawabati.payments.writes import apply, lock_lines, lock_payment, note_confirmation, open_received
from bawabati.people.models import Staff
from bawabati.people.writes import system_account
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import Numbered
from bawabati.workdays import accounting_day


def settle_sale(
    sale: Sale,
    *,
    evidence: Mapping[str, object],
    now: datetime,
    paid_at: datetime | None = None,
    numbered: Numbered | None = None,
) -> Receipt:
    """Posts a locked sale whose money is there: payment, books, bills, receipt. Its bills are locked.

    `paid_at` and `numbered`: when it was paid and the number that its receipt has, where it was written before now.
    The database refuses a repetition. Rule: settled-at-once (behaviour.md 3; readers.md 3, R7)
    """
    payment = open_received(sale, language=sale.language, now=now)
    note_confirmation(payment, accounted_on=accounting_day(now), now=paid_at or now)
    said = Said(
        order_number=sale.reference,
        amount=Money(sale.amount_centimes),
        currency="012",
        approval_code=sale.approval_code,
        masked_card=sale.masked_card,
        raw=evidence,
    )
    verdict = Verdict(event=Event.RECEIVED, next_ask_at=None)
    apply(payment, event=Event.RECEIVED, verdict=verdict, answer=Paid(said=said), now=now)
    _post_stamp_duty(payment, Money(sale.stamp_duty_centimes), now)
    return settle(payment=payment, lines=list_lines(payment.id), now=now, numbered=numbered)


def undo_sale(sale: Sale, *, because: str, asked_by: Staff, now: datetime) -> None:
    """What a reader has given back: written beside the payment, in the books, and the bills are due again.

    Nothing where the sale had never been settled: then there is nothing to undo.
    """
    known = find_payment_of_sale(sale.id)
    if known is None:
        return
    lines = lock_lines(known.id)
    payment = lock_payment(known.id)
    refund = request_refund(
        payment,
        lines,
        kind=RefundKind.REVERSAL,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=None,
        because=because,
        requested_by=asked_by,
        now=now,
    )
    by = system_account(now=now)
    end_refund(refund, payment, lines, step=RefundStep.RECORDED, by=by, evidence={"sale": sale.reference}, now=now)


def _post_stamp_duty(payment: Payment, duty: Money, now: datetime) -> None:
    """It is the State's, and stands beside what the customer owed. Rule: stamp-duty (algeria.md 2)"""
    if not duty or payment.accounted_on is None:
        return
    transfer(
        company_id=payment.company_id,
        debit=taken_in_by(payment),
        credit=Side(AccountRole.STAMP_DUTY),
        amount=duty,
        reason=Reason.STAMP_DUTY,
        reference=f"payment:{payment.id}",
        accounted_on=payment.accounted_on,
        now=now,
    )
