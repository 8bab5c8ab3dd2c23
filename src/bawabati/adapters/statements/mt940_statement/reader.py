"""Reads bank statements in MT940: each :61: with its :86: is an entry, and balances are entries too.

The library parses one field at a time, so that a field which it cannot read is one bad line and not a lost file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import mt940

from bawabati.adapters.statements.contract import (
    LARGEST_FILE_BYTES,
    MOST_LINES,
    BadEntry,
    Entry,
    FileEmpty,
    FileTooLarge,
    Layout,
    LineKind,
    StatementFile,
    TooManyLines,
    WrongFormat,
)
from bawabati.adapters.statements.rows import kind_of_label
from bawabati.adapters.statements.values import clean, plain

_FIELD: Final = re.compile(r":([0-9]{2}[A-Z]?|NS):")
_BEGINS: Final = re.compile(r"^(?:\{.*)?:[0-9]{2}[A-Z]?:", re.MULTILINE)
_LONGEST_FIELD: Final = 4000
_KEPT: Final = 1000
_LABEL: Final = 200
_REFERENCE: Final = 64
_NO_REFERENCE: Final = frozenset({"", "NONREF", "NOREF"})
_TAKEN_FROM_US: Final = frozenset({"D", "RC"})
"""Debits, and credits that the bank takes back."""
_OPENING: Final = frozenset({"60F"})
_CLOSING: Final = frozenset({"62F"})
_TAGS: Final = mt940.models.Transactions().tags

logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it writes what it cannot read into the log, whoever's it is


class Mt940Statement:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path, layout: Layout) -> StatementFile:
        """Looks for the first field. Raises FileEmpty, FileTooLarge, WrongFormat."""
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise FileTooLarge(most=LARGEST_FILE_BYTES // 1024 // 1024)
        if not size:
            raise FileEmpty
        with path.open("rb") as file:
            start = file.read(4096)
        if b"\0" in start or not _BEGINS.search(start.decode("utf-8", errors="replace")):
            raise WrongFormat(format="MT940")
        done = [0]
        return StatementFile(
            encoding=layout.encoding,
            size_bytes=size,
            lines=_read(path, layout, done),
            bytes_read=lambda: done[0],
        )


def _read(path: Path, layout: Layout, done: list[int]) -> Iterator[Entry | BadEntry]:
    words = {plain(word): kind for word, kind in layout.words.items()}
    waiting: tuple[int, str, str] | None = None
    is_empty = True
    for number, tag, text in _fields(path, layout.encoding, done):
        if number > MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        if waiting is not None:
            yield _movement(*waiting[:2], text if tag == "86" else "", words)
            waiting = None
        if tag == "61":
            waiting, is_empty = (number, text, ""), False
        elif tag in _OPENING | _CLOSING:
            is_empty = False
            yield _balance(number, tag, text)
    if waiting is not None:
        yield _movement(*waiting[:2], "", words)
    if is_empty:
        raise FileEmpty


def _fields(path: Path, encoding: str, done: list[int]) -> Iterator[tuple[int, str, str]]:
    """(number of its first line, tag, text) of each field; what goes on over several lines is joined by line ends."""
    begun: tuple[int, str, list[str]] | None = None
    with path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(_LONGEST_FIELD), b""), start=1):
            done[0] = file.tell()
            line = raw.decode(encoding, errors="replace").strip("\r\n\ufeff ")
            found = _FIELD.match(line)
            if found:
                if begun is not None:
                    yield begun[0], begun[1], "\n".join(begun[2])
                begun = (number, found[1], [line[found.end() :]])
            elif begun is not None and line.startswith(("-", "{", "}")):
                yield begun[0], begun[1], "\n".join(begun[2])
                begun = None
            elif begun is not None and line and sum(map(len, begun[2])) < _LONGEST_FIELD:
                begun[2].append(line)
    if begun is not None:
        yield begun[0], begun[1], "\n".join(begun[2])


def _movement(number: int, text: str, about: str, words: dict[str, LineKind]) -> Entry | BadEntry:
    try:
        said = _parsed(61, text)
        amount = abs(_centimes(said["amount"].amount))
        if str(said["status"]).upper() in _TAKEN_FROM_US:
            amount = -amount
        value_on = _day(said["date"])
        entry_on = said.get("guessed_entry_date") or said.get("entry_date")
        happened_on = _day(entry_on) if entry_on is not None else value_on
        reference = str(said.get("customer_reference") or "").strip()
        of_the_bank = str(said.get("bank_reference") or "").strip()
    except Exception:  # noqa: BLE001 - whatever the library says of one field, it is one bad line
        return BadEntry(number, text[:_KEPT], "field_not_readable", ":61:")
    label = clean(" ".join([about.replace("\n", " "), str(said.get("extra_details") or "")]))[:_LABEL]
    named = reference if reference.upper() not in _NO_REFERENCE else of_the_bank
    return Entry(
        line_number=number,
        kind=kind_of_label(label, words),
        happened_on=happened_on,
        happened_at="",
        terminal="",
        merchant="",
        order_number="",
        reference=clean(named)[:_REFERENCE],
        approval_code="",
        card="",
        gross=amount,
        fee=0,
        vat=0,
        net=amount,
        remittance="",
        value_on=value_on,
        label=label,
        sales=None,
        balance=None,
    )


def _balance(number: int, tag: str, text: str) -> Entry | BadEntry:
    kind = LineKind.OPENING if tag in _OPENING else LineKind.CLOSING
    try:
        balance: Any = next(iter(_parsed(tag, text).values()))
        amount, on = _centimes(balance.amount.amount), _day(balance.date)
    except Exception:  # noqa: BLE001 - as above
        return BadEntry(number, text[:_KEPT], "field_not_readable", f":{tag}:")
    return Entry(number, kind, on, "", "", "", "", "", "", "", 0, 0, 0, 0, "", on, "", None, amount)


def _parsed(tag: int | str, text: str) -> dict[str, Any]:
    reader = _TAGS[tag]
    context = mt940.models.Transactions()
    found: dict[str, Any] = reader(context, reader.parse(context, text))
    return found


def _centimes(amount: Decimal) -> int:
    whole = amount * 100
    if whole != whole.to_integral_value():
        raise ValueError("parts of a centime")
    return int(whole)


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)
