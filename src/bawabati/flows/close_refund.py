"""A refund that the machine could not finish is finished by a person, with evidence.

The gateway is asked first: what it holds decides what may be said of it.
"""

from datetime import datetime
from enum import StrEnum

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.held import read_held
from bawabati.flows.steps.money_back import end_refund
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_payment import get_refund_or_say
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.payments.models import Refund
from bawabati.payments.reads import given_back
from bawabati.payments.rules import AT_WORK, RefundState, RefundStep, RefundStepNotAllowed
from bawabati.payments.writes import lock_lines, lock_payment, lock_refund, note_exchanges
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, check_may_refund, check_two_people


class HowClosed(StrEnum):
    """What a person says of a refund that was left to people."""

    DONE = "done"
    """The gateway shows it: done in the bank's console, or done after all."""
    OTHERWISE = "otherwise"
    """The money went back in another way, such as a bank transfer."""
    REFUSED = "refused"
    """Nothing goes back."""


STEP = {
    HowClosed.DONE: RefundStep.DONE_BY_HAND,
    HowClosed.OTHERWISE: RefundStep.GIVEN_OTHERWISE,
    HowClosed.REFUSED: RefundStep.REFUSED,
}


class MachineStillAtIt(CannotDo):
    """Whoever ends it now would end it twice."""

    code = "refund_machine_still_at_it"
    sentence = "The machine is still working on this refund. It can be closed once it is left to a person."


class GatewaySilent(CannotDo):
    """What it holds decides, and it does not say."""

    code = "gateway_silent"
    sentence = "The gateway does not say what it holds of this payment. Try again later."


class GatewayShowsOtherwise(CannotDo):
    """The gateway's books say the contrary."""

    code = "gateway_shows_otherwise"
    sentence = "The gateway holds %(held)s DA of this payment, which says otherwise."


def close_refund(*, refund_id: int, how: HowClosed, because: str, login: str, now: datetime) -> Refund:
    """Ends a refund that waits for a person. Safe to race: ended once. Rule: refund-by-hand (failures.md 2.6, R5)

    Raises:
        NoSuchRefund, NotAllowed, RefundStepNotAllowed, MachineStillAtIt, WordsMissing and its kin.
        SamePerson: whoever asked for it does not say that it went back.
        RefundsWait: the person's second factor was lost a short while ago.
        GatewaySilent, GatewayShowsOtherwise: nothing is written against what the gateway holds.
    """
    because = check_words(because)
    known = get_refund_or_say(refund_id)
    staff = get_staff_allowed(login=login, action=Action.APPROVE_REFUND, company_id=known.company_id)
    _check_left_to_a_person(known)
    check_two_people(asked_by=known.requested_by_id, approved_by=staff.id)
    check_may_refund(staff.refunds_from, now=now)
    reading = read_held(known.payment)
    held = reading.held
    _check_gateway(known, how, held)
    with written_together("close_refund: closed"):
        lines = lock_lines(known.payment_id)
        payment = lock_payment(known.payment_id)
        note_exchanges(payment, said=reading.said, now=now)
        refund = lock_refund(refund_id)
        _check_left_to_a_person(refund)
        evidence = {"because": because, "held_centimes": None if held is None else held.centimes}
        end_refund(refund, payment, lines, step=STEP[how], by=staff, evidence=evidence, now=now)
        record_act(
            staff_id=staff.id,
            company_id=refund.company_id,
            action="close_refund",
            target=f"refund:{refund.id}",
            details={"how": how, "because": because},
            now=now,
        )
    return refund


def _check_left_to_a_person(refund: Refund) -> None:
    if refund.state in AT_WORK:
        raise MachineStillAtIt
    if refund.state != RefundState.MANUAL:
        raise RefundStepNotAllowed(state=refund.state)


def _check_gateway(refund: Refund, how: HowClosed, held: Money | None) -> None:
    """Done means that the gateway holds at most what is left after it; the other two, that it holds more.

    In another way goes only what the gateway still holds whole: what it has given back elsewhere would go back twice.
    """
    if held is None:
        raise GatewaySilent
    expected = Money(refund.payment.amount_centimes) - given_back(refund.payment_id, through_the_gateway=True)
    gone = held.centimes <= expected.centimes - refund.amount_centimes
    went_elsewhere = how is HowClosed.OTHERWISE and held != expected
    if gone is not (how is HowClosed.DONE) or went_elsewhere:
        raise GatewayShowsOtherwise(held=figures(held, "fr"))
