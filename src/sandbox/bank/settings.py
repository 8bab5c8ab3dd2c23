"""What may be set about the bank of one merchant."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self

from sandbox.bank.fees import FeeTable
from sandbox.gateway.settings import Unusable


class AcquirerFormat(StrEnum):
    """How the acquirer's file is written."""

    CSV = "csv"
    XLSX = "xlsx"


class BankFormat(StrEnum):
    """How the bank's statement is written."""

    CSV = "csv"
    XLSX = "xlsx"
    MT940 = "mt940"


class DecimalSign(StrEnum):
    """What parts dinars from centimes."""

    COMMA = ","
    POINT = "."


class Dates(StrEnum):
    """How a day is written."""

    FRENCH = "DD/MM/YYYY"
    ISO = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSettings:
    """One merchant's contract with the acquirer, and the account that is credited."""

    merchant: str
    account: str
    fees: FeeTable = field(default_factory=FeeTable)
    credit_after_days: int = 1
    """Banking days between the day of the payments and the credit."""
    rest_days: tuple[int, ...] = (5, 6)
    """Days on which the bank credits nothing, as ISO counts them: Monday is 1, Friday 5."""
    opening_centimes: int = 0
    """What the account held before the first statement."""
    acquirer_format: AcquirerFormat = AcquirerFormat.CSV
    bank_format: BankFormat = BankFormat.CSV
    encoding: str = "utf-8"
    decimal_sign: DecimalSign = DecimalSign.COMMA
    dates: Dates = Dates.FRENCH

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """These settings with some replaced.

        Raises:
            Unusable: an unknown name, or a value that cannot be used.
        """
        clean: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in _READERS:
                raise Unusable(f"The bank of a merchant has no {name!r}; it has: {', '.join(_READERS)}.")
            try:
                clean[name] = _READERS[name](value)
            except Unusable:
                raise
            except (TypeError, ValueError, LookupError) as error:
                raise Unusable(f"This cannot be the {name!r} of a merchant's bank.") from error
        return replace(self, **clean)

    def to_row(self) -> dict[str, Any]:
        row = {each.name: getattr(self, each.name) for each in fields(self)}
        return row | {"fees": self.fees.to_row(), "rest_days": list(self.rest_days)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        first = cls(merchant=row["merchant"], account=row["account"])
        return first.changed({name: value for name, value in row.items() if name != "merchant"})


def _account(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z0-9]{5,24}", value):
        raise TypeError
    return value


def _fees(value: object) -> FeeTable:
    if not isinstance(value, Mapping):
        raise TypeError
    return FeeTable.from_row(value)


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int:
            raise TypeError
        if not low <= value <= high:
            raise ValueError
        return value

    return read


def _week_days(value: object) -> tuple[int, ...]:
    days = range(1, 8)
    if not isinstance(value, list | tuple) or not set(value) < set(days):  # somebody has to work one day
        raise ValueError
    return tuple(sorted(set(value)))


def _encoding(value: object) -> str:
    if value not in {"utf-8", "utf-8-sig", "cp1252", "cp1256"}:
        raise ValueError
    return codecs.lookup(str(value)).name


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "account": _account,
    "fees": _fees,
    "credit_after_days": _whole(0, 30),
    "rest_days": _week_days,
    "opening_centimes": _whole(-(10**12), 10**12),
    "acquirer_format": AcquirerFormat,
    "bank_format": BankFormat,
    "encoding": _encoding,
    "decimal_sign": DecimalSign,
    "dates": Dates,
}
