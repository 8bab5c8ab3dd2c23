"""A person asks for money of a payment to go back, or writes down that others have taken it back."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.refund_request import request_refund
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_payment import payment_for_staff
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money, total
from bawabati.payments.models import Refund
from bawabati.payments.rules import Part, RefundKind, RefundReason
from bawabati.payments.writes import lock_lines, lock_payment
from bawabati.people.models import Staff
from bawabati.people.rules import Action, check_may_refund


def ask_refund(
    *,
    payment_id: int,
    reason: RefundReason,
    amount: Money | None,
    because: str,
    parts: Sequence[Part] = (),
    login: str,
    now: datetime,
) -> Refund:
    """The refund, waiting for another person; `amount` None: all that can go back for that reason.

    `parts`, each of another line, say which bills become due again by how much; they make the amount.
    Not safe to repeat: the second is refused while the first is open. Rule: two-people (behaviour.md 4)

    Raises:
        NoSuchPayment, NotAllowed: there is none that this person may give back.
        RefundsWait: the person's second factor was lost a short while ago.
        WordsMissing, WordsTooLong, LooksLikeACardNumber: of `because`.
        NotPaid, NothingToGiveBack, TooMuch, RefundUnderWay: it cannot go back, or not so.
    """
    because = check_words(because)
    staff = payment_for_staff(payment_id=payment_id, login=login, action=Action.ASK_REFUND)
    check_may_refund(staff.refunds_from, now=now)
    if parts:
        amount = total(part.amount for part in parts)
    with written_together("ask_refund: requested"):
        return _request(
            payment_id,
            kind=RefundKind.REFUND,
            reason=reason,
            amount=amount,
            because=because,
            parts=parts,
            staff=staff,
            now=now,
        )


def ask_reversal(*, payment_id: int, amount: Money | None, because: str, login: str, now: datetime) -> Refund:
    """What the gateway or a bank has taken back after the end; the bill is due again once another person agrees.

    Nothing is sent to the gateway. Errors as `ask_refund`. Rule: taken-back (behaviour.md 2, "after the end")
    """
    because = check_words(because)
    staff = payment_for_staff(payment_id=payment_id, login=login, action=Action.ASK_REFUND)
    check_may_refund(staff.refunds_from, now=now)
    with written_together("ask_reversal: requested"):
        return _request(
            payment_id,
            kind=RefundKind.REVERSAL,
            reason=RefundReason.BILL_DUE_AGAIN,
            amount=amount,
            because=because,
            staff=staff,
            now=now,
        )


def _request(
    payment_id: int,
    *,
    kind: RefundKind,
    reason: RefundReason,
    amount: Money | None,
    because: str,
    staff: Staff,
    parts: Sequence[Part] = (),
    now: datetime,
) -> Refund:
    lines = lock_lines(payment_id)
    payment = lock_payment(payment_id)
    refund = request_refund(
        payment,
        lines,
        kind=kind,
        reason=reason,
        amount=amount,
        because=because,
        requested_by=staff,
        parts=parts,
        now=now,
    )
    record_act(
        staff_id=staff.id,
        company_id=payment.company_id,
        action=f"ask_{kind}",
        target=f"refund:{refund.id}",
        details={"payment": payment.id, "amount_centimes": refund.amount_centimes, "reason": reason},
        now=now,
    )
    return refund
