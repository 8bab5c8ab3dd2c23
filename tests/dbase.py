"""dBase tables as EPEOR writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from struct import pack
from zipfile import ZIP_DEFLATED, ZipFile

Row = Mapping[str, str]
FACTURE: dict[str, str] = {
    "NUMAB": "0112345",
    "NUMREC": "771",
    "TYPE": "E",
    "DATFACT": "20260930",
    "DATSAISIE": "20261001",
    "DATREG": "",
    "MONTTC": "1430.50",
    "TIMBRE": "15.00",
    "PAIEMENT": "",
    "NOM": "",
}
_OF_BILLS = (
    *(("NUMAB", 8), ("NUMREC", 8), ("TYPE", 1), ("DATFACT", 8), ("DATSAISIE", 8), ("DATREG", 8)),
    *(("MONTTC", 12), ("TIMBRE", 8), ("PAIEMENT", 1), ("NOM", 30)),
)
_OF_CUSTOMERS = (("NUMAB", 8), ("RAISOC", 30), ("RAISOCA", 30))


def factures(*rows: Row, written: tuple[int, int, int] = (126, 11, 22)) -> bytes:
    """FACTURES.DBF. `written`: years since 1900, month, day."""
    return _table(_OF_BILLS, rows, written)


def abonne(*rows: Row) -> bytes:
    """ABONNE.DBF."""
    return _table(_OF_CUSTOMERS, rows, (126, 11, 22))


def zipped(**tables: bytes) -> bytes:
    """Tables in a folder of a zip."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, content in tables.items():
            file.writestr(f"EPEOR/{name.lower()}.dbf", content)
    return packed.getvalue()


def _table(fields: Sequence[tuple[str, int]], rows: Sequence[Row], written: tuple[int, int, int]) -> bytes:
    size = 1 + sum(length for _, length in fields)
    head = pack("<BBBBIHH20x", 3, *written, len(rows), 32 + 32 * len(fields) + 1, size)
    described = b"".join(pack("<11sc4xBB14x", name.encode(), b"C", length, 0) for name, length in fields)
    records = b"".join(
        row.get("deleted", " ").encode() + b"".join(_value(row.get(name, ""), length) for name, length in fields)
        for row in rows
    )
    return head + described + b"\r" + records + b"\x1a"


def _value(text: str, length: int) -> bytes:
    try:
        return text.encode("cp1252").ljust(length)[:length]
    except UnicodeEncodeError:
        return text.encode("cp1256").ljust(length)[:length]
