"""A gateway's server says that something happened to an order. We believe none of it, and ask soon.

The question is a job of its own and not the attempt's next one brought forward: a question in between is no late check,
so that whoever invents callbacks cannot hasten an attempt's end.
Decision: docs/decisions/0017-a-callback-is-a-question.md
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from bawabati.companies.reads import find_gateway_account
from bawabati.defer import Job, defer
from bawabati.flows.steps.gateway import gateway_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import By, Scope, Verdict
from bawabati.guard.writes import weigh
from bawabati.payments.reads import find_payment_by_reference
from bawabati.payments.rules import FINAL
from bawabati.payments.writes import note_callback


class Heeded(StrEnum):
    """What became of a callback."""

    ASKED_SOON = "asked_soon"
    ENDED = "ended"
    """The attempt has ended: there is nothing to ask."""
    NOT_OURS = "not_ours"
    """No such merchant account, not signed as it should be, or no attempt of that name: perhaps not yet."""
    TOO_OFTEN = "too_often"


def heed_callback(*, gateway_account_id: int, message: Mapping[str, str], now: datetime) -> Heeded:
    """Notes, for good, that the order has to be asked about. Safe to repeat. Call it outside a transaction.

    Rule: callback-is-a-question (failures.md D16)
    """
    account = find_gateway_account(gateway_account_id)
    reference = gateway_of(account).read_callback(message) if account else None
    if account is None or reference is None:
        return Heeded.NOT_OURS
    payment = find_payment_by_reference(gateway_account_id=account.id, gateway_reference=reference)
    if payment is None:
        return Heeded.NOT_OURS
    if weigh(counting=Scope.CALLBACK, subject={By.LINK: f"payment:{payment.id}"}, now=now) is Verdict.REFUSED:
        return Heeded.TOO_OFTEN
    heeded = Heeded.ENDED if payment.state in FINAL else Heeded.ASKED_SOON
    with written_together("heed_callback: question noted"):
        note_callback(payment, reference=reference, outcome=heeded, now=now)
        if heeded is Heeded.ASKED_SOON:
            defer(Job.CONFIRM_PAYMENT, payment_id=payment.id)
    return heeded
