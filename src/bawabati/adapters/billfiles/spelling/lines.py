"""One line of a table of bills: its text, parted and read by the columns that the head names."""

from __future__ import annotations

import csv

from bawabati.adapters.billfiles.contract import BadLine, BillLine
from bawabati.adapters.billfiles.spelling.columns import NEEDED, Columns
from bawabati.adapters.billfiles.spelling.values import (
    ValueFault,
    amount,
    clean,
    day,
    labelled_amounts,
    status,
    unguarded,
    western,
    yes_or_no,
)
from bawabati.errors import CannotDo
from bawabati.money.amount import Money


class LineReader:
    """Turns the text of a line into a bill, by the columns of its file."""

    def __init__(self, columns: Columns) -> None:
        self.blank = columns.delimiter + ' "\ufeff'
        self._columns = columns
        self._delimiter = columns.delimiter
        self._count = len(columns.titles)
        self._needed = frozenset(columns.places[meaning] for meaning in NEEDED)
        self._free = columns.free
        nowhere = self._count  # an absent column reads the empty value that stands behind the last
        places = columns.places
        (
            self._payment_number,
            self._bill_number,
            self._customer_number,
            self._holder_name,
            self._period,
            self._issued_on,
            self._due_on,
            self._due,
            self._status,
            self._replaced_by,
            self._estimated,
            self._lines,
            self._phone,
            self._email,
            self._language,
        ) = (
            places.get(meaning, nowhere)
            for meaning in (
                *("payment_number", "bill_number", "customer_number", "holder_name", "period", "issued_on", "due_on"),
                *("due", "status", "replaced_by", "estimated", "lines", "phone", "email", "language"),
            )
        )

    def read(self, number: int, text: str) -> BillLine | BadLine:
        """The bill of line `number`, or what is wrong with it."""
        try:
            values = self._values(text)
        except ValueFault as fault:
            return BadLine(number, text, fault.reason, "")
        due: Money | None = None
        place = self._due
        try:
            due = amount(values[place])
            place = self._issued_on
            issued_on = day(values[place])
            place = self._due_on
            due_on = day(values[place])
            place = self._status
            bill_status = status(values[place])
            place = self._estimated
            estimated = yes_or_no(values[place])
            place = self._lines
            lines = labelled_amounts(values[place])
            for place, label in self._columns.lines:
                if values[place]:
                    lines += ((label, amount(values[place])),)
        except (ValueFault, CannotDo) as fault:
            title = self._columns.titles[place]
            is_missing = place in self._needed and not values[place]
            return BadLine(number, text, "value_missing" if is_missing else _reason_of(fault), title, due)
        return BillLine(
            number,
            text,
            western(values[self._payment_number]),
            western(values[self._bill_number]),
            western(values[self._customer_number]),
            clean(values[self._holder_name]),
            clean(values[self._period]),
            issued_on,
            due_on,
            due,
            bill_status,
            western(values[self._replaced_by]),
            estimated,
            lines,
            "\t".join([values[place] for place in self._free]) if self._free else "",
            western(values[self._phone]),
            western(values[self._email]),
            values[self._language],
        )

    def _values(self, text: str) -> list[str]:
        """The values, stripped, and one that is empty behind them."""
        if '"' in text:
            try:
                # A value may hold delimiters, but no line's end: an open quote costs its own line and no other.
                values = next(csv.reader([text], delimiter=self._delimiter, strict=True))
            except csv.Error as error:
                raise ValueFault("quote_not_closed") from error
        else:
            values = text.split(self._delimiter)
        if len(values) != self._count:
            raise ValueFault("wrong_number_of_columns")
        values = [value.strip() for value in values]
        if "'" in text:
            values = [unguarded(value) for value in values]
        values.append("")
        return values


def _reason_of(fault: ValueFault | CannotDo) -> str:
    return fault.reason if isinstance(fault, ValueFault) else fault.code
