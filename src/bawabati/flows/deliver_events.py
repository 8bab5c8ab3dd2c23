"""Events leave as webhooks: laid out for each address that wants them, then sent, oldest first, until taken.

One worker at a time has an address to itself, so its events leave in their order. One that is not taken waits for its
next try and lets the others pass: who receives orders them by their numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from bawabati.adapters import registry
from bawabati.adapters.webhooks.contract import NotTaken, Post, PostAnswer, Taken
from bawabati.flows.steps.events_numbered import number_what_happened
from bawabati.flows.steps.gateway import let_go_of_the_connection
from bawabati.flows.steps.side_effects import outside, written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import ZERO
from bawabati.notices import writes
from bawabati.notices.models import Delivery, Endpoint, Event
from bawabati.notices.reads import find_next_delivery, list_events_after, secrets_of
from bawabati.notices.rules import DISABLED_AFTER, GIVEN_UP_CASE, SILENT_CASE, DeliveryState, headers_of

LAID_OUT_AT_ONCE: Final = 500
LEASE: Final = timedelta(seconds=90)
"""Longer than one call may take, so that nobody else sends the same event meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of one try."""

    answer: PostAnswer
    milliseconds: int


def reference_of(endpoint: Endpoint) -> str:
    """How cases, the audit and the log name an address."""
    return f"webhook:{endpoint.id}"


def lay_out_events(endpoint: Endpoint, *, now: datetime) -> int:
    """Puts what happened since the last time on its way to one address; how many events were looked at.

    Safe to repeat, and to race. Rule: webhook-once-each (behaviour.md I12)
    """
    number_what_happened(endpoint.company_id)
    with written_together("lay_out_events: on their way"):
        locked = writes.lock_endpoint(company_id=endpoint.company_id, endpoint_id=endpoint.id)
        if locked is None:
            return 0
        events = list_events_after(company_id=locked.company_id, sequence=locked.told_up_to, at_most=LAID_OUT_AT_ONCE)
        if events:
            writes.lay_out(locked, events, now=now)
    return len(events)


def take_endpoint(*, now: datetime) -> Endpoint | None:
    """An address for which something is due, for the caller alone as long as it goes on sending. Safe to race."""
    with written_together("take_endpoint: leased"):
        return writes.claim_endpoint(now=now, lease=LEASE)


def give_endpoint_back(endpoint: Endpoint, *, now: datetime) -> None:
    """The caller sends no more for now. Safe to repeat; who dies instead gives it back by the end of the lease."""
    with written_together("give_endpoint_back: free"):
        writes.lend_endpoint(endpoint.id, until=now)


def deliver_next_event(endpoint: Endpoint, *, now: datetime) -> bool:
    """Sends the oldest event that is due to an address that the caller has taken; whether it was taken there.

    Safe to repeat: who receives knows it by its number. Rule: webhook-retries (failures.md 3.4)
    """
    delivery = find_next_delivery(endpoint.id, now=now)
    return delivery is not None and _deliver(endpoint, delivery, now)


def _deliver(endpoint: Endpoint, delivery: Delivery, now: datetime) -> bool:
    body = body_of(delivery.event)
    message_id = f"evt_{delivery.event_id}"
    headers = headers_of(message_id=message_id, body=body, secrets=secrets_of(endpoint, now=now), now=now)
    let_go_of_the_connection()
    sender = registry.webhook_sender()
    began = monotonic()
    with outside("deliver_next_event: send"):
        answer = sender.send(Post(url=endpoint.url, headers=headers, body=body))
    sent = Sent(answer=answer, milliseconds=round((monotonic() - began) * 1000))
    with written_together("deliver_next_event: answer kept"):
        locked = writes.lock_endpoint(company_id=endpoint.company_id, endpoint_id=endpoint.id)
        waiting = writes.lock_waiting_delivery(delivery.id)
        if locked is not None and waiting is not None:
            _keep(locked, waiting, sent, now)
            writes.lend_endpoint(endpoint.id, until=now + LEASE)
    return isinstance(answer, Taken)


def forget_old_deliveries(*, now: datetime) -> int:
    """Takes away what is over for long; the events stay. Safe to repeat."""
    with written_together("forget_old_deliveries: gone"):
        return writes.forget_old_deliveries(now)


def body_of(event: Event) -> bytes:
    """What a webhook says: the event as the API tells it. The same bytes each time."""
    data = {"sequence": event.sequence, "kind": event.kind, "at": event.at.isoformat(), **event.body}
    said = {"type": event.kind, "timestamp": event.at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _keep(endpoint: Endpoint, delivery: Delivery, sent: Sent, now: datetime) -> None:
    match sent.answer:
        case Taken(status=status):
            writes.note_try(delivery, status=status, reason="", milliseconds=sent.milliseconds, now=now)
            writes.note_success(endpoint, now=now)
        case NotTaken(status=status, reason=reason):
            writes.note_try(delivery, status=status, reason=reason, milliseconds=sent.milliseconds, now=now)
            writes.note_failure(endpoint, now=now)
            if endpoint.failing_since is not None and now - endpoint.failing_since >= DISABLED_AFTER:
                _disable(endpoint, reason, now)
            elif delivery.state == DeliveryState.GIVEN_UP:
                _find_an_owner(endpoint, delivery, reason, now)


def _find_an_owner(endpoint: Endpoint, delivery: Delivery, reason: str, now: datetime) -> None:
    """The address takes others, but not this one. Rule: webhook-given-up (behaviour.md I10)"""
    open_work_item(
        company_id=endpoint.company_id,
        kind=GIVEN_UP_CASE,
        reference=reference_of(endpoint),
        amount=ZERO,
        details={"url": endpoint.url, "why": reason, "first_event": delivery.sequence},
        now=now,
    )


def _disable(endpoint: Endpoint, reason: str, now: datetime) -> None:
    """Nothing is lost: what happened goes on being numbered. Rule: webhook-disabled (behaviour.md I10)"""
    writes.disable_endpoint(endpoint, now=now)
    open_work_item(
        company_id=endpoint.company_id,
        kind=SILENT_CASE,
        reference=reference_of(endpoint),
        amount=ZERO,
        details={"url": endpoint.url, "why": reason},
        now=now,
    )
