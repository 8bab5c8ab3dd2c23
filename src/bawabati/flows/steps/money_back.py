"""What a refund does to books, bills, cases and the payer's mailbox; always in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bawabati.bills.writes import reopen_bill
from bawabati.cases.reads import find_case
from bawabati.cases.writes import close_case, note_in_case
from bawabati.errors import Broken
from bawabati.flows.steps.taken_in import taken_in_by
from bawabati.flows.steps.tell_payer import write_to_payer
from bawabati.flows.steps.told_events import DueAgain, tell_refunded
from bawabati.flows.steps.work_item import open_work_item
from bawabati.ledger.reads import find_transfer
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import lock_credit, transfer
from bawabati.money.amount import Money, total
from bawabati.money.display import figures
from bawabati.payments.models import Payment, PaymentLine, Refund
from bawabati.payments.reads import list_parts, list_refunds
from bawabati.payments.rules import RefundKind, RefundReason, RefundState, RefundStep, TooMuch
from bawabati.payments.writes import move_refund
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day

CASE = "refund"
TOLD = {
    RefundState.REQUESTED: "refund_requested",
    RefundState.APPROVED: "refund_approved",
    RefundState.MANUAL: "refund_manual",
    RefundState.DONE: "refund_done",
    RefundState.REFUSED: "refund_refused",
}
"""State → the message that tells the payer of it. Of sending nothing is told: nobody can wait for it."""
TAKEN_BACK = "reversal_done"
DONE_OTHERWISE = "refund_done_otherwise"


def reference_of(refund: Refund) -> str:
    """How books, cases and messages name a refund."""
    return f"refund:{refund.id}"


def holder_of(lines: Sequence[PaymentLine]) -> str:
    """Whose credit a payment belongs to: who was given its surplus, whosever its bills are by now.

    The bills of a payment without surplus are one customer's.
    """
    references = [f"payment_line:{line.id}" for line in lines]
    given = find_transfer(company_id=lines[0].company_id, reason=Reason.SURPLUS, references=references)
    return given.credit.holder if given else lines[0].bill.customer.number


def credit_given_back(payment: Payment) -> Money:
    """What of a payment has gone back because it was credit."""
    refunds = [refund for refund in list_refunds(payment.id) if refund.reason == RefundReason.CREDIT]
    return total(Money(refund.amount_centimes) for refund in refunds if refund.state == RefundState.DONE)


def set_aside(refund: Refund, *, holder: str, now: datetime) -> None:
    """The credit that goes back can no longer be used for a bill. Raises TooMuch when there is not that much."""
    amount = Money(refund.amount_centimes)
    left = lock_credit(company_id=refund.company_id, holder=holder)
    if amount > left:
        raise TooMuch(most=figures(left, "fr"))
    _move(
        refund,
        Side(AccountRole.CUSTOMER_CREDIT, holder),
        Side(AccountRole.REFUNDS_DUE),
        amount=amount,
        reason=Reason.REFUND_SET_ASIDE,
        now=now,
    )


def end_refund(
    refund: Refund,
    payment: Payment,
    lines: Sequence[PaymentLine],
    *,
    step: RefundStep,
    by: Staff,
    evidence: Mapping[str, object],
    now: datetime,
) -> None:
    """Moves a locked refund to its end and does all that follows. The lines' bills are locked.

    Given back: the books, the bills that become due again, the payer's message. Refused: what was set aside is credit
    again. Rule: refund-ends (behaviour.md 4)
    """
    move_refund(refund, step=step, by=by, evidence=evidence, now=now)
    if refund.state == RefundState.DONE:
        due_again = _post(refund, payment, lines, now)
        tell_refunded(refund, payment, due_again, now=now)
        _close_surplus(refund, payment, now)
    elif refund.reason == RefundReason.CREDIT:
        _move(
            refund,
            Side(AccountRole.REFUNDS_DUE),
            Side(AccountRole.CUSTOMER_CREDIT, _whose_was_set_aside(refund)),
            amount=Money(refund.amount_centimes),
            reason=Reason.REFUND_NOT_MADE,
            now=now,
        )
    close_case(
        company_id=refund.company_id, kind=CASE, reference=reference_of(refund), because=str(refund.state), now=now
    )
    tell_payer(refund, payment, now=now)


def tell_payer(refund: Refund, payment: Payment, *, now: datetime) -> None:
    """To whoever left an e-mail or a telephone number, after this transaction holds.

    What others have taken back is told once two people have written it down; a change of the payer's own mind is not.

    Rule: refund-told (behaviour.md 4)
    """
    kind = TOLD.get(RefundState(refund.state))
    if refund.state == RefundState.REFUSED and refund.decided_by is not None and refund.decided_by.is_system:
        kind = None
    if refund.kind == RefundKind.REVERSAL:
        kind = TAKEN_BACK if refund.state == RefundState.DONE else None
    elif refund.past_the_gateway:
        kind = DONE_OTHERWISE
    if kind is not None:
        write_to_payer(payment, kind=kind, reference=reference_of(refund), now=now)


def ask_a_person(refund: Refund, *, why: str, now: datetime) -> None:
    """A case with an owner and a promised day, while a refund waits for somebody; it says why now. Safe to repeat."""
    open_work_item(
        company_id=refund.company_id,
        kind=CASE,
        reference=reference_of(refund),
        amount=Money(refund.amount_centimes),
        details={"payment": refund.payment_id, "why": why},
        now=now,
    )
    note_in_case(company_id=refund.company_id, kind=CASE, reference=reference_of(refund), details={"why": why}, now=now)


def _whose_was_set_aside(refund: Refund) -> str:
    """Who gets it again, whosever the bills are by now."""
    references = [reference_of(refund)]
    aside = find_transfer(company_id=refund.company_id, reason=Reason.REFUND_SET_ASIDE, references=references)
    if aside is None:
        raise Broken("nothing was set aside for this refund", refund_id=refund.id)
    return aside.debit.holder


def _post(refund: Refund, payment: Payment, lines: Sequence[PaymentLine], now: datetime) -> list[DueAgain]:
    """What goes out, against what it was for; which bills are due again because of it."""
    out = Side(AccountRole.BANK) if refund.past_the_gateway else taken_in_by(payment)
    amount = Money(refund.amount_centimes)
    match RefundReason(refund.reason):
        case RefundReason.CREDIT:
            _move(refund, Side(AccountRole.REFUNDS_DUE), out, amount=amount, reason=Reason.REFUND, now=now)
        case RefundReason.GOODWILL:
            _move(refund, Side(AccountRole.GOODWILL), out, amount=amount, reason=Reason.REFUND, now=now)
        case RefundReason.BILL_DUE_AGAIN:
            return _reopen(refund, payment, lines, out, now)
    return []


def _reopen(refund: Refund, payment: Payment, lines: Sequence[PaymentLine], out: Side, now: datetime) -> list[DueAgain]:
    """Bills become due again. What the billing system has lowered since is the customer's credit: out of that."""
    bills = {line.id: line.bill for line in lines}
    from_bills = Money(0)
    due_again = []
    for part in list_parts(refund.id):
        taken = reopen_bill(bills[part.line_id], amount=Money(part.amount_centimes))
        due_again.append(DueAgain(bill=bills[part.line_id], amount=taken))
        if taken:
            _move(
                refund,
                Side(AccountRole.CUSTOMERS),
                out,
                amount=taken,
                reason=Reason.REFUND,
                now=now,
                reference=f"refund_part:{part.id}",
            )
        from_bills += taken
    rest = Money(refund.amount_centimes) - from_bills
    if not rest:
        return due_again
    holder = holder_of(lines)
    left = lock_credit(company_id=payment.company_id, holder=holder)
    _move(refund, Side(AccountRole.CUSTOMER_CREDIT, holder), out, amount=rest, reason=Reason.REFUND, now=now)
    if rest > left:
        open_work_item(
            company_id=payment.company_id,
            kind="credit_overdrawn",
            reference=reference_of(refund),
            amount=rest - left,
            details={"customer": holder},
            now=now,
        )
    return due_again


def _close_surplus(refund: Refund, payment: Payment, now: datetime) -> None:
    """Credit that has gone back to the card needs nobody's attention any more, once it is all of the surplus."""
    if refund.reason != RefundReason.CREDIT:
        return
    company_id, reference = payment.company_id, f"payment:{payment.id}"
    case = find_case(company_id=company_id, kind="surplus", reference=reference)
    if case is not None and credit_given_back(payment).centimes >= case.amount_centimes:
        close_case(company_id=company_id, kind="surplus", reference=reference, because=reference_of(refund), now=now)


def _move(
    refund: Refund,
    debit: Side,
    credit: Side,
    *,
    amount: Money,
    reason: Reason,
    now: datetime,
    reference: str = "",
) -> None:
    transfer(
        company_id=refund.company_id,
        debit=debit,
        credit=credit,
        amount=amount,
        reason=reason,
        reference=reference or reference_of(refund),
        accounted_on=accounting_day(now),
        now=now,
    )
