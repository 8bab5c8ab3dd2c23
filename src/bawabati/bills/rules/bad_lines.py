"""The lines that could not be taken, as a file that can be corrected and imported again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from bawabati.adapters.billfiles.contract import COMPUTED

_LOOKS_LIKE_A_NUMBER: Final = re.compile(r"[+-]?[\d\s.,]+")


class RefusedLine(NamedTuple):
    """A line as it came, and why it was not taken."""

    line_number: int
    text: str
    reason: str
    detail: str


def bad_lines_file(*, head: str, delimiter: str, lines: Iterable[RefusedLine]) -> Iterator[str]:
    """The head, then each line as it came with the reason behind it, in pieces, with line ends.

    What a spreadsheet would compute gets an apostrophe, which the import takes away again.

    Rule: files-never-calculate (OWASP, CSV injection)
    """
    yield f"{_guarded(head, delimiter)}{delimiter}reason{delimiter}detail{delimiter}line number\r\n"
    for line in lines:
        rest = _written([line.reason, line.detail, str(line.line_number)], delimiter)
        yield f"{_guarded(line.text, delimiter)}{delimiter}{rest}\r\n"


def _guarded(text: str, delimiter: str) -> str:
    """The line as it came, unless a value of it would be computed."""
    try:
        values = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return f"'{text}" if text[:1] in tuple(COMPUTED) else text
    kept = [f"'{value}" if _is_computed(value.strip()) else value for value in values]
    return text if kept == values else _written(kept, delimiter)


def _is_computed(value: str) -> bool:
    return value[:1] in tuple(COMPUTED) and not _LOOKS_LIKE_A_NUMBER.fullmatch(value)


def _written(values: list[str], delimiter: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="").writerow(values)
    return written.getvalue()
