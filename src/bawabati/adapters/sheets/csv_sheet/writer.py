"""CSV as spreadsheets in Algeria and billing systems read it: semicolons and decimal commas."""

import csv
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO, Final

from bawabati.adapters.sheets.contract import Cell, Sheet, Signed, harmless
from bawabati.money.amount import Money
from bawabati.workdays import ALGIERS


class CsvSheets:
    """UTF-8; lines end with CR LF. For people with the byte order mark, which a spreadsheet needs."""

    content_type: Final = "text/csv; charset=utf-8"

    def write(self, sheet: Sheet, into: IO[bytes]) -> None:
        text = TextIOWrapper(into, encoding="utf-8-sig" if sheet.for_people else "utf-8", newline="")
        lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
        lines.writerow(harmless(head) for head in sheet.head)
        day = "%Y-%m-%d" if sheet.year_first else "%d/%m/%Y"
        for row in sheet.rows:
            lines.writerow(_as_text(cell, day) for cell in row)
        text.detach()


def _as_text(cell: Cell, day: str) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case Money():
            return _dinars(cell.centimes)
        case Signed():
            return f"{'-' if cell.centimes < 0 else ''}{_dinars(abs(cell.centimes))}"
        case datetime():
            return f"{cell.astimezone(ALGIERS):{day} %H:%M:%S}"
        case date():
            return f"{cell:{day}}"
        case _:
            return str(cell)


def _dinars(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02}"
