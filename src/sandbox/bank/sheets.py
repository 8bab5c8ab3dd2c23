"""The bank's files as tables of cells, and written as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter

from sandbox.bank.papers import AcquirerPaper, BankPaper, Line, Total
from sandbox.bank.settings import BankSettings, Dates, DecimalSign
from sandbox.times import local_time

ACQUIRER_HEADER = (
    "TYPE",
    "DATE",
    "HEURE",
    "TERMINAL",
    "COMMERCANT",
    "ORDRE",
    "REFERENCE",
    "AUTORISATION",
    "CARTE",
    "MONTANT_BRUT",
    "COMMISSION",
    "TVA",
    "MONTANT_NET",
    "REMISE",
    "DATE_VALEUR",
)
BANK_HEADER = ("DATE_OPERATION", "DATE_VALEUR", "LIBELLE", "REFERENCE", "DEBIT", "CREDIT", "SOLDE")
OPENING, CLOSING = "SOLDE INITIAL", "SOLDE FINAL"
_DATE_PATTERNS = {Dates.FRENCH: "%d/%m/%Y", Dates.ISO: "%Y-%m-%d"}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # Excel knows no zones


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell with an amount."""

    centimes: int


Cell = str | int | date | Sum
Row = Sequence[Cell]


def acquirer_rows(paper: AcquirerPaper) -> Iterable[Row]:
    """Header, lines, total."""
    yield ACQUIRER_HEADER
    for line in paper.lines:
        yield _acquirer_row(line, paper)
    yield _total_row(paper.total)


def bank_rows(paper: BankPaper) -> Iterable[Row]:
    """Header, opening balance, movements each with the balance after it, closing balance."""
    yield BANK_HEADER
    yield (paper.day, paper.day, OPENING, "", "", "", Sum(paper.opening))
    balance = paper.opening
    for entry in paper.entries:
        balance += entry.centimes
        debit: Cell = Sum(-entry.centimes) if entry.centimes < 0 else ""
        credit: Cell = "" if entry.centimes < 0 else Sum(entry.centimes)
        yield (paper.day, paper.day, entry.label, entry.reference, debit, credit, Sum(balance))
    yield (paper.day, paper.day, CLOSING, "", "", "", Sum(paper.closing))


def as_csv(rows: Iterable[Row], settings: BankSettings) -> bytes:
    """Parted by semicolons, lines end as on Windows; what the encoding does not know becomes a question mark."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    pattern = _DATE_PATTERNS[settings.dates]
    for row in rows:
        writer.writerow(_text(cell, pattern=pattern, sign=settings.decimal_sign) for cell in row)
    return written.getvalue().encode(settings.encoding, errors="replace")


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """Amounts are numbers, days are dates. The same rows give the same bytes."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": _LONG_AGO})
        sheet = book.add_worksheet("RELEVE")
        sums, days = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                match cell:
                    case Sum(centimes):
                        sheet.write_number(at, place, centimes / 100, sums)
                    case date():
                        sheet.write_datetime(at, place, cell, days)
                    case int():
                        sheet.write_number(at, place, cell)
                    case "":
                        pass
                    case _:
                        sheet.write_string(at, place, cell)
    return written.getvalue()


def in_dinars(centimes: int, sign: DecimalSign = DecimalSign.POINT) -> str:
    """`-1430,50`."""
    whole, rest = divmod(abs(centimes), 100)
    return f"{'-' if centimes < 0 else ''}{whole}{sign}{rest:02d}"


def _acquirer_row(line: Line, paper: AcquirerPaper) -> Row:
    movement = line.movement
    at = local_time(movement.at)
    sums = (Sum(line.gross), Sum(line.fee), Sum(line.vat), Sum(line.net))
    return (
        movement.what,
        at.date(),
        f"{at:%H:%M:%S}",
        movement.terminal,
        movement.merchant,
        movement.order_number,
        movement.reference,
        movement.approval_code,
        movement.card,
        *sums,
        paper.remittance,
        paper.value_on,
    )


def _total_row(total: Total) -> Row:
    sums = (Sum(total.gross), Sum(total.fee), Sum(total.vat), Sum(total.net))
    return ("TOTAL", *([""] * 8), *sums, total.count, "")


def _text(cell: Cell, *, pattern: str, sign: DecimalSign) -> str:
    match cell:
        case Sum(centimes):
            return in_dinars(centimes, sign)
        case date():
            return cell.strftime(pattern)
        case _:
            return str(cell)
