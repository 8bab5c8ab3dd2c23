"""Files of bills as operators bring them: a line for each seed, under the usual head."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bawabati.flows.receive_bill_file import StoredFile

HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"


def bill_line(seed: int, *, due: str = "1430,50", name: str = "Amina Benali", bill_number: str = "") -> str:
    """A line whose payment number is right."""
    from bawabati.companies.rules import mint_number  # noqa: PLC0415 - settings first

    values = (
        mint_number(random=Random(seed)),
        bill_number or f"F{seed:06d}",
        f"C{seed:06d}",
        name,
        *("2026-T3", "05/10/2026", "05/12/2026"),
        *(due, "", due),
    )
    return ";".join(values)


def bill_file(*lines: str, head: str = HEAD) -> bytes:
    """The whole file."""
    return "\n".join([head, *lines]).encode()


def put_on_disk(content: bytes, *, name: str = "bills.csv") -> StoredFile:
    """As the page does with what a browser sends."""
    from bawabati.flows.receive_bill_file import StoredFile  # noqa: PLC0415 - settings first
    from bawabati.flows.steps.received_files import new_name, path_of  # noqa: PLC0415

    stored_as = new_name()
    path_of(stored_as).write_bytes(content)
    return StoredFile(
        file_name=name,
        stored_as=stored_as,
        format="xlsx" if content.startswith(b"PK") else "csv",
        content_sha256=sha256(content).hexdigest(),
        size_bytes=len(content),
    )


def bill_sheet(rows: Iterable[Iterable[object]]) -> bytes:
    """A spreadsheet with these rows."""
    from io import BytesIO  # noqa: PLC0415

    import xlsxwriter  # noqa: PLC0415

    written = BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return written.getvalue()
