"""Another person lets the money go back, or refuses it."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.defer import Job, defer
from bawabati.flows.steps.money_back import end_refund, tell_payer
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_payment import get_refund_or_say
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.models import Refund
from bawabati.payments.rules import RefundKind, RefundState, RefundStep, RefundStepNotAllowed
from bawabati.payments.writes import lock_lines, lock_payment, lock_refund, move_refund
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, NotAllowed, check_may_refund, check_two_people


def approve_refund(*, refund_id: int, login: str, now: datetime) -> Refund:
    """The worker carries it out; a reversal is written into the books at once. Safe to race: decided once.

    Rule: two-people (behaviour.md 4)

    Raises:
        NoSuchRefund, NotAllowed: there is none that this person may approve.
        RefundsWait: the person's second factor was lost a short while ago.
        SamePerson: the person asked for it. The database refuses this too.
        RefundStepNotAllowed: it is decided already.
    """
    known = get_refund_or_say(refund_id)
    staff = get_staff_allowed(login=login, action=Action.APPROVE_REFUND, company_id=known.company_id)
    check_two_people(asked_by=known.requested_by_id, approved_by=staff.id)
    check_may_refund(staff.refunds_from, now=now)
    with written_together("approve_refund: approved"):
        lines = lock_lines(known.payment_id)
        payment = lock_payment(known.payment_id)
        refund = lock_refund(refund_id)
        if refund.kind == RefundKind.REVERSAL:
            end_refund(refund, payment, lines, step=RefundStep.RECORDED, by=staff, evidence={}, now=now)
        else:
            move_refund(refund, step=RefundStep.APPROVED, by=staff, evidence={}, next_step_at=now, now=now)
            tell_payer(refund, payment, now=now)
            defer(Job.REFUND_PAYMENT, refund_id=refund.id)
        _record(refund, staff, "approve_refund", now)
    return refund


def refuse_refund(*, refund_id: int, because: str, login: str, now: datetime) -> Refund:
    """Nothing goes back. Who may approve refuses; who asked takes it back. Only while it waits for approval.

    Raises:
        NoSuchRefund, NotAllowed, RefundStepNotAllowed, WordsMissing and its kin.
    """
    because = check_words(because)
    known = get_refund_or_say(refund_id)
    try:
        staff = get_staff_allowed(login=login, action=Action.APPROVE_REFUND, company_id=known.company_id)
    except NotAllowed:
        staff = get_staff_allowed(login=login, action=Action.ASK_REFUND, company_id=known.company_id)
        if staff.id != known.requested_by_id:
            raise
    with written_together("refuse_refund: refused"):
        lines = lock_lines(known.payment_id)
        payment = lock_payment(known.payment_id)
        refund = lock_refund(refund_id)
        if refund.state != RefundState.REQUESTED:
            raise RefundStepNotAllowed(state=refund.state)
        end_refund(refund, payment, lines, step=RefundStep.REFUSED, by=staff, evidence={"because": because}, now=now)
        _record(refund, staff, "refuse_refund", now)
    return refund


def _record(refund: Refund, staff: Staff, action: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=refund.company_id,
        action=action,
        target=f"refund:{refund.id}",
        details={"payment": refund.payment_id, "amount_centimes": refund.amount_centimes},
        now=now,
    )
