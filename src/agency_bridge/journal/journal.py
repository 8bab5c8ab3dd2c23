"""The bridge's memory, all of it: orders, receipts given offline, and since when the line is cut."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from agency_bridge.journal.file import JournalFile
from agency_bridge.journal.orders import OrderJournal
from agency_bridge.journal.receipts import ReceiptJournal
from agency_bridge.moments import read_moment, written

_LINE_LOST: Final = "line_lost_at"


class Journal:
    """Opens the journal in `folder`. One bridge at a time.

    Raises:
        JournalNotUsable: nothing may be sent without it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = JournalFile(folder)
        self.orders = OrderJournal(self._file)
        self.receipts = ReceiptJournal(self._file)

    @property
    def line_lost_at(self) -> datetime | None:
        """Since when the portal cannot be reached; None while it can."""
        row = self._file.database.execute("SELECT text FROM notes WHERE name = ?", (_LINE_LOST,)).fetchone()
        return None if row is None else read_moment(row["text"])

    def line_lost(self, *, now: datetime) -> None:
        """The first moment stays. Safe to repeat."""
        if self.line_lost_at is None:
            with self._file.written() as database:
                database.execute("INSERT OR REPLACE INTO notes (name, text) VALUES (?, ?)", (_LINE_LOST, written(now)))

    def line_back(self) -> None:
        """Safe to repeat."""
        if self.line_lost_at is not None:
            with self._file.written() as database:
                database.execute("DELETE FROM notes WHERE name = ?", (_LINE_LOST,))

    def close(self) -> None:
        self._file.close()
