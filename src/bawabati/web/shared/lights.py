"""How a reader or a bridge is, at a glance: never by colour alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bawabati.companies.models import Bridge, Reader
from bawabati.companies.rules import Protocol

SILENT_AFTER: Final = timedelta(seconds=90)
"""A bridge reports every thirty seconds: three times missed is silence."""


class Light(StrEnum):
    """What stands beside a reader or a bridge."""

    READY = "ready"
    BUSY = "busy"
    """In use, or being maintained: it will be ready by itself."""
    DOWN = "down"
    SILENT = "silent"
    """Nobody has heard of it for a while."""
    BY_HAND = "by_hand"
    """Nothing connects it to us: its cashier keys the amount."""
    NONE = "none"


def light_of_reader(reader: Reader | None, *, now: datetime) -> Light:
    """How the reader is, as its bridge last said."""
    if reader is None or not reader.is_active:
        return Light.NONE
    if reader.protocol == Protocol.MANUAL:
        return Light.BY_HAND
    if not _was_heard(reader.last_contact_at, now):
        return Light.SILENT
    match reader.last_status:
        case "ok":
            return Light.READY
        case "busy" | "maintenance":
            return Light.BUSY
        case _:
            return Light.DOWN


def light_of_bridge(bridge: Bridge, *, now: datetime) -> Light:
    """Whether the bridge's line to us holds."""
    if not bridge.is_active or bridge.enrolled_at is None:
        return Light.NONE
    return Light.READY if _was_heard(bridge.last_contact_at, now) else Light.SILENT


def _was_heard(last: datetime | None, now: datetime) -> bool:
    return last is not None and now - last < SILENT_AFTER
