"""The companies' own systems are told what happened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import connection
from django.utils import timezone

from bawabati.flows.deliver_events import (
    deliver_next_event,
    give_endpoint_back,
    lay_out_events,
    reference_of,
    take_endpoint,
)
from bawabati.jobs.each import no_other_waits
from bawabati.notices.reads import list_open_endpoints
from bawabati.scope import every_company

HANDS: Final = 8
MOST_IN_A_ROW: Final = 50
"""Then another address has its turn."""


def tell_every_endpoint() -> int:
    """Lays out what happened and sends what is due, until nothing is; how many events were taken.

    Safe to repeat, and to race with another worker.
    """
    endpoints = list_open_endpoints()
    for endpoint in endpoints:
        with no_other_waits("events_not_laid_out", company_id=endpoint.company_id, reference=reference_of(endpoint)):
            while lay_out_events(endpoint, now=timezone.now()):
                pass
    with ThreadPoolExecutor(max_workers=min(HANDS, max(1, len(endpoints)))) as hands:
        return sum(hands.map(_tell, range(min(HANDS, len(endpoints)))))


def _tell(_hand: int) -> int:
    with every_company("webhooks leave for every company, with hands of their own"):
        try:
            return _tell_who_is_due()
        finally:
            connection.close()


def _tell_who_is_due() -> int:
    taken = 0
    while (endpoint := take_endpoint(now=timezone.now())) is not None:
        # The lease of one that fails ends by time.
        with no_other_waits("webhook_failed", company_id=endpoint.company_id, reference=reference_of(endpoint)):
            for _ in range(MOST_IN_A_ROW):
                if not deliver_next_event(endpoint, now=timezone.now()):
                    break
                taken += 1
            give_endpoint_back(endpoint, now=timezone.now())
    return taken
