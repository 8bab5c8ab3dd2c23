"""Noting backups, restorations, pulses and papers, in the caller's transaction."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import DEFAULT_DB_ALIAS

from bawabati.operations.models import Backup, Paper, Pulse, Restoration
from bawabati.operations.rules import Checked, NotInQuarantine, PaperKind, series_mark_of
from bawabati.people.models import Staff


def note_backup(*, made_at: datetime, file_name: str, size: int, sha256: str, milliseconds: int) -> Backup:
    """A backup is there and whole. Not safe to repeat: call it once for each file."""
    return Backup.objects.create(
        made_at=made_at, file_name=file_name, bytes=size, sha256=sha256, milliseconds=milliseconds
    )


def begin_quarantine(
    *, backup_made_at: datetime, backup_file: str, now: datetime, using: str = DEFAULT_DB_ALIAS
) -> Restoration:
    """Shuts the doors. `using`: the connection of the role that owns the tables, while the other may nothing yet."""
    return Restoration.objects.using(using).create(
        backup_made_at=backup_made_at, backup_file=backup_file, restored_at=now, series_mark=series_mark_of(now)
    )


def lock_quarantine() -> list[Restoration]:
    """The restorations that still keep the doors shut, newest first, locked. Raises NotInQuarantine.

    There are several when a backup was made in quarantine and restored.
    """
    shut = list(Restoration.objects.select_for_update().filter(left_at=None).order_by("-id"))
    if not shut:
        raise NotInQuarantine
    return shut


def note_check(restoration: Restoration, found: Checked, *, now: datetime) -> None:
    """Keeps what a check has found."""
    restoration.checked_at = now
    restoration.found = found.to_json()
    restoration.save(update_fields=["checked_at", "found"])


def leave_quarantine(restoration: Restoration, *, by: Staff, because: str, now: datetime) -> None:
    """Opens the doors."""
    restoration.left_at = now
    restoration.left_by = by
    restoration.because = because
    restoration.save(update_fields=["left_at", "left_by", "because"])


def note_pulse(name: str, *, seen: Mapping[str, object], now: datetime) -> None:
    """A sign of life. Safe to repeat."""
    Pulse.objects.update_or_create(name=name, defaults={"at": now, "seen": dict(seen)})


def forget_pulses(*, prefix: str, before: datetime) -> int:
    """Removes the ones that nobody needs any more; how many. Safe to repeat."""
    count, _ = Pulse.objects.filter(name__startswith=prefix, at__lt=before).delete()
    return count


def write_paper(*, company_id: int, kind: PaperKind, ends_on: date, note: str, by: Staff, now: datetime) -> Paper:
    """The newest word about a paper; the ones before stay."""
    return Paper.objects.create(company_id=company_id, kind=kind, ends_on=ends_on, note=note, noted_by=by, noted_at=now)
