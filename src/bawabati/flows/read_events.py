"""A billing system reads what happened since the last number that it has seen, and misses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bawabati.flows.steps.events_numbered import number_what_happened
from bawabati.notices.models import Event
from bawabati.notices.reads import list_events_after
from bawabati.notices.rules import EventKind

MOST_EVENTS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRead:
    """A page of events in their order. `next_sequence` is where the reader goes on; `has_more`: at once."""

    events: list[Event]
    next_sequence: int
    has_more: bool


def read_events(*, company_id: int, after: int, kinds: Iterable[EventKind] = (), at_most: int) -> EventsRead:
    """What happened after that number: gap-free, in an order in which nothing is ever inserted. Safe to repeat.

    Rule: events-numbered (docs/decisions/0042-the-api-of-a-company.md)
    """
    number_what_happened(company_id)
    events = list_events_after(company_id=company_id, sequence=after, kinds=kinds, at_most=at_most + 1)
    shown = events[:at_most]
    last = shown[-1].sequence if shown else None
    return EventsRead(events=shown, next_sequence=last or after, has_more=len(events) > at_most)
