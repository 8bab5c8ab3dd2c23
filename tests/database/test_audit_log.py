"""Who did what is written once, sealed in blocks, and any change of it is found."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from bawabati.audit.models import AuditBlock, AuditEntry
from bawabati.audit.reads import find_block_of, oldest_unsealed_at
from bawabati.audit.rules import Broken
from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.flows.check_audit import check_audit
from bawabati.flows.note_reading import note_reading
from bawabati.flows.seal_audit import seal_audit
from bawabati.people.models import Staff
from people import NADIA, NOON, add_company

pytestmark = pytest.mark.usefixtures("database")
SOON = NOON + timedelta(seconds=5)


@pytest.fixture
def oran() -> Company:
    return add_company()


def act(company: Company, target: str = "bill_batch:1", *, now: datetime = NOON) -> None:
    staff = Staff.objects.get(login=NADIA)
    record_act(
        staff_id=staff.id, company_id=company.id, action="import_bills", target=target, details={"lines": 3}, now=now
    )


def tamper(behind_the_scenes: psycopg.Connection[Any], statement: str) -> None:
    """What only the owner of the tables can do, with the guards switched off."""
    for table in ("audit_auditentry", "audit_auditblock"):
        behind_the_scenes.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        behind_the_scenes.execute(statement)
    finally:
        for table in ("audit_auditentry", "audit_auditblock"):
            behind_the_scenes.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def sealed_in_blocks(company: Company, *sizes: int) -> None:
    for block, size in enumerate(sizes):
        now = NOON + timedelta(seconds=5 * block)
        for at in range(size):
            act(company, f"bill_batch:{block}{at}", now=now)
        assert seal_audit(now=now)


def broken() -> set[Broken]:
    return {finding.broken for finding in check_audit(now=SOON).findings}


def test_an_entry_waits_for_its_seal_and_then_has_it(oran: Company) -> None:
    act(oran)
    entry = AuditEntry.objects.get()
    assert oldest_unsealed_at() == NOON
    assert find_block_of(entry.id) is None
    block = seal_audit(now=SOON)
    assert block is not None
    assert (block.number, block.first_id, block.last_id, block.count) == (1, entry.id, entry.id, 1)
    assert find_block_of(entry.id) == block
    assert oldest_unsealed_at() is None


def test_nothing_new_makes_no_block(oran: Company) -> None:
    sealed_in_blocks(oran, 2)
    assert seal_audit(now=SOON) is None
    assert AuditBlock.objects.count() == 1


def test_a_log_that_nobody_touched_is_as_it_was_written(oran: Company) -> None:
    sealed_in_blocks(oran, 1, 3, 8)
    checked = check_audit(now=SOON)
    assert (checked.blocks, checked.entries, checked.findings) == (3, 12, ())


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_auditentry SET target = 'bill_batch:9' WHERE target = 'bill_batch:11'", {Broken.ENTRIES}),
        ("UPDATE audit_auditentry SET details = '{\"lines\": 4}' WHERE target = 'bill_batch:11'", {Broken.ENTRIES}),
        ("UPDATE audit_auditentry SET at = at + interval '1 us' WHERE target = 'bill_batch:00'", {Broken.ENTRIES}),
        ("DELETE FROM audit_auditentry WHERE target = 'bill_batch:12'", {Broken.ENTRIES}),
        ("DELETE FROM audit_auditblock WHERE number = 1", {Broken.CHAIN, Broken.ENTRIES}),
        ("UPDATE audit_auditblock SET count = 4 WHERE number = 2", {Broken.CHAIN, Broken.SIGNATURE, Broken.ENTRIES}),
        ("UPDATE audit_auditblock SET signature = '\\x00' WHERE number = 2", {Broken.SIGNATURE}),
        ("UPDATE audit_auditblock SET key_name = 'unknown' WHERE number = 3", {Broken.SIGNATURE}),
    ],
)
def test_what_the_owner_of_the_tables_changes_is_found(
    oran: Company, behind_the_scenes: psycopg.Connection[Any], statement: str, found: set[Broken]
) -> None:
    sealed_in_blocks(oran, 1, 3, 2)
    tamper(behind_the_scenes, statement)
    assert broken() == found


def test_an_entry_pushed_in_behind_a_seal_is_found(oran: Company, behind_the_scenes: psycopg.Connection[Any]) -> None:
    sealed_in_blocks(oran, 2)
    with transaction.atomic():
        act(oran)
        transaction.set_rollback(True)  # a number that nobody has
    sealed_in_blocks_later(oran)
    tamper(
        behind_the_scenes,
        "INSERT INTO audit_auditentry (id, company_id, staff_id, action, target, details, request, at) "
        "SELECT id + 1, company_id, staff_id, 'refund', target, details, request, at "
        "FROM audit_auditentry WHERE target = 'bill_batch:01'",
    )
    assert broken() == {Broken.ENTRIES}


def sealed_in_blocks_later(company: Company) -> None:
    act(company, "bill_batch:later", now=SOON)
    assert seal_audit(now=SOON)


def test_a_whole_log_written_anew_is_told_by_what_was_kept_elsewhere(
    oran: Company, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    sealed_in_blocks(oran, 2)
    kept = AuditBlock.objects.get()
    tamper(behind_the_scenes, "DELETE FROM audit_auditblock")
    tamper(behind_the_scenes, "UPDATE audit_auditentry SET target = 'bill_batch:77' WHERE target = 'bill_batch:01'")
    assert seal_audit(now=SOON)
    assert broken() == set()
    checked = check_audit(now=SOON, kept={1: bytes(kept.hash), 2: bytes(32)})
    assert [finding.broken for finding in checked.findings] == [Broken.OTHER_BLOCK, Broken.OTHER_BLOCK]


def test_entries_that_wait_too_long_are_told(oran: Company) -> None:
    act(oran)
    assert not check_audit(now=NOON + timedelta(seconds=60)).findings
    waiting = check_audit(now=NOON + timedelta(seconds=61)).findings
    assert [finding.broken for finding in waiting] == [Broken.UNSEALED]


@pytest.mark.parametrize("model", [AuditEntry, AuditBlock])
def test_neither_entries_nor_blocks_are_changed_or_removed(oran: Company, model: type[Any]) -> None:
    sealed_in_blocks(oran, 1)
    with pytest.raises(DatabaseError):
        model.objects.update(**({"target": "x"} if model is AuditEntry else {"count": 9}))
    with pytest.raises(DatabaseError):
        model.objects.all().delete()


def test_no_entry_with_a_lower_number_comes_after_the_seal(oran: Company) -> None:
    """A slow act has its number and is not committed yet: the sealer comes back later instead of passing it by."""
    has_its_number, may_commit = threading.Event(), threading.Event()
    slow = threading.Thread(target=copy_context().run, args=(_slow_act, oran, has_its_number, may_commit))
    slow.start()
    has_its_number.wait(timeout=20)
    act(oran, "bill_batch:quick")
    assert seal_audit(now=NOON) is None
    may_commit.set()
    slow.join(timeout=20)
    block = seal_audit(now=SOON)
    assert block is not None
    assert block.count == 2
    assert broken() == set()


def _slow_act(company: Company, has_its_number: threading.Event, may_commit: threading.Event) -> None:
    try:
        with transaction.atomic():
            act(company, "bill_batch:slow")
            has_its_number.set()
            may_commit.wait(timeout=20)
    finally:
        connection.close()


def test_many_sealers_and_writers_at_once_end_in_one_unbroken_log(oran: Company) -> None:
    def write() -> None:
        for at in range(10):
            act(oran, f"bill_batch:{at}")

    def seal() -> None:
        for _ in range(20):
            seal_audit(now=SOON)

    at_once(write, seal, write, seal, write)
    while seal_audit(now=SOON) is not None:
        pass
    checked = check_audit(now=SOON)
    assert (checked.entries, checked.findings) == (30, ())


def at_once(*acts: Callable[[], None]) -> None:
    failed: list[BaseException] = []

    def one(what: Callable[[], None]) -> None:
        try:
            what()
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=copy_context().run, args=(one, what)) for what in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed


def test_what_was_read_is_written_down(oran: Company) -> None:
    note_reading(
        staff=Staff.objects.get(login=NADIA), company_id=oran.id, what="payment", target="payment:12", now=NOON
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target, entry.staff.login) == ("read_payment", "payment:12", NADIA)


def test_the_command_says_that_all_is_well_and_what_to_keep(oran: Company) -> None:
    sealed_in_blocks(oran, 1, 2)
    out = StringIO()
    call_command("check_audit", stdout=out)
    kept = AuditBlock.objects.get(number=2)
    assert out.getvalue() == (
        f"3 entries in 2 blocks are as they were written.\nThe newest: 2:{bytes(kept.hash).hex()}\n"
    )
    call_command("check_audit", "--kept", f"2:{bytes(kept.hash).hex()}", stdout=out)


def test_the_command_fails_when_something_was_changed(
    oran: Company, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    sealed_in_blocks(oran, 2)
    tamper(behind_the_scenes, "DELETE FROM audit_auditentry WHERE target = 'bill_batch:00'")
    out = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("check_audit", stdout=out)
    assert out.getvalue() == "entries block 1: it sealed 2 entries and there are 1\n"


@pytest.mark.parametrize("words", ["", "1", "1:", "x:" + "0" * 64, "1:" + "g" * 64, "0:" + "0" * 64, "1:00"])
def test_odd_words_for_what_was_kept_are_refused(words: str) -> None:
    with pytest.raises(CommandError, match="is not the number of a block"):
        call_command("check_audit", "--kept", words, stdout=StringIO())
