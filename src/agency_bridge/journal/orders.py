"""What the bridge has done with each order: taken -> sending -> answered -> acknowledged. Each step reaches the disk.

    taken          the order is ours; nothing has left yet
    withdrawn      the portal took it back before anything left
    sending        from here on a byte may have reached the reader
    answered       the result is known, and has to reach the portal
    acknowledged   the portal has it

Rule: bridge-journal (readers.md 3, R1, R8, R12)
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from agency_bridge.crashpoints import crashpoint
from agency_bridge.journal.file import JournalFile
from agency_bridge.moments import written


class Step(StrEnum):
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    SENDING = "sending"
    ANSWERED = "answered"
    ACKNOWLEDGED = "acknowledged"


MOVES_MONEY: Final = ("pay", "reverse")
_AT_MOST_ONCE: Final = ("print", "totals")
"""Done twice, a slip would be printed twice and a period of the reader closed twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journaled:
    """One row. `result` is what the portal gets, ready as JSON."""

    id: int
    kind: str
    poi_id: str
    service_id: str
    step: Step
    result: Mapping[str, Any] | None


class SentBefore(Exception):  # noqa: N818 - it says what happened
    """This number of ours was already given to this reader, by another order. It is never sent again."""


class OrderJournal:
    """The steps of orders. Every change is on the disk when its method returns."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def find(self, order: int) -> Journaled | None:
        row = self._file.database.execute("SELECT * FROM orders WHERE id = ?", (order,)).fetchone()
        return None if row is None else _journaled(row)

    def was_sent(self, poi_id: str, service_id: str) -> bool:
        """Whether a reader was given this number for money before, under whatever order."""
        row = self._file.database.execute(
            "SELECT 1 FROM orders WHERE poi_id = ? AND service_id = ?"
            " AND kind IN ('pay', 'reverse') AND step <> 'withdrawn'",
            (poi_id, service_id),
        ).fetchone()
        return row is not None

    def take(self, *, order: int, kind: str, poi_id: str, service_id: str, now: datetime) -> None:
        """Nothing has been sent, and nothing may be before `sending`.

        Raises:
            SentBefore: the same ServiceID under another order.
        """
        try:
            with self._file.written() as database:
                database.execute(
                    "INSERT INTO orders (id, kind, poi_id, service_id, step, taken_at) VALUES (?, ?, ?, ?, 'taken', ?)",
                    (order, kind, poi_id, service_id, written(now)),
                )
        except sqlite3.IntegrityError as error:
            raise SentBefore from error
        crashpoint("journal: taken")

    def lost(self, *, order: int, kind: str, poi_id: str, service_id: str, now: datetime) -> None:
        """An order that a journal before this one had: whether it was sent is unknown, and that is its result."""
        with self._file.written() as database:
            database.execute(
                "INSERT INTO orders (id, kind, poi_id, service_id, step, taken_at, answered_at, result)"
                " VALUES (?, ?, ?, ?, 'answered', ?, ?, ?)",
                (
                    *(order, kind, poi_id, service_id, written(now), written(now)),
                    json.dumps(_not_known("unknown", reason="journal_lost", now=now)),
                ),
            )
        crashpoint("journal: lost")

    def withdraw(self, order: int) -> None:
        """The portal took it back, and nothing had left."""
        with self._file.written() as database:
            database.execute("UPDATE orders SET step = 'withdrawn' WHERE id = ? AND step = 'taken'", (order,))
        crashpoint("journal: withdrawn")

    def sending(self, order: int, *, now: datetime) -> None:
        """From now on a byte may have left.

        Raises:
            SentBefore: it is not at the step before; it must not be sent.
        """
        with self._file.written() as database:
            changed = database.execute(
                "UPDATE orders SET step = 'sending', sending_at = ? WHERE id = ? AND step = 'taken'",
                (written(now), order),
            ).rowcount
        if not changed:
            raise SentBefore
        crashpoint("journal: sending")

    def answer(self, order: int, result: Mapping[str, Any], *, now: datetime) -> None:
        """The first result stays; a later one changes nothing."""
        with self._file.written() as database:
            database.execute(
                "UPDATE orders SET step = 'answered', answered_at = ?, result = ?"
                " WHERE id = ? AND step IN ('taken', 'sending')",
                (written(now), json.dumps(result, ensure_ascii=False), order),
            )
        crashpoint("journal: answered")

    def acknowledge(self, order: int, *, now: datetime) -> None:
        """The portal has the result. Safe to repeat."""
        with self._file.written() as database:
            database.execute(
                "UPDATE orders SET step = 'acknowledged', acknowledged_at = ? WHERE id = ? AND step = 'answered'",
                (written(now), order),
            )
        crashpoint("journal: acknowledged")

    def send_result_again(self, order: int) -> None:
        """The portal still asks for a result that it had: it was given back an older memory."""
        with self._file.written() as database:
            database.execute("UPDATE orders SET step = 'answered' WHERE id = ? AND step = 'acknowledged'", (order,))

    def results_waiting(self) -> list[Journaled]:
        """What the portal has not acknowledged, oldest first."""
        rows = self._file.database.execute("SELECT * FROM orders WHERE step = 'answered' ORDER BY answered_at, id")
        return [_journaled(row) for row in rows]

    def may_take_money(self, poi_id: str) -> bool:
        """Whether a new sale may begin on a reader: nothing of it is open, and the portal has all its results.

        Rule: bridge-holds-back (readers.md 3, R8)
        """
        (open_orders,) = self._file.database.execute(
            "SELECT count(*) FROM orders WHERE poi_id = ?"
            " AND (step = 'answered' OR (step IN ('taken', 'sending') AND kind IN ('pay', 'reverse')))",
            (poi_id,),
        ).fetchone()
        return int(open_orders) == 0

    def recover(self, *, now: datetime) -> list[Journaled]:
        """After a start, before anything else: what was under way gets its result, and that is what is returned.

        Sent without an answer is unknown; taken and not sent is not sent. Questions are simply asked again.

        Rule: bridge-restart (readers.md 3, R12)
        """
        rows = self._file.database.execute("SELECT * FROM orders WHERE step IN ('taken', 'sending') ORDER BY id")
        found = [_journaled(row) for row in rows.fetchall()]
        for row in found:
            self._recover(row, now=now)
        return found

    def _recover(self, row: Journaled, *, now: datetime) -> None:
        if row.kind in MOVES_MONEY:
            outcome = "unknown" if row.step is Step.SENDING else "not_sent"
            self.answer(row.id, _not_known(outcome, reason="bridge_restarted", now=now), now=now)
        elif row.kind in _AT_MOST_ONCE and row.step is Step.SENDING:
            self.answer(row.id, _not_known("unreachable", reason="bridge_restarted", now=now), now=now)
        else:
            with self._file.written() as database:
                database.execute("DELETE FROM orders WHERE id = ?", (row.id,))

    def forget(self, *, before: datetime, days: int) -> None:
        """Removes what was acknowledged or withdrawn more than `days` before the moment `before`."""
        limit = written(before - timedelta(days=days))
        with self._file.written() as database:
            database.execute(
                "DELETE FROM orders WHERE (step = 'acknowledged' AND acknowledged_at < ?)"
                " OR (step = 'withdrawn' AND taken_at < ?)",
                (limit, limit),
            )


def _not_known(outcome: str, *, reason: str, now: datetime) -> dict[str, Any]:
    return {"outcome": outcome, "at": written(now), "boot": "", "answer": {"reason": reason}, "message": ""}


def _journaled(row: sqlite3.Row) -> Journaled:
    return Journaled(
        id=row["id"],
        kind=row["kind"],
        poi_id=row["poi_id"],
        service_id=row["service_id"],
        step=Step(row["step"]),
        result=None if row["result"] is None else json.loads(row["result"]),
    )
