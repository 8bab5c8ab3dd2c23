"""A database is filled from a backup, compared with what the backup says of itself, and kept shut to payers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from bawabati.adapters import registry
from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.backup_files import database_address, read_backup
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.totals import differing, migrations_of, totals
from bawabati.operations.models import Restoration
from bawabati.operations.writes import begin_quarantine
from bawabati.people.writes import system_account

OWNER: Final = "owner"
PIECE: Final = 1 << 20
NUMBERS_LEFT_OUT: Final = 10_000_000
"""By so much every counter jumps: further than anything that was written since the backup can have counted."""
TABLES_THERE: Final = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"
OTHERS_THERE: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
JUMP: Final = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + %s)
FROM pg_sequences WHERE schemaname = 'public' AND data_type = 'bigint'::regtype
"""


class DatabaseNotEmpty(CannotDo):
    """Nobody's payments are written over by mistake."""

    code: ClassVar[str] = "database_not_empty"
    sentence: ClassVar[str] = (
        "The database %(name)s is not empty. To remove all that is in it first, say --replace-database %(name)s."
    )


class DatabaseInUse(CannotDo):
    """A portal or a worker that goes on would work on half a database."""

    code: ClassVar[str] = "database_in_use"
    sentence: ClassVar[str] = (
        "%(count)s other connections are open to this database. Stop the portal, the worker and whatever else uses it."
    )


class BackupTooNew(CannotDo):
    """It was made by a newer version than this program."""

    code: ClassVar[str] = "backup_too_new"
    sentence: ClassVar[str] = "This backup was made by a newer version (%(version)s). Install that version first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the backup says of itself, and what of it the filled database does not show."""

    manifest: dict[str, Any]
    differences: list[str]


def look_into(file: Path, *, keys: Sequence[str]) -> dict[str, Any]:
    """The manifest, after every byte of the file was read and found unchanged. Touches no database.

    Raises:
        FileDamaged, OtherKey, BackupTooNew, OSError.
    """
    with read_backup(file, keys=keys) as (manifest, content):
        while content.read(PIECE):
            pass
    ours = {app.label for app in apps.get_app_configs()}
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if any(each.partition(".")[0] not in ours or each not in known for each in manifest["migrations"]):
        raise BackupTooNew(version=manifest["version"])
    return dict(manifest)


def fill_database(file: Path, *, keys: Sequence[str], replace: str) -> Filled:
    """Fills the owner's database with the backup, in one transaction. Read it with `look_into` first.

    `replace`: the name of a database whose content may be removed; empty: an empty database alone will do. Until
    `shut_doors`, the application's role may not even read what is there: whoever is killed here begins anew.
    Rule: restore-is-compared (behaviour.md 6, "Restore from a backup")

    Raises:
        DatabaseNotEmpty, DatabaseInUse, ProgramsMissing, CopyFailed, FileDamaged, OtherKey, OSError.
    """
    copier = registry.database_copier()
    address = database_address(OWNER)
    _make_room(address.name, replace=replace)
    with read_backup(file, keys=keys) as (manifest, content), copier.copy_in(address) as copied:
        while piece := content.read(PIECE):
            copied.write(piece)
    differences = differing(manifest["totals"], totals(using=OWNER))
    if migrations_of(using=OWNER) != manifest["migrations"]:
        differences.append("migrations: not those that the backup names")
    return Filled(manifest=dict(manifest), differences=differences)


def shut_doors(*, manifest: dict[str, Any], file: Path, now: datetime) -> Restoration:
    """Begins the quarantine, and lets every counter jump: what was given out since the backup is not given again.

    To be called as the owner, with the tables of this version, before the application's role is let in.
    Rule: quarantine (behaviour.md 6, "Restore from a backup")
    """
    with written_together("shut_doors: shut", using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(JUMP, [NUMBERS_LEFT_OUT])
        return begin_quarantine(
            backup_made_at=datetime.fromisoformat(manifest["made_at"]), backup_file=file.name, now=now, using=OWNER
        )


def note_restoration(restoration: Restoration, *, now: datetime) -> None:
    """Writes into the audit log what this database is, once the application's role is let in."""
    with written_together("note_restoration: noted"):
        record_act(
            staff_id=system_account(now=now).id,
            company_id=None,
            action="restore",
            target=f"restoration:{restoration.id}",
            details={"backup": restoration.backup_file, "made_at": restoration.backup_made_at.isoformat()},
            now=now,
        )


def _make_room(name: str, *, replace: str) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(OTHERS_THERE)
        (others,) = cursor.fetchone()
        if others:
            raise DatabaseInUse(count=others)
        cursor.execute(TABLES_THERE)
        if not cursor.fetchone()[0]:
            return
    if replace != name:
        raise DatabaseNotEmpty(name=name)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
