"""The journal and the settings: what they refuse, what they keep."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from agency_bridge.identity import Identity, NotEnrolled, keep_identity, new_key, read_identity
from agency_bridge.journal.file import JournalNotUsable
from agency_bridge.journal.journal import Journal
from agency_bridge.journal.orders import SentBefore, Step
from agency_bridge.journal.receipts import BlockUsedUp
from agency_bridge.redaction import masked_card, masked_text, without_card_data
from agency_bridge.settings import NotUsable, Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 22, 9, 38, tzinfo=UTC)
RESULT = {"outcome": "approved", "at": NOW.isoformat(), "boot": "", "answer": {}, "message": ""}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path)
    yield opened
    opened.close()


def take(journal: Journal, order: int = 41, *, kind: str = "pay", poi: str = "SIM-1", service: str = "A1") -> None:
    journal.orders.take(order=order, kind=kind, poi_id=poi, service_id=service, now=NOW)


def step(journal: Journal, order: int = 41) -> Step:
    row = journal.orders.find(order)
    assert row is not None
    return row.step


# --- orders ---


def test_an_order_goes_its_four_steps(journal: Journal) -> None:
    take(journal)
    journal.orders.sending(41, now=NOW)
    journal.orders.answer(41, RESULT, now=NOW)
    assert [row.result for row in journal.orders.results_waiting()] == [RESULT]
    journal.orders.acknowledge(41, now=NOW)
    assert step(journal) is Step.ACKNOWLEDGED
    assert journal.orders.results_waiting() == []


def test_what_was_not_taken_is_not_sent_and_nothing_is_sent_twice(journal: Journal) -> None:
    with pytest.raises(SentBefore):
        journal.orders.sending(41, now=NOW)
    take(journal)
    journal.orders.sending(41, now=NOW)
    with pytest.raises(SentBefore):
        journal.orders.sending(41, now=NOW)
    with pytest.raises(SentBefore):
        take(journal)


def test_one_number_goes_to_one_reader_once(journal: Journal) -> None:
    take(journal)
    with pytest.raises(SentBefore):
        take(journal, 42)
    take(journal, 43, poi="SIM-2")
    take(journal, 44, kind="ask")
    assert journal.orders.was_sent("SIM-1", "A1")


def test_a_withdrawn_number_was_never_sent(journal: Journal) -> None:
    take(journal)
    journal.orders.withdraw(41)
    assert not journal.orders.was_sent("SIM-1", "A1")
    with pytest.raises(SentBefore):
        journal.orders.sending(41, now=NOW)


def test_the_first_result_stays(journal: Journal) -> None:
    take(journal)
    journal.orders.answer(41, RESULT, now=NOW)
    journal.orders.answer(41, RESULT | {"outcome": "declined"}, now=NOW)
    assert journal.orders.results_waiting()[0].result == RESULT


def test_a_reader_with_something_open_takes_no_money(journal: Journal) -> None:
    assert journal.orders.may_take_money("SIM-1")
    take(journal)
    assert not journal.orders.may_take_money("SIM-1")
    assert journal.orders.may_take_money("SIM-2")
    journal.orders.sending(41, now=NOW)
    journal.orders.answer(41, RESULT, now=NOW)
    assert not journal.orders.may_take_money("SIM-1")
    journal.orders.acknowledge(41, now=NOW)
    assert journal.orders.may_take_money("SIM-1")


def test_old_orders_are_forgotten_once_the_portal_has_them(journal: Journal) -> None:
    take(journal)
    journal.orders.answer(41, RESULT, now=NOW)
    later = NOW + timedelta(days=500)
    journal.orders.forget(before=later, days=400)
    assert step(journal) is Step.ANSWERED
    journal.orders.acknowledge(41, now=NOW)
    journal.orders.forget(before=later, days=400)
    assert journal.orders.find(41) is None


# --- the file ---


def test_a_change_reaches_the_disk_before_it_returns(journal: Journal) -> None:
    settings = {
        name: journal._file.database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")
    }
    assert settings == {"synchronous": 3, "journal_mode": "delete"}


def test_a_newer_or_broken_journal_is_refused(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    database = sqlite3.connect(tmp_path / "journal.sqlite3")
    database.execute("PRAGMA user_version = 99")
    database.commit()
    database.close()
    with pytest.raises(JournalNotUsable, match="newer"):
        Journal(tmp_path)
    (tmp_path / "journal.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalNotUsable):
        Journal(tmp_path)


def test_a_second_journal_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    with pytest.raises(JournalNotUsable, match="another bridge"):
        Journal(tmp_path)
    first.close()
    Journal(tmp_path).close()


def test_the_first_moment_of_a_cut_stays(journal: Journal) -> None:
    journal.line_lost(now=NOW)
    journal.line_lost(now=NOW + timedelta(hours=1))
    assert journal.line_lost_at == NOW
    journal.line_back()
    journal.line_back()
    assert journal.line_lost_at is None


# --- receipts given offline ---

BLOCK = {"block": 3, "first": 101, "last": 102}


def test_numbers_follow_each_other_and_end(journal: Journal) -> None:
    journal.receipts.keep_blocks([BLOCK])
    given = [journal.receipts.give(block=3, token=token, facts={}).number for token in ("a", "b", "a")]
    assert given == [101, 102, 101]
    assert journal.receipts.left(3) == 0
    with pytest.raises(BlockUsedUp):
        journal.receipts.give(block=3, token="c", facts={})


def test_a_new_journal_goes_on_behind_what_the_portal_has_heard_of(journal: Journal) -> None:
    journal.receipts.keep_blocks([BLOCK | {"next": 102}])
    assert journal.receipts.left(3) == 1
    assert journal.receipts.give(block=3, token="a", facts={}).number == 102
    journal.receipts.keep_blocks([BLOCK | {"next": 101}])
    assert journal.receipts.left(3) == 0


def test_a_block_that_the_portal_closed_gives_no_more_numbers(journal: Journal) -> None:
    journal.receipts.keep_blocks([BLOCK])
    journal.receipts.give(block=3, token="a", facts={})
    journal.receipts.keep_blocks([])
    with pytest.raises(BlockUsedUp):
        journal.receipts.give(block=3, token="b", facts={})
    assert [receipt.number for receipt in journal.receipts.to_upload()] == [101]
    assert journal.receipts.open_blocks() == []
    with pytest.raises(BlockUsedUp):
        journal.receipts.give(block=9, token="c", facts={})


def test_a_receipt_on_its_way_cannot_be_voided(journal: Journal) -> None:
    journal.receipts.keep_blocks([BLOCK])
    journal.receipts.give(block=3, token="a", facts={})
    journal.receipts.give(block=3, token="b", facts={})
    assert journal.receipts.void(block=3, number=101)
    journal.receipts.upload_begins(block=3, number=102, now=NOW)
    assert not journal.receipts.void(block=3, number=102)
    assert [receipt.voided for receipt in journal.receipts.given(3)] == [False, True]


# --- settings and identity ---


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()


def test_a_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('printer_host = "192.168.1.50"\npayment_seconds = 200\n')
    settings = read_settings(tmp_path)
    assert (settings.printer_host, settings.patience.payment_seconds) == ("192.168.1.50", 200)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense = 1",
        "payment_seconds = 0",
        "payment_seconds = -1",
        'payment_seconds = "180"',
        "payment_seconds = true",
        "printer_port = 9100.5",
        "printer_host = 7",
        'desk_language = "en"',
        'log_level = "loud"',
        "= = =",
    ],
)
def test_a_setting_that_cannot_be_used_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(NotUsable):
        read_settings(tmp_path)


def test_an_identity_comes_back_and_shows_no_key(tmp_path: Path) -> None:
    identity = Identity(portal="https://x", bridge=7, key=new_key(), name="n", company="c", agency="a")
    keep_identity(tmp_path, identity)
    assert read_identity(tmp_path) == identity
    assert identity.key not in repr(identity)
    (tmp_path / "identity.json").write_text("{}")
    with pytest.raises(NotEnrolled):
        read_identity(tmp_path)


def test_settings_are_of_three_kinds() -> None:
    assert {type(each.default) for each in fields(Settings)} == {str, int, float}


# --- what is kept of a card ---


def test_card_numbers_are_masked_wherever_they_stand() -> None:
    assert masked_text("carte 6280 5811 1000 7215, montant 1234") == "carte 628058******7215, montant 1234"
    assert masked_text("facture 31040000000000000017") == "facture 31040000000000000017"
    assert masked_card("6280581110007215") == "628058******7215"
    assert masked_card("############7215") == "************7215"
    assert masked_card("1234567") == "***4567"
    assert masked_card("") == ""


def test_what_is_sensitive_is_dropped_at_any_depth() -> None:
    told = {"a": [{"SensitiveCardData": {"PAN": "1"}, "TrackData": "2", "b": {"trackdata": 3, "c": "x"}}]}
    assert without_card_data(told) == {"a": [{"b": {"c": "x"}}]}
    deep: object = "x"
    for _ in range(100):
        deep = {"a": deep}
    without_card_data(deep)
