"""What a channel has taken becomes a payment; in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from bawabati.adapters.gateways.contract import Paid, Said
from bawabati.flows.steps.settle import settle
from bawabati.money.amount import Money
from bawabati.payments.models import Reservation
from bawabati.payments.reads import list_lines
from bawabati.payments.rules import Event, Verdict
from bawabati.payments.writes import apply, note_confirmation
from bawabati.payments.writes.channels import open_from_channel
from bawabati.receipts.models import Receipt
from bawabati.workdays import accounting_day


def settle_reservation(reservation: Reservation, *, evidence: Mapping[str, object], now: datetime) -> Receipt:
    """Posts a locked reservation whose money is there: payment, books, bills, receipt. Its bills are locked.

    The database refuses a repetition. Rule: channel-settled-at-once (behaviour.md 1, I1 I3)
    """
    payment = open_from_channel(reservation, now=now)
    note_confirmation(payment, accounted_on=accounting_day(now), now=now)
    said = Said(
        order_number=reservation.number,
        amount=Money(reservation.amount_centimes),
        currency="012",
        approval_code=reservation.transaction[:12],
        raw=evidence,
    )
    verdict = Verdict(event=Event.RECEIVED, next_ask_at=None)
    apply(payment, event=Event.RECEIVED, verdict=verdict, answer=Paid(said=said), now=now)
    return settle(payment=payment, lines=list_lines(payment.id), now=now)
