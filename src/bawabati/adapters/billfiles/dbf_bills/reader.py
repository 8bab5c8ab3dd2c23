"""Reads the bills of EPEOR: FACTURES.DBF alone, or in a zip beside ABONNE.DBF. See docs/reference/bill-file-dbf.md.

Each record becomes the line of a CSV, and is read like one: what is corrected by hand comes back as CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, is_zipfile

from bawabati.adapters.billfiles.contract import BadLine, BillFile, BillLine, FileEmpty
from bawabati.adapters.billfiles.dbf_bills.table import NotADbaseFile, Record, Table
from bawabati.adapters.billfiles.spelling.columns import Columns, ColumnsMissing, read_columns
from bawabati.adapters.billfiles.spelling.lines import LineReader

DELIMITER: Final = ";"
HEAD: Final = DELIMITER.join(
    [
        "bill number",
        "customer number",
        "name",
        "period",
        "issued on",
        "due on",
        "due",
        "status",
        "line:TTC",
        "line:Timbre",
    ]
)
BILLS: Final = "FACTURES"
CUSTOMERS: Final = "ABONNE"
NEEDED: Final = frozenset({"NUMAB", "DATFACT", "MONTTC"})
DUE_AFTER: Final = timedelta(days=30)
"""The files name no last day to pay. Rule: dbf-due-day (algeria.md 8)"""
WATER: Final = "E"
PAID: Final = "C"
EMPTY_DAYS: Final = frozenset({"", "19000101", "00000000"})
MOST_CUSTOMERS: Final = 2_000_000
LARGEST_TABLE: Final = 2 * 1024**3
"""Bytes, unpacked: no program of theirs writes a larger one, and a zip can hold a thousand times its own size."""
_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_AMOUNT: Final = re.compile(r"(\d{1,10})(?:[.,](\d{1,4}))?", re.ASCII)


class DbfBills:
    """The reader. It keeps nothing between files, and threads may share it."""

    def open(self, path: Path) -> BillFile:
        """Understands the head. Raises NotADbaseFile, ColumnsMissing, FileEmpty."""
        with _opened(path, BILLS) as file:
            table = Table(file, name=BILLS)
        missing = sorted(NEEDED - table.names)
        if missing:
            raise ColumnsMissing(columns=", ".join(missing))
        if not table.count:
            raise FileEmpty
        progress = [0]
        return BillFile(
            head=HEAD,
            delimiter=DELIMITER,
            encoding="cp1256",
            ignored_columns=(),
            size_bytes=path.stat().st_size,
            lines=_lines(path, read_columns(HEAD), progress),
            bytes_read=lambda: progress[0],
            texts=lambda: _texts(path),
        )


def _lines(path: Path, columns: Columns, progress: list[int]) -> Iterator[BillLine | BadLine]:
    line_of, size, is_empty = LineReader(columns), path.stat().st_size, True
    for number, text, share in _rows(path):
        is_empty = False
        progress[0] = int(size * share)
        yield BadLine(number, "", "record_cut_off", "") if text is None else line_of.read(number, text)
    if is_empty:
        raise FileEmpty


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    for number, text, _ in _rows(path):
        yield number, text or ""


def _rows(path: Path) -> Iterator[tuple[int, str | None, float]]:
    """Record number, its line (None: the file ends there), and how much of the file has been read."""
    names = _names(path)
    with _opened(path, BILLS) as file:
        table = Table(file, name=BILLS)
        for record in table.records():
            text = None if record.is_cut_off else _line(record, names, as_of=table.changed_on)
            yield record.number, text, record.number / max(1, table.count)


def _line(record: Record, names: Mapping[str, str], *, as_of: date | None) -> str:
    value = record.values.get
    customer, kind = value("NUMAB", ""), value("TYPE", "")[:1] or WATER
    billed = value("DATFACT", "")
    day = _day(billed)
    month = day.strftime("%Y-%m") if day else billed[:6]
    own = "" if kind == WATER else f"-{value('NUMREC', '')}"
    taxes_in, stamp = _centimes(value("MONTTC", "")), _centimes(value("TIMBRE", "") or "0")
    unread = value("TIMBRE", "") if taxes_in is not None else value("MONTTC", "")
    cells = (
        f"{customer}/{month}/{kind}{own}" if customer else "",
        customer,
        names.get(customer, "") or value("RAISOCA", "") or value("RAISOC", "") or value("NOM", ""),
        f"{month}/{kind}",
        day.isoformat() if day else billed,
        (day + DUE_AFTER).isoformat() if day else billed,
        unread or "?" if taxes_in is None or stamp is None else _dinars(taxes_in + stamp),
        "settled" if _is_settled(value("DATREG", ""), value("PAIEMENT", ""), as_of) else "open",
        _dinars(taxes_in) if taxes_in is not None else "",
        _dinars(stamp) if stamp else "",
    )
    written = io.StringIO()
    csv.writer(written, delimiter=DELIMITER, lineterminator="").writerow(
        " ".join(cell.split()) if cell else "" for cell in cells
    )
    return written.getvalue()


def _is_settled(settled_on: str, payment: str, as_of: date | None) -> bool:
    """Unpaid as of D: entered by then, and not settled, or only after it. Rule: dbf-unpaid (algeria.md 8)"""
    if settled_on in EMPTY_DAYS:
        return payment == PAID
    day = _day(settled_on)
    return day is None or as_of is None or day <= as_of


def _day(text: str) -> date | None:
    """None for the four ways of writing no day, and for what is none."""
    found = None if text in EMPTY_DAYS else _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _centimes(text: str) -> int | None:
    """Clipper writes up to four decimals; half a centime is rounded up."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    decimals = (found[2] or "").ljust(4, "0")
    return (int(found[1] + decimals) + 50) // 100


def _dinars(centimes: int) -> str:
    return f"{centimes // 100}.{centimes % 100:02}"


def _names(path: Path) -> Mapping[str, str]:
    """What customers are called, by number: in Arabic where the table says so. Empty where there is no such table."""
    if not is_zipfile(path) or _member(path, CUSTOMERS) is None:
        return {}
    with _opened(path, CUSTOMERS) as file:
        table = Table(file, name=CUSTOMERS)
        if table.count > MOST_CUSTOMERS:
            raise NotADbaseFile(name=CUSTOMERS)
        return {
            record.values.get("NUMAB", ""): record.values.get("RAISOCA", "")
            or record.values.get("RAISOC", "")
            or record.values.get("NOM", "")
            for record in table.records()
        }


@contextmanager
def _opened(path: Path, table: str) -> Iterator[IO[bytes]]:
    """The bytes of a table: of the file itself, or of its member in a zip."""
    if not is_zipfile(path):
        with path.open("rb") as file:
            yield file
        return
    member = _member(path, table)
    if member is None:
        raise NotADbaseFile(name=f"{table}.DBF")
    try:
        with ZipFile(path) as packed, packed.open(member) as file:
            yield file
    except (BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError) as error:
        raise NotADbaseFile(name=f"{table}.DBF") from error


def _member(path: Path, table: str) -> str | None:
    """The name of a table in a zip, in whatever folder and case. Of a member no more is read than is said here."""
    try:
        with ZipFile(path) as packed:
            members = packed.infolist()
    except (BadZipFile, ValueError, OSError) as error:
        raise NotADbaseFile(name=f"{table}.DBF") from error
    found = [
        member for member in members if PurePosixPath(member.filename.replace("\\", "/")).name.upper() == f"{table}.DBF"
    ]
    if any(member.file_size > LARGEST_TABLE for member in found):
        raise NotADbaseFile(name=f"{table}.DBF")
    return found[0].filename if found else None
