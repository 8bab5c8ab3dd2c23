"""A file as the bank hands it over, and the ways in which that goes wrong."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from random import Random
from typing import Any, Self

from sandbox.bank.mt940 import as_mt940
from sandbox.bank.papers import AcquirerPaper, BankPaper
from sandbox.bank.settings import AcquirerFormat, BankFormat, BankSettings
from sandbox.bank.sheets import acquirer_rows, as_csv, as_xlsx, bank_rows


class Which(StrEnum):
    """Whose file it is."""

    ACQUIRER = "acquirer"
    BANK = "bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """One file, whole or spoiled."""

    name: str
    which: Which
    merchant: str
    day: date
    """What it is about; it may be handed over later."""
    content: bytes

    @property
    def content_type(self) -> str:
        return _TYPES[PurePath(self.name).suffix]

    def to_row(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "which": self.which,
            "merchant": self.merchant,
            "day": self.day.isoformat(),
            "content": b64encode(self.content).decode(),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            name=row["name"],
            which=Which(row["which"]),
            merchant=row["merchant"],
            day=date.fromisoformat(row["day"]),
            content=b64decode(row["content"]),
        )


_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sta": "text/plain",
}


def acquirer_file(paper: AcquirerPaper, settings: BankSettings, *, terminal: str) -> BankFile:
    """`SATIM_<terminal>_<YYYYMMDD>.csv` or `.xlsx`."""
    rows = acquirer_rows(paper)
    csv = settings.acquirer_format is AcquirerFormat.CSV
    return BankFile(
        name=f"SATIM_{terminal}_{paper.day:%Y%m%d}.{settings.acquirer_format}",
        which=Which.ACQUIRER,
        merchant=paper.merchant,
        day=paper.day,
        content=as_csv(rows, settings) if csv else as_xlsx(rows),
    )


def bank_file(paper: BankPaper, settings: BankSettings) -> BankFile:
    """`RELEVE_<account>_<YYYYMMDD>.csv`, `.xlsx`, or `.sta` for MT940."""
    if settings.bank_format is BankFormat.MT940:
        suffix, content = "sta", as_mt940(paper)
    else:
        csv = settings.bank_format is BankFormat.CSV
        suffix, content = (
            str(settings.bank_format),
            as_csv(bank_rows(paper), settings) if csv else as_xlsx(bank_rows(paper)),
        )
    name = f"RELEVE_{paper.account}_{paper.day:%Y%m%d}.{suffix}"
    return BankFile(name=name, which=Which.BANK, merchant=paper.merchant, day=paper.day, content=content)


def again(file: BankFile, ending: str) -> BankFile:
    """The same content under another name: `…_BIS.csv`."""
    name = PurePath(file.name)
    return _with(file, name=f"{name.stem}_{ending}{name.suffix}")


def renamed(file: BankFile, dice: Random) -> BankFile:
    """Under a name that tells neither whose it is nor of which day."""
    return _with(file, name=f"EXPORT_{dice.randrange(10**6):06d}{PurePath(file.name).suffix}")


def cut(file: BankFile, dice: Random) -> BankFile:
    """Ends somewhere in the middle, never between two lines."""
    end = max(1, int(len(file.content) * dice.uniform(0.4, 0.9)))
    while end > 1 and file.content[end - 1 : end] in {b"\r", b"\n"}:
        end -= 1
    return _with(file, content=file.content[:end])


def emptied(file: BankFile) -> BankFile:
    return _with(file, content=b"")


def _with(file: BankFile, *, name: str = "", content: bytes | None = None) -> BankFile:
    return BankFile(
        name=name or file.name,
        which=file.which,
        merchant=file.merchant,
        day=file.day,
        content=file.content if content is None else content,
    )
