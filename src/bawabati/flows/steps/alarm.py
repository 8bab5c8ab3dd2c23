"""Telling the office of something that no rule can decide."""

from datetime import datetime

import structlog

from bawabati.adapters.gateways.contract import Said
from bawabati.flows.steps.work_item import open_work_item
from bawabati.measures import SECURITY_EVENTS
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.rules import Alarm
from bawabati.payments.writes import evidence_of

log = structlog.get_logger("security")


def tell_the_office(payment: Payment, alarm: Alarm, *, said: Said, now: datetime) -> None:
    """Opens a case, in the caller's transaction. Credentials that are refused concern the account: one case for all."""
    SECURITY_EVENTS.labels(kind=f"alarm_{alarm.value}").inc()
    log.error("alarm", kind=alarm.value, payment_id=payment.id, company_id=payment.company_id)
    about_the_account = alarm is Alarm.ACCESS_DENIED
    open_work_item(
        company_id=payment.company_id,
        kind=alarm,
        reference=f"gateway_account:{payment.gateway_account_id}" if about_the_account else f"payment:{payment.id}",
        amount=Money(0 if about_the_account else payment.amount_centimes),
        details=_known(said),
        now=now,
    )


def _known(said: Said) -> dict[str, object]:
    held = {} if said.still_captured is None else {"held_centimes": said.still_captured.centimes}
    return {**evidence_of(said), **held}
