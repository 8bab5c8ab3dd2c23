"""Reads bills as lines of JSON: a line is a bill, good or bad, and no line is lost. See docs/reference/api.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from bawabati.adapters.billfiles.contract import BadLine, BillFile, BillLine, FileEmpty
from bawabati.adapters.billfiles.spelling.values import ValueFault, clean, day, status, western
from bawabati.money.amount import Money

LONGEST_LINE_BYTES: Final = 64 * 1024
LARGEST_CENTIMES: Final = 10**14
FIELDS: Final = frozenset(
    {
        *("payment_number", "bill_number", "customer_number", "holder_name", "period", "issued_on", "due_on"),
        *("due_centimes", "status", "replaced_by", "estimated", "lines", "phone", "email", "language"),
    }
)
_KEPT_OF_A_LONG_LINE: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class JsonBills:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path) -> BillFile:
        """There is no head to understand. A file without a line raises FileEmpty when it is read."""
        read = _Read(path)
        return BillFile(
            head="",
            delimiter=";",
            encoding="utf-8",
            ignored_columns=(),
            size_bytes=path.stat().st_size,
            lines=read.lines(),
            bytes_read=lambda: read.bytes_read,
            texts=lambda: ((number, _shown(raw)) for number, raw in _Read(path).raw_lines()),
        )


class _Read:
    """One way through a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.bytes_read = 0

    def raw_lines(self) -> Iterator[tuple[int, bytes]]:
        """Each line with its number, without its end; what is too long comes cut, still longer than any may be."""
        with self._path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE_BYTES + 2):
                number += 1
                if not line.endswith(b"\n"):
                    _skip_line(file, line)
                self.bytes_read = file.tell()
                if text := line.removesuffix(b"\n").removesuffix(b"\r").strip():
                    yield number, text

    def lines(self) -> Iterator[BillLine | BadLine]:
        is_empty = True
        for number, raw in self.raw_lines():
            is_empty = False
            yield _line(number, raw)
        if is_empty:
            raise FileEmpty


def _skip_line(file: BinaryIO, begun: bytes) -> None:
    """Goes on behind the end of a line that is too long."""
    rest = begun
    while rest and not rest.endswith(b"\n"):
        rest = file.readline(LONGEST_LINE_BYTES)


def _line(number: int, raw: bytes) -> BillLine | BadLine:
    if len(raw) > LONGEST_LINE_BYTES:
        return BadLine(number, _shown(raw[:_KEPT_OF_A_LONG_LINE]) + "…", "line_too_long", "")
    try:
        said = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        return BadLine(number, _shown(raw), "wrong_encoding", "")
    except (ValueError, RecursionError):
        return BadLine(number, _shown(raw), "not_json", "")
    if not isinstance(said, dict):
        return BadLine(number, _shown(raw), "not_json", "")
    return _Bill(number, _shown(raw), said).read()


class _Bill:
    """What one line says."""

    def __init__(self, number: int, text: str, said: dict[str, Any]) -> None:
        self._number = number
        self._text = text
        self._said = said
        self._field = ""

    def read(self) -> BillLine | BadLine:
        due: Money | None = None
        try:
            due = self._amount("due_centimes", self._needed("due_centimes"))
            return BillLine(
                line_number=self._number,
                text=self._text,
                payment_number=western(self._plain("payment_number")),
                bill_number=western(self._plain("bill_number")),
                customer_number=western(self._plain("customer_number")),
                holder_name=clean(self._plain("holder_name")),
                period=clean(self._plain("period")),
                issued_on=day(self._plain("issued_on", needed=True)),
                due_on=day(self._plain("due_on", needed=True)),
                due=due,
                status=status(self._plain("status")),
                replaced_by=western(self._plain("replaced_by")),
                estimated=self._yes_or_no(),
                lines=self._lines(),
                free_text=self._free_text(),
                phone=western(self._plain("phone")),
                email=clean(self._plain("email")),
                language=clean(self._plain("language")),
            )
        except ValueFault as fault:
            return BadLine(self._number, self._text, fault.reason, self._field, due)

    def _needed(self, name: str) -> object:
        self._field = name
        if self._said.get(name) in (None, ""):
            raise ValueFault("value_missing")
        return self._said[name]

    def _plain(self, name: str, *, needed: bool = False) -> str:
        """A text; nothing and null are an empty one. Half of a character becomes a question mark."""
        self._field = name
        value = self._needed(name) if needed else self._said.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ValueFault("not_a_text")
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "").strip()

    def _amount(self, name: str, value: object) -> Money:
        self._field = name
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueFault("amount_not_readable")
        if value < 0:
            raise ValueFault("amount_negative")
        if value > LARGEST_CENTIMES:
            raise ValueFault("amount_too_large")
        return Money(value)

    def _yes_or_no(self) -> bool:
        self._field = "estimated"
        value = self._said.get("estimated", False)
        if not isinstance(value, bool):
            raise ValueFault("yes_or_no_not_readable")
        return value

    def _free_text(self) -> str:
        """Where anything may stand, digits included."""
        free = {name: value for name, value in self._said.items() if name not in FIELDS or name == "lines"}
        return json.dumps(free, ensure_ascii=False)

    def _lines(self) -> tuple[tuple[str, Money], ...]:
        self._field = "lines"
        lines = self._said.get("lines") or []
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise ValueFault("lines_not_readable")
        pairs = []
        for line in lines:
            label = line.get("label")
            if not isinstance(label, str) or not label.strip():
                raise ValueFault("lines_not_readable")
            plain = clean(label.encode("utf-8", "replace").decode("utf-8").replace("\0", ""))
            pairs.append((plain, self._amount("lines", line.get("amount_centimes"))))
        return tuple(pairs)


def _no_number(_: str) -> float:
    raise ValueError("NaN and its like are no numbers")


def _shown(raw: bytes) -> str:
    """The line so that it can be kept and seen."""
    text = raw.decode("utf-8", errors="backslashreplace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
