"""A row of values becomes a line of a statement, by the layout of its sender; the same for CSV and XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bawabati.adapters.statements.contract import (
    BadEntry,
    ColumnsMissing,
    ColumnTwice,
    Entry,
    Layout,
    LineKind,
    Source,
)
from bawabati.adapters.statements.values import ValueFault, centimes, clean, day, masked, moment, plain, western

ACQUIRER_COLUMNS: Final = (
    *("kind", "happened_on", "happened_at", "terminal", "merchant", "order_number", "reference", "approval_code"),
    *("card", "gross", "fee", "vat", "net", "remittance", "value_on"),
)
BANK_COLUMNS: Final = ("happened_on", "value_on", "label", "reference", "debit", "credit", "amount", "balance")
NEEDED: Final = {
    Source.ACQUIRER: ("kind", "happened_on", "gross"),
    Source.BANK: ("happened_on", "label"),
}
LONGEST: Final = {
    "terminal": 16,
    "merchant": 20,
    "order_number": 20,
    "reference": 64,
    "approval_code": 12,
    "remittance": 32,
}
_LABEL: Final = 200
_GOES_BACK: Final = frozenset({LineKind.REFUND, LineKind.CHARGEBACK, LineKind.CANCELLATION})
_KEPT_TEXT: Final = 1000
_LARGEST_OF_A_LINE: Final = 10**12
"""Centimes: what is reckoned with it, and the sum of a file's lines, stay within what the database counts with."""


class RowReader:
    """Reads the rows of one file. `titles` is its head; columns by place need none of it."""

    def __init__(self, layout: Layout, titles: Sequence[str]) -> None:
        self._layout = layout
        self._nowhere = len(titles)  # an absent column reads the empty value that stands behind the last
        self._places = _places(layout, titles)
        self._count = len(titles)
        self._words = {plain(word): kind for word, kind in layout.words.items()}
        self._read = self._acquirer if layout.source is Source.ACQUIRER else self._bank
        self._decimal = layout.decimal
        self._dates = layout.dates
        names = ACQUIRER_COLUMNS if layout.source is Source.ACQUIRER else BANK_COLUMNS
        self._order = tuple(self._places.get(name, self._nowhere) for name in names)
        self._has = frozenset(self._places)

    def read(self, number: int, values: list[str], text: str) -> Entry | BadEntry:
        """The line, good or bad; never raises for what the file holds. `values` is changed."""
        if len(values) != self._count:
            return BadEntry(number, text[:_KEPT_TEXT], "wrong_number_of_columns", str(len(values)))
        values.append("")
        try:
            return self._read(number, values)
        except _Fault as fault:
            return BadEntry(number, text[:_KEPT_TEXT], fault.reason, fault.detail)

    def _acquirer(self, number: int, values: list[str]) -> Entry:
        kind_at, on_at, time_at, terminal_at, merchant_at, order_at, reference_at, approval_at = self._order[:8]
        card_at, gross_at, fee_at, vat_at, net_at, remittance_at, value_at = self._order[8:]
        word = values[kind_at]
        kind = self._words.get(word.lower()) or self._words.get(plain(word))
        if kind is None:
            raise _Fault("kind_unknown", "kind")
        gross = self._sum(values[gross_at], "gross")
        fee = self._sum(values[fee_at] or "0", "fee")
        vat = self._sum(values[vat_at] or "0", "vat")
        net = self._sum(values[net_at], "net") if values[net_at] else gross - fee - vat
        if kind is LineKind.TOTAL:
            count = _count(values[remittance_at])
            return Entry(
                number, kind, None, "", "", "", "", "", "", "", gross, fee, vat, net, "", None, "", count, None
            )
        if max(abs(gross), abs(fee), abs(vat), abs(net)) > _LARGEST_OF_A_LINE:
            raise _Fault("amount_too_large", "gross")
        if kind in _GOES_BACK:
            if not self._layout.refunds_are_negative:
                gross, net = -abs(gross), -abs(net)
            if gross >= 0:
                raise _Fault("wrong_sign", "gross")
        elif gross <= 0:
            raise _Fault("wrong_sign", "gross")
        return Entry(
            number,
            kind,
            self._day(values[on_at], "happened_on"),
            self._moment(values[time_at]),
            self._word(values[terminal_at], "terminal"),
            self._word(values[merchant_at], "merchant"),
            self._word(values[order_at], "order_number"),
            self._word(values[reference_at], "reference"),
            self._word(values[approval_at], "approval_code"),
            masked(values[card_at]),
            gross,
            fee,
            vat,
            net,
            self._word(values[remittance_at], "remittance"),
            self._day(values[value_at], "value_on") if values[value_at] else None,
            "",
            None,
            None,
        )

    def _bank(self, number: int, values: list[str]) -> Entry:
        on_at, value_at, label_at, reference_at, debit_at, credit_at, amount_at, balance_at = self._order
        label = clean(values[label_at])[:_LABEL]
        kind = self._kind_of(label)
        balance = self._sum(values[balance_at], "balance") if values[balance_at] else None
        if kind in {LineKind.OPENING, LineKind.CLOSING}:
            amount = 0
        elif values[amount_at]:
            amount = self._sum(values[amount_at], "amount")
        else:
            debit, credit = values[debit_at], values[credit_at]
            if not debit and not credit:
                raise _Fault("value_missing", "credit")
            amount = self._sum(credit or "0", "credit") - abs(self._sum(debit or "0", "debit"))
        happened_on = self._day(values[on_at], "happened_on")
        return Entry(
            *(number, kind, happened_on, "", "", "", ""),
            self._word(values[reference_at], "reference"),
            *("", "", amount, 0, 0, amount, ""),
            self._day(values[value_at], "value_on") if values[value_at] else happened_on,
            label,
            None,
            balance,
        )

    def _kind_of(self, label: str) -> LineKind:
        return kind_of_label(label, self._words)

    def _sum(self, text: str, name: str) -> int:
        try:
            return centimes(text, self._decimal)
        except ValueFault as fault:
            raise _Fault(fault.reason if text else "value_missing", name) from fault

    def _day(self, text: str, name: str) -> date:
        try:
            return day(text, self._dates)
        except ValueFault as fault:
            raise _Fault(fault.reason if text else "value_missing", name) from fault

    def _moment(self, text: str) -> str:
        try:
            return moment(text)
        except ValueFault as fault:
            raise _Fault(fault.reason, "happened_at") from fault

    def _word(self, text: str, name: str) -> str:
        if not text.isascii():
            text = western(text)
        if len(text) > LONGEST[name]:
            raise _Fault("value_too_long", name)
        if not text.isprintable():
            raise _Fault("forbidden_character", name)
        return text


def kind_of_label(label: str, words: dict[str, LineKind]) -> LineKind:
    """What a bank's label speaks of: the longest of the words that it has in it. Without any words, all is credit."""
    in_it = plain(label)
    for word in sorted(words, key=len, reverse=True):
        if word in in_it:
            return words[word]
    return LineKind.OTHER if LineKind.CREDIT in words.values() else LineKind.CREDIT


class _Fault(Exception):  # noqa: N818 - a fault of the file, not of ours
    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(reason)


def _count(text: str) -> int | None:
    digits = western(text).replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None  # noqa: PLR2004


def _places(layout: Layout, titles: Sequence[str]) -> dict[str, int]:
    """Where each value stands, counted from zero. Raises ColumnsMissing, ColumnTwice."""
    by_title: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        by_title.setdefault(plain(title), []).append(place)
    found: dict[str, int] = {}
    missing, twice = [], []
    known = ACQUIRER_COLUMNS if layout.source is Source.ACQUIRER else BANK_COLUMNS
    for name, where in layout.columns.items():
        if name not in known:
            continue
        if isinstance(where, int):
            places = [where - 1] if 0 < where <= len(titles) else []
        else:
            places = by_title.get(plain(where), [])
        if len(places) > 1:
            twice.append(str(where))
        elif places:
            found[name] = places[0]
        else:
            missing.append(str(where))
    missing += [name for name in NEEDED[layout.source] if name not in layout.columns]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    if twice:
        raise ColumnTwice(columns=", ".join(twice))
    return found
