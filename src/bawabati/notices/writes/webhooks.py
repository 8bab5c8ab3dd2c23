"""Webhooks: endpoints, and each event's way to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from bawabati.notices.models import Delivery, DeliveryTry, Endpoint, Event
from bawabati.notices.reads.webhooks import secret_purpose
from bawabati.notices.rules import DELIVERIES_KEPT, FORMER_SECRET_FOR, DeliveryState, next_try_at, pause_after
from bawabati.people.models import Staff
from bawabati.sealed import seal

FORGOTTEN_AT_ONCE = 10_000


def write_endpoint(
    *, company_id: int, url: str, kinds: Sequence[str], secret: str, told_up_to: int, made_by: Staff, now: datetime
) -> Endpoint:
    """An address that is told of every event after `told_up_to`."""
    return Endpoint.objects.create(
        company_id=company_id,
        url=url,
        kinds=list(kinds),
        secret_sealed=seal(secret, purpose=secret_purpose(company_id)),
        told_up_to=told_up_to,
        made_by=made_by,
        made_at=now,
    )


def lock_endpoint(*, company_id: int, endpoint_id: int) -> Endpoint | None:
    """The address, locked until the transaction ends; None when it is not that company's, or was ended."""
    found = Endpoint.objects.select_for_update(of=("self",)).filter(company_id=company_id, id=endpoint_id)
    return found.filter(ended_at=None).first()


def end_endpoint(endpoint: Endpoint, *, by: Staff, now: datetime) -> None:
    """It is told nothing more; what waited for it is given up."""
    endpoint.ended_by, endpoint.ended_at = by, now
    endpoint.save(update_fields=["ended_by", "ended_at"])
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.GIVEN_UP, next_try_at=None, ended_at=now, last_reason="endpoint_ended")


def change_secret(endpoint: Endpoint, secret: str, *, now: datetime) -> None:
    """Another secret signs from now on; the former one signs beside it for a day."""
    endpoint.former_sealed, endpoint.former_until = endpoint.secret_sealed, now + FORMER_SECRET_FOR
    endpoint.secret_sealed = seal(secret, purpose=secret_purpose(endpoint.company_id))
    endpoint.save(update_fields=["secret_sealed", "former_sealed", "former_until"])


def lay_out(endpoint: Endpoint, events: Sequence[Event], *, now: datetime) -> None:
    """Puts numbered events on their way to a locked endpoint: each once, those that it wants to be told."""
    wanted = [event for event in events if event.kind in endpoint.kinds]
    Delivery.objects.bulk_create(
        [
            Delivery(
                company_id=endpoint.company_id,
                endpoint=endpoint,
                event=event,
                sequence=event.sequence or 0,
                tried_since=now,
                next_try_at=now,
            )
            for event in wanted
        ],
        ignore_conflicts=True,  # one that was sent again by hand before its turn
    )
    endpoint.told_up_to = max(event.sequence or 0 for event in events)
    endpoint.save(update_fields=["told_up_to"])


def claim_endpoint(*, now: datetime, lease: timedelta) -> Endpoint | None:
    """An open endpoint for which something is due, for one worker alone until the lease ends."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + lease})
        found = cursor.fetchone()
    return Endpoint.objects.get(id=found[0]) if found else None


_CLAIM = """
UPDATE notices_endpoint SET leased_until = %(until)s WHERE id = (
    SELECT e.id FROM notices_endpoint e
    WHERE e.ended_at IS NULL AND e.disabled_at IS NULL
      AND (e.leased_until IS NULL OR e.leased_until <= %(now)s)
      AND (e.paused_until IS NULL OR e.paused_until <= %(now)s)
      AND EXISTS (SELECT FROM notices_delivery d
                  WHERE d.endpoint_id = e.id AND d.state = 'waiting' AND d.next_try_at <= %(now)s)
    ORDER BY e.leased_until NULLS FIRST, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED
) RETURNING id
"""


def lend_endpoint(endpoint_id: int, *, until: datetime) -> None:
    """Prolongs the lease, or ends it now: whoever was served last is served last again."""
    Endpoint.objects.filter(id=endpoint_id).update(leased_until=until)


def lock_waiting_delivery(delivery_id: int) -> Delivery | None:
    """The delivery, locked; None when it is over."""
    found = Delivery.objects.select_for_update(of=("self",)).filter(id=delivery_id, state=DeliveryState.WAITING)
    return found.first()


def note_try(delivery: Delivery, *, status: int | None, reason: str, milliseconds: int, now: datetime) -> None:
    """One line of the log of a locked delivery. An empty `reason`: it was taken.

    Its state says afterwards whether it was given up: then the caller finds an owner for it.
    """
    delivery.tries += 1
    delivery.last_status, delivery.last_reason = status, reason[:40]
    if not reason:
        delivery.state, delivery.next_try_at, delivery.ended_at = DeliveryState.DELIVERED, None, now
    else:
        delivery.next_try_at = next_try_at(created_at=delivery.tried_since, tries=delivery.tries, now=now)
        if delivery.next_try_at is None:
            delivery.state, delivery.ended_at = DeliveryState.GIVEN_UP, now
    delivery.save()
    DeliveryTry.objects.create(
        company_id=delivery.company_id,
        delivery=delivery,
        at=now,
        status=status,
        reason=reason[:40],
        milliseconds=milliseconds,
    )


def note_success(endpoint: Endpoint, *, now: datetime) -> None:
    """A locked endpoint has taken something. If it had failed, what waits for it need not wait longer."""
    if not endpoint.failures_in_row:
        return
    endpoint.failures_in_row, endpoint.failing_since, endpoint.paused_until = 0, None, None
    endpoint.save(update_fields=["failures_in_row", "failing_since", "paused_until"])
    Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING, next_try_at__gt=now).exclude(
        last_status__range=(400, 499)
    ).update(next_try_at=now)


def note_failure(endpoint: Endpoint, *, now: datetime) -> None:
    """A locked endpoint has not taken something: it is left alone for a while."""
    endpoint.failures_in_row += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.paused_until = now + pause_after(endpoint.failures_in_row)
    endpoint.save(update_fields=["failures_in_row", "failing_since", "paused_until"])


def disable_endpoint(endpoint: Endpoint, *, now: datetime) -> None:
    """A locked endpoint is told nothing more until somebody opens it again."""
    endpoint.disabled_at = now
    endpoint.save(update_fields=["disabled_at"])


def open_endpoint(endpoint: Endpoint, *, now: datetime) -> int:
    """A locked endpoint is told again, of what it has not taken too; how many of these wait now. Safe to repeat."""
    endpoint.disabled_at = endpoint.failing_since = endpoint.paused_until = None
    endpoint.failures_in_row = 0
    endpoint.save(update_fields=["disabled_at", "failing_since", "paused_until", "failures_in_row"])
    not_taken = Delivery.objects.filter(endpoint=endpoint).exclude(state=DeliveryState.DELIVERED)
    return _send(not_taken, now)


class SentAgain(NamedTuple):
    """How many events leave once more, and the number of the last of them: what is after it has not left again."""

    events: int
    up_to: int


def send_again(endpoint: Endpoint, *, after: int, given_up_only: bool, at_most: int, now: datetime) -> SentAgain:
    """Events after that number leave once more for a locked endpoint, oldest first: all, or what was given up alone."""
    again = Delivery.objects.filter(endpoint=endpoint, sequence__gt=after).order_by("sequence")
    again = again.filter(state=DeliveryState.GIVEN_UP) if given_up_only else again
    chosen = list(again.values_list("id", "sequence")[:at_most])
    count = _send(Delivery.objects.filter(id__in=[delivery_id for delivery_id, _ in chosen]), now)
    return SentAgain(count, chosen[-1][1] if chosen else after)


def send_one_again(delivery: Delivery, *, now: datetime) -> None:
    """One event leaves once more."""
    _send(Delivery.objects.filter(id=delivery.id), now)


def _send(deliveries: QuerySet[Delivery], now: datetime) -> int:
    """They wait from now on as if they had never been tried; how many."""
    return deliveries.update(state=DeliveryState.WAITING, tries=0, tried_since=now, next_try_at=now, ended_at=None)


def forget_old_deliveries(now: datetime) -> int:
    """Forgets what is over for long: the events themselves stay; how many, so many at most. Safe to repeat."""
    old = Delivery.objects.filter(ended_at__lt=now - DELIVERIES_KEPT).values_list("id", flat=True)[:FORGOTTEN_AT_ONCE]
    return Delivery.objects.filter(id__in=list(old)).delete()[0]
