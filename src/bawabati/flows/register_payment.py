"""Opening the order of an attempt that found every slot to the gateway taken."""

from datetime import datetime

from django.db import transaction

from bawabati.flows.steps.gateway import gateway_of
from bawabati.flows.steps.registration import note_registration, open_order
from bawabati.payments.reads import get_payment, list_lines
from bawabati.payments.writes import take_registration


def register_payment(*, payment_id: int, now: datetime) -> None:
    """Sends the registration if nobody has. Safe to repeat: nothing is registered again under a number."""
    with transaction.atomic(durable=True):
        may_send = take_registration(payment_id=payment_id, now=now)
    if not may_send:
        return
    payment = get_payment(payment_id)
    numbers = [line.bill.payment_number for line in list_lines(payment_id)]
    answer = open_order(payment, gateway=gateway_of(payment.gateway_account), numbers=numbers)
    with transaction.atomic(durable=True):
        note_registration(payment_id=payment_id, answer=answer, now=now)
