"""Opening the order of an attempt that found every place at the gateway taken."""

from datetime import datetime, timedelta

from bawabati.defer import Job, defer
from bawabati.flows.steps.gateway import gateway_of, place_at
from bawabati.flows.steps.registration import note_registration, open_order
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.reads import get_payment, list_lines
from bawabati.payments.writes import take_registration

TRY_AGAIN_AFTER = timedelta(seconds=5)


def register_payment(*, payment_id: int, now: datetime) -> None:
    """Sends the registration if nobody has, and asks for another try while every place is taken.

    Safe to repeat: nothing is registered again under a number.
    """
    payment = get_payment(payment_id)
    gateway = gateway_of(payment.gateway_account)
    with place_at(gateway) as has_place:
        with written_together("register_payment: sending taken"):
            if not has_place:
                defer(Job.REGISTER_PAYMENT, at=now + TRY_AGAIN_AFTER, payment_id=payment_id)
                return
            may_send = take_registration(payment_id=payment_id, now=now)
        if not may_send:
            return
        numbers = [line.bill.payment_number for line in list_lines(payment_id)]
        answer = open_order(payment, gateway=gateway, numbers=numbers)
    with written_together("register_payment: answer kept"):
        note_registration(payment_id=payment_id, answer=answer, now=now)
