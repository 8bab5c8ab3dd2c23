"""CSV in UTF-8, five columns, and a last line with the totals and the day.

reference;bill;amount;time;outcome
A-7711;10020030040014;2450.00;2026-11-22T09:14:05+01:00;paid
TOTAL;1;2450.00;2026-11-22;
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from typing import Final

from bawabati.adapters.channelfiles.contract import (
    ChannelDay,
    ChannelFileColumnsWrong,
    ChannelFileCutOff,
    ChannelFileNotReadable,
    ChannelFileTotalsDiffer,
    DayLine,
)
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.workdays import ALGIERS

COLUMNS: Final = ("reference", "bill", "amount", "time", "outcome")
OUTCOMES: Final = {"paid": "paid", "cancelled": "cancelled", "failed": "cancelled", "pending": "pending"}
TOTAL: Final = "TOTAL"
MOST_TOLD: Final = 20
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,39}", re.ASCII)
_AMOUNT: Final = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?", re.ASCII)
_COUNT: Final = re.compile(r"\d{1,9}", re.ASCII)
_YEARS: Final = range(2000, 2200)


class CsvChannelFiles:
    """Reads one day at a time, whole."""

    def read(self, content: bytes) -> ChannelDay:
        """See the contract."""
        rows = _rows(content)
        if not rows or tuple(cell.strip().lower() for cell in rows[0][1]) != COLUMNS:
            raise ChannelFileColumnsWrong(columns=";".join(COLUMNS))
        if len(rows) < 2 or rows[-1][1][0].strip().upper() != TOTAL:  # noqa: PLR2004 - head and totals
            raise ChannelFileCutOff(total=f"{TOTAL};1;2450.00;2026-11-22;")
        lines, wrong = _lines(rows[1:-1])
        count, said, day = _total(rows[-1], wrong)
        if wrong:
            told = ", ".join(wrong[:MOST_TOLD]) + (" …" if len(wrong) > MOST_TOLD else "")
            raise ChannelFileNotReadable(lines=told)
        paid = [line.amount_centimes for line in lines if line.word == "paid"]
        if (len(paid), sum(paid)) != (count, said):
            raise ChannelFileTotalsDiffer(
                said_count=count,
                said=figures(Money(said), "fr"),
                count=len(paid),
                held=figures(Money(sum(paid)), "fr"),
            )
        return ChannelDay(day=day, lines=tuple(lines))


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Each line that is not empty, with its number from 1."""
    text = content.decode("utf-8-sig", "replace").replace("\0", "")
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        raise ChannelFileNotReadable(lines=f"{reader.line_num} {COLUMNS[0]}") from None


def _lines(rows: Sequence[tuple[int, list[str]]]) -> tuple[list[DayLine], list[str]]:
    """The lines, and of each that cannot be read its number and column."""
    lines: list[DayLine] = []
    wrong: list[str] = []
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if len(cells) != len(COLUMNS):
            wrong.append(f"{number} {';'.join(COLUMNS)}")
            continue
        reference, bill, amount, time, outcome = cells
        centimes, moment, word = _centimes(amount), _moment(time), OUTCOMES.get(outcome.lower())
        good = (
            _REFERENCE.fullmatch(reference) is not None,
            _NUMBER.fullmatch(bill) is not None,
            bool(centimes),
            moment is not None,
            word is not None,
        )
        if centimes and moment and word and all(good):
            lines.append(DayLine(number, reference, bill, centimes, word, moment))
        else:
            wrong.append(f"{number} {COLUMNS[good.index(False)]}")
    return lines, wrong


def _total(row: tuple[int, list[str]], wrong: list[str]) -> tuple[int, int, date]:
    """How many paid lines, their centimes, the day; what cannot be read joins `wrong`."""
    number, cells = row
    cells = [cell.strip() for cell in (*cells, "", "", "", "")]
    centimes = _centimes(cells[2])
    try:
        day = date.fromisoformat(cells[3])
    except ValueError:
        day = date.min
    if _COUNT.fullmatch(cells[1]) is None:
        wrong.append(f"{number} bill")
        return 0, 0, day
    if centimes is None:
        wrong.append(f"{number} amount")
    if day.year not in _YEARS:
        wrong.append(f"{number} time")
    return int(cells[1]), centimes or 0, day


def _centimes(text: str) -> int | None:
    found = _AMOUNT.fullmatch(text.replace(" ", ""))
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


def _moment(text: str) -> datetime | None:
    """With its zone, or as the clocks of Algiers show it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ALGIERS)
