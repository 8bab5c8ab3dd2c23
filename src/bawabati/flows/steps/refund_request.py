"""Asking for money to go back: how much may, and what is set aside for it; in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.bills.reads import list_version_ids
from bawabati.errors import CannotDo
from bawabati.flows.steps.money_back import ask_a_person, credit_given_back, holder_of, set_aside, tell_payer
from bawabati.flows.steps.typed_words import AmountZero
from bawabati.ledger.reads import sum_of_transfers
from bawabati.ledger.rules import Reason
from bawabati.ledger.writes import lock_credit
from bawabati.money.amount import ZERO, Money, total
from bawabati.money.display import figures
from bawabati.payments.models import Payment, PaymentLine, Refund
from bawabati.payments.reads import find_open_refund, given_back, paid_lines
from bawabati.payments.rules import (
    PaidLine,
    Part,
    RefundKind,
    RefundReason,
    RefundUnderWay,
    State,
    TooMuch,
    parts_of,
    refundable,
)
from bawabati.payments.rules.sales import SaleState
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import open_refund
from bawabati.people.models import Staff
from bawabati.people.writes import system_account


class NotPaid(CannotDo):
    """Only what was paid can go back."""

    code = "refund_not_paid"
    sentence = "This payment is not paid: there is nothing to give back."


class NothingToGiveBack(CannotDo):
    """All of it has gone back already, or nothing of it is credit."""

    code = "refund_nothing_left"
    sentence = "Nothing of this payment can be given back in this way."


class PaidAtAnAgency(CannotDo):
    """No gateway knows it. The reader takes it back on the same day; later people do, and write it down."""

    code = "refund_paid_at_an_agency"
    sentence = (
        "This was paid at an agency, so no gateway can give it back. Have the reader take it back on the same day, or "
        "give it back in another way and write that down as a reversal."
    )


def request_refund(
    payment: Payment,
    lines: Sequence[PaymentLine],
    *,
    kind: RefundKind,
    reason: RefundReason,
    amount: Money | None,
    because: str,
    requested_by: Staff,
    parts: Sequence[Part] = (),
    now: datetime,
) -> Refund:
    """The refund, waiting for another person. Bills and payment are locked; `amount` None: all that can go back so.

    `parts` say which bills become due again and by how much; without them the youngest bills do. They sum to `amount`.
    Rule: refundable (behaviour.md 4, I9)

    Raises:
        NotPaid, PaidAtAnAgency, NothingToGiveBack, TooMuch, RefundUnderWay.
    """
    if kind is RefundKind.REFUND and payment.way != Way.WEB:
        raise PaidAtAnAgency
    if payment.state != State.PAID:
        raise NotPaid
    if find_open_refund(payment.id) is not None or _reader_is_asked(payment):
        raise RefundUnderWay
    holder = holder_of(lines)
    paid = paid_lines(payment.id)
    left = refundable(captured=Money(payment.amount_centimes), given_back=given_back(payment.id), pending=ZERO)
    most = _most(payment, lines, paid, kind=kind, reason=reason, left=left)
    if not most:
        raise NothingToGiveBack
    amount = most if amount is None else amount
    if not amount:
        raise AmountZero
    if amount > most:
        raise TooMuch(most=figures(most, "fr"))
    refund = open_refund(
        payment=payment,
        kind=kind,
        reason=reason,
        because=because,
        amount=amount,
        parts=_parts(paid, amount, parts) if reason is RefundReason.BILL_DUE_AGAIN else [],
        requested_by=requested_by,
        now=now,
    )
    if reason is RefundReason.CREDIT:
        set_aside(refund, holder=holder, now=now)
    ask_a_person(refund, why="waits_for_approval", now=now)
    tell_payer(refund, payment, now=now)
    return refund


def request_surplus(
    payment: Payment, lines: Sequence[PaymentLine], *, surplus: Money, because: str, now: datetime
) -> Refund | None:
    """Asks, in nobody's name, for what is still there of a surplus; None when it was used, or a debt has swallowed it.

    Bills and payment are locked. Another person has to approve it like any refund. Raises RefundUnderWay.
    """
    there = (
        surplus.centimes - credit_given_back(payment).centimes,
        payment.amount_centimes - given_back(payment.id).centimes,
        lock_credit(company_id=payment.company_id, holder=holder_of(lines)).centimes,
    )
    if min(there) <= 0:
        return None
    return request_refund(
        payment,
        lines,
        kind=RefundKind.REFUND,
        reason=RefundReason.CREDIT,
        amount=Money(min(there)),
        because=because,
        requested_by=system_account(now=now),
        now=now,
    )


def _reader_is_asked(payment: Payment) -> bool:
    """What a reader is giving back at this moment, or nobody knows whether it did, goes back in no other way."""
    return payment.sale is not None and payment.sale.state in {SaleState.REVERSING, SaleState.REVIEW}


def _most(
    payment: Payment,
    lines: Sequence[PaymentLine],
    paid: Sequence[PaidLine],
    *,
    kind: RefundKind,
    reason: RefundReason,
    left: Money,
) -> Money:
    if kind is RefundKind.REVERSAL:
        return left
    match reason:
        case RefundReason.BILL_DUE_AGAIN:
            return min(left, total(line.left for line in paid))
        case RefundReason.CREDIT:
            there = lock_credit(company_id=payment.company_id, holder=holder_of(lines))
            return min(left, there, _own_credit(payment, lines))
        case RefundReason.GOODWILL:
            return left


def _own_credit(payment: Payment, lines: Sequence[PaymentLine]) -> Money:
    """The credit that came in with this payment: to its card goes back what it brought, not what others paid."""
    surplus = sum(line.surplus_centimes or 0 for line in lines)
    versions = list_version_ids([line.bill_id for line in lines])
    lowered = sum_of_transfers(
        company_id=payment.company_id,
        reason=Reason.BILL_LOWERED,
        references=[f"bill_version:{version_id}" for version_id in versions],
    )
    brought = surplus + lowered.centimes - credit_given_back(payment).centimes
    return Money(max(0, brought))


def _parts(paid: Sequence[PaidLine], amount: Money, wished: Sequence[Part]) -> list[Part]:
    """What of a reversal exceeds the bills was surplus: it comes out of the customer's credit."""
    if not wished:
        return parts_of(paid, min(amount, total(line.left for line in paid)))
    left = {line.line_id: line.left for line in paid}
    for part in wished:
        if part.amount > left.get(part.line_id, ZERO):
            raise TooMuch(most=figures(left.get(part.line_id, ZERO), "fr"))
    return list(wished)
