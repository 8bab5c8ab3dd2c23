"""What of a received line may be taken. What it says of itself is believed; what we could not keep or find is not."""

from __future__ import annotations

import re
from typing import ClassVar, Final, NamedTuple

from bawabati.adapters.billfiles.contract import BadLine, BillLine
from bawabati.bills.rules.payable import BillStatus
from bawabati.companies.rules import (
    LooksLikeACardNumber,
    NumberFormat,
    check_number,
    looks_like_a_card_number,
)
from bawabati.errors import CannotDo
from bawabati.money.amount import Money

LONGEST_NUMBER: Final = 30
LONGEST_NAME: Final = 120
LONGEST_PERIOD: Final = 20
LARGEST_DUE: Final = Money.dinars(1_000_000_000)

_TEXTS: Final = (
    ("bill_number", LONGEST_NUMBER),
    ("customer_number", LONGEST_NUMBER),
    ("period", LONGEST_PERIOD),
    ("replaced_by", LONGEST_NUMBER),
)

# Thirteen characters or more without a letter among them. Asking this first spares most lines the close look.
_MAY_HOLD_A_CARD_NUMBER: Final = re.compile(r"\d[\d\W_]{12}")


class ControlTotalsDiffer(CannotDo):
    """The file does not hold what its sender says of it. Nothing of it was taken."""

    code: ClassVar[str] = "control_totals_differ"
    sentence: ClassVar[str] = (
        "The file has %(count)s lines with %(sum)s DA in all; %(expected_count)s lines with %(expected_sum)s DA "
        "were announced. The amount of %(unreadable)s lines could not be read. Nothing was imported."
    )


class TakenLine(NamedTuple):
    """A line that may be taken. `payment_number` is as it is kept; empty when we have to mint one."""

    line: BillLine
    payment_number: str


def take(line: BillLine | BadLine, *, number_format: NumberFormat, mints: bool) -> TakenLine | BadLine:
    """The line, checked. `mints`: the company's numbers are our own, and a line without one is given one.

    The text of a line that may hold a card number is not kept.

    Rule: payment-number (the company's format and check digits; ISO 7064 mod 97-10 for numbers that we mint)
    Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3; invariant I16)
    """
    if isinstance(line, BadLine):
        return _without_a_card_number(line)
    number = line.payment_number
    try:
        if number:
            number = check_number(number, number_format=number_format)
        elif not mints:
            return _bad(line, "payment_number_missing", "payment_number")
    except CannotDo as fault:
        return _bad(line, fault.code, "payment_number")
    # A letter between the values: what stands in two of them is never one number.
    free = f"{line.bill_number}x{line.customer_number}x{line.holder_name}x{line.replaced_by}x{line.free_text}"
    if _MAY_HOLD_A_CARD_NUMBER.search(free) and looks_like_a_card_number(free):
        return _bad(line, LooksLikeACardNumber.code, "")
    reason, detail = _what_is_wrong(line)
    return _bad(line, reason, detail) if reason else TakenLine(line, number)


def _what_is_wrong(line: BillLine) -> tuple[str, str]:
    for name, longest in _TEXTS:
        value = getattr(line, name)
        if not value and name != "replaced_by":
            return "value_missing", name
        if len(value) > longest:
            return "value_too_long", name
        if not value.isprintable():
            return "forbidden_character", name
    if len(line.holder_name) > LONGEST_NAME:
        return "value_too_long", "holder_name"
    if line.replaced_by and line.status != BillStatus.REPLACED:
        return "status_contradicts", "replaced_by"
    if line.due.centimes > LARGEST_DUE.centimes:
        return "amount_too_large", "due"
    if line.due_on < line.issued_on:
        return "due_before_issued", "due_on"
    return "", ""


def _bad(line: BillLine, reason: str, detail: str) -> BadLine:
    return _without_a_card_number(BadLine(line.line_number, line.text, reason, detail, line.due))


def _without_a_card_number(line: BadLine) -> BadLine:
    if line.reason == LooksLikeACardNumber.code or looks_like_a_card_number(line.text):
        return line._replace(text="", reason=LooksLikeACardNumber.code)
    return line
