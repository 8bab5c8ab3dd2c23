"""Reads a dBase table, record by record, in constant memory.

Our own 100 lines: the libraries that read dBase have had no release for years, want a file with a name where ours
stands in a zip, and end at the first record that is damaged, where every other one is somebody's bill.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from struct import unpack_from
from typing import IO, ClassVar, Final

from bawabati.errors import CannotDo

HEADER: Final = 32
DESCRIPTOR: Final = 32
END_OF_FIELDS: Final = 0x0D
END_OF_FILE: Final = b"\x1a"
DELETED: Final = b"*"
MOST_FIELDS: Final = 255
TURN_OF_CENTURY: Final = 80
_NAME: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{0,10}")
_LATIN_LETTER: Final = re.compile(r"[A-Za-z]")


class NotADbaseFile(CannotDo):
    """Damaged, or another kind of file under this name."""

    code: ClassVar[str] = "bill_file_not_dbase"
    sentence: ClassVar[str] = "This is no dBase file that can be read: %(name)s is damaged, protected or missing."


@dataclass(frozen=True, slots=True)
class Record:
    """A record's fields as text; `is_cut_off`: the file ends in the middle of it, or before it."""

    number: int
    values: Mapping[str, str]
    is_cut_off: bool = False


class Table:
    """A table whose head has been understood. `changed_on`: the day on which it was last written, where it says so."""

    def __init__(self, file: IO[bytes], *, name: str) -> None:
        self._file, self._name = file, name
        head = self._read(HEADER)
        if len(head) < HEADER:
            raise NotADbaseFile(name=name)
        self.count, head_size, self._size = unpack_from("<IHH", head, 4)
        self.changed_on = _day(head[1], head[2], head[3])
        self.bytes_read = HEADER
        fields = self._read(max(0, head_size - HEADER))
        self._fields = _fields(fields)
        width = 1 + sum(length for _, length in self._fields)
        if not self._fields or head_size != HEADER + len(fields) or width > self._size:
            raise NotADbaseFile(name=name)

    @property
    def names(self) -> frozenset[str]:
        """Of its fields, in capitals."""
        return frozenset(name for name, _ in self._fields)

    def records(self) -> Iterator[Record]:
        """Every record but deleted ones, numbered from 1. Once."""
        for number in range(1, self.count + 1):
            written = self._read(self._size)
            self.bytes_read += len(written)
            if len(written) < self._size:
                yield Record(number, {}, is_cut_off=True)
                return
            if written[:1] != DELETED:
                yield Record(number, self._values(written))

    def _values(self, written: bytes) -> dict[str, str]:
        values, place = {}, 1
        for name, length in self._fields:
            values[name] = text_of(written[place : place + length])
            place += length
        return values

    def _read(self, size: int) -> bytes:
        """That many bytes, or what is left of them."""
        try:
            return self._file.read(size)
        except Exception as error:  # a zip's stream raises whatever its library does: zlib's, its own, EOFError
            raise NotADbaseFile(name=self._name) from error


def text_of(written: bytes) -> str:
    """A value as text, without spaces around it.

    The authors of these files disagree about their alphabet: what holds a Latin letter is Windows-1252, all else
    Windows-1256. Digits are the same in both. Rule: dbf-alphabet (algeria.md 8)
    """
    latin = written.strip(b" \0").decode("cp1252", "replace")
    if latin.isascii() or _LATIN_LETTER.search(latin):
        return latin
    return written.strip(b" \0").decode("cp1256", "replace")


def _fields(written: bytes) -> list[tuple[str, int]]:
    """The names and lengths of the fields; none when they are not what dBase writes."""
    fields: list[tuple[str, int]] = []
    for place in range(0, len(written) - DESCRIPTOR + 1, DESCRIPTOR):
        if written[place] == END_OF_FIELDS or len(fields) == MOST_FIELDS:
            break
        name = written[place : place + 11].split(b"\0")[0].strip()
        if _NAME.fullmatch(name) is None or not written[place + 16]:
            return []
        fields.append((name.decode("ascii").upper(), written[place + 16]))
    return fields


def _day(year: int, month: int, day: int) -> date | None:
    """Two digits, or years since 1900. None where there is no such day."""
    try:
        return date(1900 + year if year >= TURN_OF_CENTURY else 2000 + year, month, day)
    except ValueError:
        return None
