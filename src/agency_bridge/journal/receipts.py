"""Receipts given while the line was cut, from blocks of numbers that the portal had set aside.

A number is taken on the disk before anything is printed, so that none can be given twice.

Rule: offline-blocks (behaviour.md 2; failures.md T9)
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agency_bridge.crashpoints import crashpoint
from agency_bridge.journal.file import JournalFile
from agency_bridge.moments import written


class BlockUsedUp(Exception):  # noqa: N818 - it says what happened
    """No number is left in the block, or its session has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineReceipt:
    """One receipt. `row` is what the portal gets, but for whether it was voided."""

    block: int
    number: int
    row: Mapping[str, Any]
    voided: bool
    upload_began: bool
    acknowledged: bool
    told_case: str
    """What the portal found: "", surplus, unknown_bill, amount_differs or number_twice."""


class ReceiptJournal:
    """Every change is on the disk when its method returns."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def keep_blocks(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        """The blocks that the portal speaks of now; those that it speaks of no longer are closed."""
        known = {row["id"]: (row["row"], row["open"]) for row in self._file.database.execute("SELECT * FROM blocks")}
        told = {int(block["block"]): json.dumps(block, ensure_ascii=False, sort_keys=True) for block in blocks}
        wanted = {number: (row, 1) for number, row in told.items()}
        closed = {number: (row, 0) for number, (row, _) in known.items() if number not in told}
        if wanted | closed == known:
            return
        with self._file.written() as database:
            for number, (row, is_open) in (wanted | closed).items():
                database.execute(
                    "INSERT INTO blocks (id, row, open) VALUES (?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET row = excluded.row, open = excluded.open",
                    (number, row, is_open),
                )

    def open_blocks(self) -> list[dict[str, Any]]:
        rows = self._file.database.execute("SELECT row FROM blocks WHERE open ORDER BY id")
        return [json.loads(row["row"]) for row in rows]

    def find_block(self, block: int) -> dict[str, Any] | None:
        row = self._file.database.execute("SELECT row FROM blocks WHERE id = ?", (block,)).fetchone()
        return None if row is None else json.loads(row["row"])

    def give(self, *, block: int, token: str, facts: Mapping[str, Any]) -> OfflineReceipt:
        """Takes the block's next number for `facts`. The same `token` again gives the same receipt.

        Raises:
            BlockUsedUp: there is none left.
        """
        before = self.find_token(token)
        if before is not None:
            return before
        with self._file.written() as database:
            row = database.execute("SELECT row FROM blocks WHERE id = ? AND open", (block,)).fetchone()
            if row is None:
                raise BlockUsedUp
            told = json.loads(row["row"])
            (last,) = database.execute("SELECT max(number) FROM offline_receipts WHERE block = ?", (block,)).fetchone()
            number = _next_number(told, last)
            if number > int(told["last"]):
                raise BlockUsedUp
            database.execute(
                "INSERT INTO offline_receipts (block, number, token, row) VALUES (?, ?, ?, ?)",
                (block, number, token, json.dumps({"block": block, "number": number} | dict(facts))),
            )
        crashpoint("journal: receipt given")
        return self.get(block=block, number=number)

    def find_token(self, token: str) -> OfflineReceipt | None:
        """The receipt that was given for `token`."""
        row = self._file.database.execute("SELECT * FROM offline_receipts WHERE token = ?", (token,)).fetchone()
        return None if row is None else _receipt(row)

    def left(self, block: int) -> int:
        """How many numbers of a block are still free."""
        told = self.find_block(block)
        (last,) = self._file.database.execute(
            "SELECT max(number) FROM offline_receipts WHERE block = ?", (block,)
        ).fetchone()
        return 0 if told is None else max(0, int(told["last"]) + 1 - _next_number(told, last))

    def get(self, *, block: int, number: int) -> OfflineReceipt:
        """Raises KeyError when there is no such receipt."""
        row = self._file.database.execute(
            "SELECT * FROM offline_receipts WHERE block = ? AND number = ?", (block, number)
        ).fetchone()
        if row is None:
            raise KeyError(number)
        return _receipt(row)

    def given(self, block: int) -> list[OfflineReceipt]:
        """All receipts of a block, newest first."""
        rows = self._file.database.execute(
            "SELECT * FROM offline_receipts WHERE block = ? ORDER BY number DESC", (block,)
        )
        return [_receipt(row) for row in rows]

    def void(self, *, block: int, number: int) -> bool:
        """Voids a receipt, if it is not on its way to the portal yet. Its number stays used."""
        with self._file.written() as database:
            return bool(
                database.execute(
                    "UPDATE offline_receipts SET voided = 1 WHERE block = ? AND number = ? AND upload_began_at IS NULL",
                    (block, number),
                ).rowcount
            )

    def to_upload(self) -> list[OfflineReceipt]:
        """What the portal has not acknowledged, oldest first."""
        rows = self._file.database.execute(
            "SELECT * FROM offline_receipts WHERE acknowledged_at IS NULL ORDER BY block, number"
        )
        return [_receipt(row) for row in rows]

    def upload_begins(self, *, block: int, number: int, now: datetime) -> OfflineReceipt:
        """From here on the receipt cannot be voided here. Gives it as it now is."""
        with self._file.written() as database:
            database.execute(
                "UPDATE offline_receipts SET upload_began_at = coalesce(upload_began_at, ?)"
                " WHERE block = ? AND number = ?",
                (written(now), block, number),
            )
        return self.get(block=block, number=number)

    def acknowledge(self, *, block: int, number: int, told_case: str, now: datetime) -> None:
        """The portal has it. Safe to repeat."""
        with self._file.written() as database:
            database.execute(
                "UPDATE offline_receipts SET acknowledged_at = ?, told_case = ? WHERE block = ? AND number = ?",
                (written(now), told_case, block, number),
            )


def _next_number(told: Mapping[str, Any], last: int | None) -> int:
    """Behind the last one of this journal, and behind what the portal has heard of: the journal may be a new one."""
    heard_of = max(int(told["first"]), int(told.get("next") or 0))
    return heard_of if last is None else max(heard_of, last + 1)


def _receipt(row: sqlite3.Row) -> OfflineReceipt:
    return OfflineReceipt(
        block=row["block"],
        number=row["number"],
        row=json.loads(row["row"]),
        voided=bool(row["voided"]),
        upload_began=row["upload_began_at"] is not None,
        acknowledged=row["acknowledged_at"] is not None,
        told_case=row["told_case"] or "",
    )
