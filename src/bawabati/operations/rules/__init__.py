"""How long backups are kept, what a restored installation may do, what is measured and when it alarms."""

from bawabati.operations.rules.alarms import ALARMS, MEASURES, Alarm, Level, Measure
from bawabati.operations.rules.restoring import (
    Checked,
    Closeness,
    GatewaySilent,
    Kept,
    NotCheckedYet,
    NotInQuarantine,
    PaperKind,
    check_may_leave,
    closeness_of,
    series_mark_of,
    to_remove,
)

__all__ = [
    "ALARMS",
    "MEASURES",
    "Alarm",
    "Checked",
    "Closeness",
    "GatewaySilent",
    "Kept",
    "Level",
    "Measure",
    "NotCheckedYet",
    "NotInQuarantine",
    "PaperKind",
    "check_may_leave",
    "closeness_of",
    "series_mark_of",
    "to_remove",
]
