"""A backup is the whole truth of one moment; what comes back is compared with it, and stays shut to payers."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from bawabati.adapters.backups.contract import CopyFailed
from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.back_up import BackupKeyMissing, BackupRunning, Made, back_up
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.restore import BackupTooNew, look_into
from bawabati.operations.models import Backup
from bawabati.payments.models import Payment
from bawabati.sealed_stream import FileDamaged, OtherKey
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, add_bill
from postgres_elsewhere import Addresses

pytestmark = pytest.mark.usefixtures("database")

KEY = "a-key-for-backups-in-tests-long-enough"
OTHER = "another-key-for-backups-as-long-as-it"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def another_database(
    postgres: Addresses, behind_the_scenes: psycopg.Connection[Any], settings_of_the_portal: dict[str, str]
) -> Iterator[dict[str, str]]:
    """An empty one on the same server, owned as ours is; the settings of programs that work on it."""
    behind_the_scenes.execute("CREATE DATABASE restored OWNER bawabati_owner")
    behind_the_scenes.execute("GRANT CONNECT ON DATABASE restored TO bawabati_app")
    yield settings_of_the_portal | {
        "DATABASE_URL": elsewhere(postgres.application_url),
        "DATABASE_OWNER_URL": elsewhere(postgres.owner_url),
        "BAWABATI_BACKUP_KEYS": KEY,
    }
    behind_the_scenes.execute("DROP DATABASE restored WITH (FORCE)")


def elsewhere(url: str) -> str:
    return urlsplit(url)._replace(path="/restored").geturl()


def bawabati(settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bawabati.config.commands", *arguments]
    return subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)


def backup(folder: Path, key: str = KEY) -> Made:
    return back_up(folder=folder, keys=[key], days=35, now=timezone.now())


def paid(outside: Outside, company: Company, bill: Bill, key: str) -> Payment:
    now = timezone.now()
    payment = start(company, bill, key=key, now=now)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=now)
    payment.refresh_from_db()
    assert payment.state == "paid"
    return payment


def test_a_backup_is_one_sealed_file_that_says_what_is_in_it(folder: Path, company: Company, outside: Outside) -> None:
    paid(outside, company, add_bill(company, seed=1), "one")
    made = backup(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["lock", made.file.name, f"{made.file.name}.sha256"]
    )
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert b"Amina" not in made.file.read_bytes()
    told = look_into(made.file, keys=[KEY])
    assert told["totals"]["companies"]["oran"]["paid"] == 1
    assert told["totals"]["companies"]["oran"]["ledger"]["511"] == 1_430_50
    noted = Backup.objects.get()
    assert (noted.file_name, noted.sha256) == (made.file.name, made.sha256)
    checked = subprocess.run(
        ["sha256sum", "-c", f"{made.file.name}.sha256"], cwd=folder, capture_output=True, check=False
    )
    assert checked.returncode == 0


def test_what_is_restored_has_the_same_totals_and_its_books_agree(
    folder: Path, company: Company, outside: Outside, another_database: dict[str, str]
) -> None:
    for seed in range(1, 4):
        paid(outside, company, add_bill(company, seed=seed), f"payment {seed}")
    made = backup(folder)
    restored = bawabati(another_database, "restore", str(made.file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "Every table and every total is as the backup says." in restored.stdout
    books = bawabati(another_database, "check-books")
    assert books.returncode == 0, books.stdout + books.stderr


def test_a_database_that_is_not_empty_is_left_alone_unless_its_name_is_said(
    folder: Path, another_database: dict[str, str]
) -> None:
    made = backup(folder)
    with psycopg.connect(elsewhere(another_database["DATABASE_OWNER_URL"]), autocommit=True) as owner:
        owner.execute("CREATE TABLE somebodys (thing text)")
    refused = bawabati(another_database, "restore", str(made.file))
    assert refused.returncode != 0
    assert "--replace-database restored" in refused.stderr
    told = bawabati(another_database, "restore", str(made.file), "--replace-database", "restored")
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_database_that_somebody_works_on_is_left_alone(folder: Path, another_database: dict[str, str]) -> None:
    made = backup(folder)
    with psycopg.connect(another_database["DATABASE_URL"]):
        refused = bawabati(another_database, "restore", str(made.file))
    assert refused.returncode != 0
    assert "Stop the portal" in refused.stderr


@pytest.mark.parametrize("spoil", ["cut", "changed", "swapped", "foreign"])
def test_a_file_that_is_not_whole_is_refused_before_anything_happens(folder: Path, spoil: str) -> None:
    made = backup(folder)
    content = bytearray(made.file.read_bytes())
    match spoil:
        case "cut":
            del content[-20:]
        case "changed":
            content[len(content) // 2] ^= 1
        case "swapped":
            content[100:200], content[200:300] = content[200:300], content[100:200]
        case _:
            content = bytearray(b"PGDMP and so on, but not ours")
    made.file.write_bytes(content)
    with pytest.raises(FileDamaged):
        look_into(made.file, keys=[KEY])


def test_another_key_opens_nothing_and_an_older_one_of_ours_does(folder: Path) -> None:
    made = backup(folder)
    with pytest.raises(OtherKey):
        look_into(made.file, keys=[OTHER])
    assert look_into(made.file, keys=[OTHER, KEY])["format"] == 1


def test_a_backup_of_a_newer_version_is_refused(folder: Path, behind_the_scenes: psycopg.Connection[Any]) -> None:
    behind_the_scenes.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('payments', '9999_of_tomorrow', now())"
    )
    try:
        made = backup(folder)
        with pytest.raises(BackupTooNew):
            look_into(made.file, keys=[KEY])
    finally:
        behind_the_scenes.execute("DELETE FROM django_migrations WHERE name = '9999_of_tomorrow'")


def test_without_a_key_there_is_no_backup(folder: Path) -> None:
    with pytest.raises(BackupKeyMissing):
        back_up(folder=folder, keys=[], days=35, now=timezone.now())


def test_two_backups_do_not_run_into_one_folder_at_once(folder: Path) -> None:
    folder.mkdir()
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BackupRunning):
            backup(folder)


def test_what_a_killed_backup_left_is_removed_by_the_next(folder: Path) -> None:
    folder.mkdir()
    (folder / "bawabati-20261101T000000Z.backup.part").write_bytes(b"half")
    backup(folder)
    assert not list(folder.glob("*.part"))


def test_a_line_that_has_to_be_secret_is_secret_for_backups_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the tests speaks no TLS: whoever insists on it is refused by PostgreSQL's own program."""
    connection.ensure_connection()  # without
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "sslmode", "require")
    with pytest.raises(CopyFailed, match="SSL"):
        backup(folder)
