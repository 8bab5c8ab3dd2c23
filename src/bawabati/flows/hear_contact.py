"""A bridge tells of itself and of its readers, twice a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bawabati.companies.models import Bridge
from bawabati.companies.reads import list_readers_of_bridge
from bawabati.companies.writes import note_bridge, note_reader
from bawabati.flows.steps.side_effects import written_together

STATUSES = frozenset({"ok", "busy", "maintenance", "unreachable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderNews:
    """How a reader is, as its bridge has just seen."""

    poi_id: str
    status: str
    printer: str
    boot: str


def hear_contact(
    *,
    bridge: Bridge,
    software: str,
    waiting_results: int,
    line_lost_at: datetime | None,
    readers: Sequence[ReaderNews],
    now: datetime,
) -> None:
    """Keeps it. News of readers that are not this bridge's are left aside. Safe to repeat."""
    own = {reader.poi_id: reader for reader in list_readers_of_bridge(bridge.id)}
    with written_together("hear_contact: kept"):
        note_bridge(bridge, software=software[:40], waiting_results=waiting_results, line_lost_at=line_lost_at, now=now)
        for news in readers:
            reader = own.get(news.poi_id)
            if reader is not None and news.status in STATUSES:
                note_reader(reader, status=news.status, printer=news.printer, boot=news.boot, now=now)
