"""A payment whose money is there already: written beside the attempt, the sale or the reservation that brought it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bawabati.payments.models import Payment, PaymentEvent, PaymentLine, ReservationLine, SaleLine
from bawabati.payments.rules import State


def write_beside(
    payment: Payment,
    *,
    lines: Iterable[PaymentLine | SaleLine | ReservationLine],
    evidence: Mapping[str, object],
    now: datetime,
) -> Payment:
    """Writes `payment` with a line for each of `lines` and its first event. It holds no bill."""
    payment.next_ask_at, payment.event_count = now, 1
    payment.save(force_insert=True)
    PaymentLine.objects.bulk_create(
        PaymentLine(
            company_id=line.company_id,
            payment=payment,
            bill_id=line.bill_id,
            bill_version=line.bill_version,
            amount_centimes=line.amount_centimes,
        )
        for line in lines
    )
    PaymentEvent.objects.create(
        company_id=payment.company_id,
        payment=payment,
        sequence=1,
        event=State.OPENED,
        to_state=State.OPENED,
        evidence=dict(evidence),
        at=now,
    )
    return payment
