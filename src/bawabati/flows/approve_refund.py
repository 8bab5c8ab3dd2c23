"""Another person lets the money go back, or refuses it."""

from datetime import datetime

from django.conf import settings

from bawabati.audit.writes import record_act
from bawabati.defer import Job, defer
from bawabati.errors import CannotDo
from bawabati.flows.steps.midnight import last_midnight
from bawabati.flows.steps.money_back import end_refund, tell_payer
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_payment import get_refund_or_say
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.payments.models import Refund
from bawabati.payments.reads import approved_since
from bawabati.payments.rules import RefundKind, RefundState, RefundStep, RefundStepNotAllowed
from bawabati.payments.writes import lock_lines, lock_payment, lock_refund, lock_refunds_of_day, move_refund
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed, roles_of
from bawabati.people.rules import Action, NotAllowed, Role, check_may_refund, check_two_people


class RefundsOfDayReached(CannotDo):
    """A stolen account, or two people who mean ill, empty no till in a night."""

    code = "refunds_of_day_reached"
    sentence = "More than %(most)s DA would go back today. A director of the company has to approve this one."


def approve_refund(*, refund_id: int, login: str, now: datetime) -> Refund:
    """The worker carries it out; a reversal is written into the books at once. Safe to race: decided once.

    Rule: two-people (behaviour.md 4)

    Raises:
        NoSuchRefund, NotAllowed: there is none that this person may approve.
        RefundsWait: the person's second factor was lost a short while ago.
        SamePerson: the person asked for it. The database refuses this too.
        RefundsOfDayReached: so much goes back today already that a director has to approve more.
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
            _check_day(refund, staff, now)
            move_refund(refund, step=RefundStep.APPROVED, by=staff, evidence={}, next_step_at=now, now=now)
            tell_payer(refund, payment, now=now)
            defer(Job.REFUND_PAYMENT, refund_id=refund.id)
        _record(refund, staff, "approve_refund", now)
    return refund


def _check_day(refund: Refund, staff: Staff, now: datetime) -> None:
    """Two who approve at once are counted one after the other. Rule: refunds-a-day (failures.md 5.4, 5)"""
    most = Money(settings.REFUNDS_A_DAY_DA * 100)
    begins = last_midnight(now)
    lock_refunds_of_day(refund.company_id)
    so_far = approved_since(company_id=refund.company_id, since=begins)
    is_director = Role.DIRECTOR in roles_of(staff_id=staff.id, company_id=refund.company_id)
    if not is_director and so_far + Money(refund.amount_centimes) > most:
        raise RefundsOfDayReached(most=figures(most, "fr"))


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
