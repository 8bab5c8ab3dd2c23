"""Questions about backups, restorations, pulses and papers."""

from datetime import datetime

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.operations.models import Backup, Paper, Pulse, Restoration


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


@compiled
def _latest_restoration() -> QuerySet[Restoration]:
    return Restoration.objects.order_by("-id")[:1]


def find_pulse(name: str) -> Pulse | None:
    """The last sign of life of that name."""
    return Pulse.objects.filter(name=name).first()


def list_pulses(prefix: str, *, since: datetime) -> list[Pulse]:
    """Signs of life of programs whose name begins so, not older than that."""
    return list(Pulse.objects.filter(name__startswith=prefix, at__gte=since).order_by("name"))


def list_papers(company_id: int) -> list[Paper]:
    """Of each kind of paper the newest word, in the order of their ends."""
    newest = Paper.objects.filter(company_id=company_id).order_by("kind", "-id").distinct("kind")
    return sorted(newest, key=lambda paper: paper.ends_on)


def list_all_papers() -> list[Paper]:
    """The same for every company, with it."""
    newest = Paper.objects.order_by("company_id", "kind", "-id").distinct("company_id", "kind")
    return list(newest.select_related("company"))
