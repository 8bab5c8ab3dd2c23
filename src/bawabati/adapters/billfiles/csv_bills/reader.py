"""Reads bills in CSV: a line is a bill, good or bad, and no line is lost. See docs/reference/bill-file.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bawabati.adapters.billfiles.contract import BadLine, BillFile, BillLine, FileEmpty
from bawabati.adapters.billfiles.csv_bills.text_lines import Oddity, TextLines
from bawabati.adapters.billfiles.spelling.columns import Columns, read_columns
from bawabati.adapters.billfiles.spelling.lines import LineReader


class CsvBills:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path) -> BillFile:
        """Understands the head. Raises FileEmpty, FileNotText, ColumnsMissing, ColumnTwice."""
        text_lines = TextLines(path)
        columns = read_columns(text_lines.head)
        return BillFile(
            head=text_lines.head,
            delimiter=columns.delimiter,
            encoding=text_lines.encoding,
            ignored_columns=tuple(columns.titles[place] for place in columns.ignored),
            size_bytes=text_lines.size_bytes,
            lines=_read(text_lines, columns),
            bytes_read=lambda: text_lines.bytes_read,
            texts=lambda: _texts(TextLines(path)),
        )


def _read(text_lines: TextLines, columns: Columns) -> Iterator[BillLine | BadLine]:
    is_empty = True
    line_of = LineReader(columns)
    for number, text in text_lines:
        if isinstance(text, Oddity):
            yield BadLine(number, text.text, text.reason, "")
        elif text.strip(line_of.blank):
            yield line_of.read(number, text)
        else:
            continue
        is_empty = False
    if is_empty:
        raise FileEmpty


def _texts(text_lines: TextLines) -> Iterator[tuple[int, str]]:
    """Empty lines too: nobody asks for them."""
    for number, text in text_lines:
        yield number, text.text if isinstance(text, Oddity) else text
