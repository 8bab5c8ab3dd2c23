"""What makes a line this line and no other, and what is asked of a file as a whole."""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2b
from typing import Final

from bawabati.adapters.statements.contract import Entry, Layout, LineKind, Source
from bawabati.errors import CannotDo

TOLD_OF_THE_FILE: Final = frozenset({LineKind.TOTAL, LineKind.OPENING, LineKind.CLOSING})
"""Lines that tell of the file itself, and of no money."""
_DAY_IN_A_NAME: Final = re.compile(r"(?<![0-9])(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?![0-9])")


class TotalMissing(CannotDo):
    """The file ends before its last line: the sender's total or closing balance is not there."""

    code = "statement_total_missing"
    sentence = "The last line with the total is missing: the file was cut off. Ask for it again."


class BadLines(CannotDo):
    """Some lines cannot be read. Nothing was kept."""

    code = "statement_bad_lines"
    sentence = "%(count)s lines cannot be read. Look at them in the preview; nothing was imported."


class DayUnknown(CannotDo):
    """Neither the name nor a line tells the day."""

    code = "statement_day_unknown"
    sentence = "Neither the name of the file nor a line of it tells its day."


def key_of(entry: Entry, *, source: Source, again: int = 0) -> str:
    """The same for the same line in whatever file, 32 hexadecimal digits.

    Of a bank that tells no balance, two equal lines may both be true: `again` counts the equal ones before it.
    Rule: repeated-lines (failures.md 2.8, S1)
    """
    said: tuple[object, ...]
    if source is Source.ACQUIRER:
        said = (
            *(entry.kind, entry.happened_on, entry.happened_at, entry.terminal, entry.merchant, entry.order_number),
            *(entry.reference, entry.approval_code, entry.gross),
        )
    else:
        said = (entry.happened_on, entry.value_on, entry.reference, entry.label, entry.net, entry.balance, again)
    return blake2b("\x1f".join(map(str, said)).encode("utf-8", "replace"), digest_size=16).hexdigest()


def remittance_of(entry: Entry) -> str:
    """The number under which the bank will credit a line; its terminal and day of value where the file has none."""
    if entry.remittance:
        return entry.remittance
    on = entry.value_on or entry.happened_on
    return f"{entry.terminal}-{on:%Y%m%d}" if on else entry.terminal


def wants_total(layout: Layout) -> bool:
    """Whether a file of that layout has to end with its total, or a bank's with its balance."""
    if layout.source is Source.BANK:
        return layout.format == "mt940" or LineKind.CLOSING in layout.words.values()
    return LineKind.TOTAL in layout.words.values()


def day_of(file_name: str, last_day: date | None) -> date:
    """The day that a file is about: the last one in its name, else the last of its lines. Raises DayUnknown."""
    for year, month, number in reversed(_DAY_IN_A_NAME.findall(file_name)):
        try:
            return date(int(year), int(month), int(number))
        except ValueError:
            continue
    if last_day is None:
        raise DayUnknown
    return last_day
