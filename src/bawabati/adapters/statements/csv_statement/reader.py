"""Reads statements in CSV: a line is an entry, good or bad, and no line is lost."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bawabati.adapters.statements.contract import (
    LARGEST_FILE_BYTES,
    MOST_LINES,
    BadEntry,
    Entry,
    FileEmpty,
    FileTooLarge,
    Layout,
    StatementFile,
    TooManyLines,
    WrongFormat,
)
from bawabati.adapters.statements.rows import RowReader

ENCODINGS: Final = ("utf-8", "cp1256", "cp1252")
_BLOCK_BYTES: Final = 1024 * 1024
_LONGEST_LINE_BYTES: Final = 16 * 1024
_KEPT_OF_A_LINE: Final = 1000
_OF_OTHERS: Final = (
    *(b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"{\\rtf", b"<?xml", b"<html", b"<!DOC"),
    *(codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class CsvStatement:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path, layout: Layout) -> StatementFile:
        """Understands the head. Raises FileEmpty, FileTooLarge, WrongFormat, ColumnsMissing, ColumnTwice."""
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise FileTooLarge(most=LARGEST_FILE_BYTES // 1024 // 1024)
        lines = _Lines(path, layout.encoding)
        first = next(((number, text) for number, text in lines if not isinstance(text, str) or text.strip()), None)
        if first is None:
            raise FileEmpty
        number, head = first
        if not isinstance(head, str):
            raise WrongFormat(format="CSV")
        titles = [title.strip() for title in _split(head, layout.delimiter) or []]
        has_head = any(isinstance(where, str) for where in layout.columns.values())
        reader = RowReader(layout, titles)
        again = _Lines(path, layout.encoding)
        return StatementFile(
            encoding=layout.encoding,
            size_bytes=size,
            lines=_read(again, reader, layout.delimiter, after=number if has_head else number - 1),
            bytes_read=lambda: again.bytes_read,
        )


def _read(lines: _Lines, reader: RowReader, delimiter: str, *, after: int) -> Iterator[Entry | BadEntry]:
    blank = delimiter + ' "'
    is_empty = True
    for number, text in lines:
        if number <= after:
            continue
        if isinstance(text, BadEntry):
            is_empty = False
            yield text
            continue
        if not text.strip(blank):
            continue
        if number > MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        is_empty = False
        values = _split(text, delimiter)
        if values is None:
            yield BadEntry(number, text[:_KEPT_OF_A_LINE], "quote_not_closed", "")
        else:
            yield reader.read(number, [value.strip() for value in values], text)
    if is_empty:
        raise FileEmpty


def _split(text: str, delimiter: str) -> list[str] | None:
    """The values; None where a quote is not closed. A value holds no line's end: a quote costs its own line only."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


class _Lines:
    """Iterates over (line number from 1, text); a line that is no text comes as a bad one. In constant memory."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.bytes_read = 0
        self._path = path
        self._encoding = encoding if encoding in ENCODINGS else "utf-8"

    def __iter__(self) -> Iterator[tuple[int, str | BadEntry]]:
        number = 0
        rest = b""
        with self._path.open("rb") as file:
            start = file.read(8)
            if start.startswith(_OF_OTHERS):
                raise WrongFormat(format="CSV")
            file.seek(3 if start.startswith(codecs.BOM_UTF8) else 0)
            while block := file.read(_BLOCK_BYTES):
                whole, end, tail = block.rpartition(b"\n")
                self.bytes_read += len(block)
                if not end:
                    rest = (rest + tail)[: _LONGEST_LINE_BYTES + 1]  # a line that does not end is cut, and is bad
                    continue
                for line in self._decoded(rest + whole):
                    number += 1
                    yield number, self._checked(number, line)
                rest = tail
        if rest:
            yield number + 1, self._checked(number + 1, rest)

    def _decoded(self, block: bytes) -> list[str] | list[bytes]:
        """The quick way for a block in which all is in order; else each line for itself."""
        try:
            text = block.decode(self._encoding)
        except UnicodeDecodeError:
            return block.split(b"\n")
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        lines = text.split("\n")
        if max(map(len, lines)) > _LONGEST_LINE_BYTES // 4 or _CONTROL.search(text.replace("\n", "")):
            return block.split(b"\n")
        return lines

    def _checked(self, number: int, line: str | bytes) -> str | BadEntry:
        if isinstance(line, str):
            return line
        line = line.removesuffix(b"\r")
        if len(line) > _LONGEST_LINE_BYTES:
            return BadEntry(number, self._shown(line[:_KEPT_OF_A_LINE]) + "…", "line_too_long", "")
        try:
            text = line.decode(self._encoding)
        except UnicodeDecodeError:
            return BadEntry(number, self._shown(line), "wrong_encoding", "")
        if _CONTROL.search(text):
            return BadEntry(number, self._shown(line), "forbidden_character", "")
        return text

    def _shown(self, line: bytes) -> str:
        """What is no text, written so that it can be kept and seen."""
        text = line.decode(self._encoding, errors="backslashreplace")
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)[:_KEPT_OF_A_LINE]
