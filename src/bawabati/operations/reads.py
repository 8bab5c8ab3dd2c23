"""Questions about backups, restorations, pulses and papers."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.operations.models import Backup, Paper, Pulse, Restoration

JOB: Final = "job:"
"""What begins the names of pulses that hold the words of a job that failed."""


def find_last_backup() -> Backup | None:
    """The newest backup that was written and found whole."""
    return Backup.objects.order_by("-made_at").first()


def find_quarantine() -> Restoration | None:
    """The restoration that nobody has let open its doors yet; None in ordinary times."""
    return Restoration.objects.filter(left_at=None).order_by("-id").first()


def find_series_mark() -> str:
    """What the names of receipt series end with since the latest restoration; empty when there was none."""
    latest = _latest_restoration.find()
    return latest.series_mark if latest else ""


def find_restored_at() -> datetime | None:
    """When this database was last restored from a backup."""
    latest = _latest_restoration.find()
    return latest.restored_at if latest else None


@compiled
def _latest_restoration() -> QuerySet[Restoration]:
    return Restoration.objects.order_by("-id")[:1]


def list_pulses() -> list[Pulse]:
    """The last sign of life of each program and check."""
    return list(Pulse.objects.exclude(name__startswith=JOB).order_by("name"))


def list_papers(company_id: int) -> list[Paper]:
    """Of each kind of paper the newest word, in the order of their ends."""
    newest = Paper.objects.filter(company_id=company_id).order_by("kind", "-id").distinct("kind")
    return sorted(newest, key=lambda paper: paper.ends_on)
