"""CSV as spreadsheets in Algeria and billing systems read it: semicolons, decimal commas, days day first."""

import csv
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO, Final

from bawabati.adapters.sheets.contract import Cell, Sheet, harmless
from bawabati.money.amount import Money
from bawabati.workdays import ALGIERS


class CsvSheets:
    """UTF-8; lines end with CR LF. For people with the byte order mark, which a spreadsheet needs."""

    content_type: Final = "text/csv; charset=utf-8"

    def write(self, sheet: Sheet, into: IO[bytes]) -> None:
        text = TextIOWrapper(into, encoding="utf-8-sig" if sheet.for_people else "utf-8", newline="")
        lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
        lines.writerow(harmless(head) for head in sheet.head)
        for row in sheet.rows:
            lines.writerow(_as_text(cell) for cell in row)
        text.detach()


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case Money():
            return f"{cell.centimes // 100},{cell.centimes % 100:02}"
        case datetime():
            return f"{cell.astimezone(ALGIERS):%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return str(cell)
