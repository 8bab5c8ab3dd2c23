"""Bills as a billing system might write them: quarterly, with tiers, arrears, estimates and oddities."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, TextIO

from bawabati.companies.rules import NumberFormat
from bawabati.jobs.demo.payment_numbers import payment_numbers
from bawabati.jobs.demo.tariff import BUSINESS, HOUSEHOLD, INDUSTRY, LABELS, amounts

COLUMNS: Final = (
    "numéro de paiement",
    "numéro de facture",
    "code client",
    "nom",
    "période",
    "date de facture",
    "date limite",
    "montant à payer",
    "état",
    "remplacée par",
    "estimée",
    *(f"ligne:{label}" for label in LABELS),
    "ligne:Reste / الباقي",
)

CONTACTS: Final = ("téléphone", "e-mail", "langue")

_DAYS_TO_PAY: Final = 30
_ESTIMATED: Final = 0.08
_IN_ARREARS: Final = 0.15
_MOST_OLD_BILLS: Final = 6
# Which customers are something else than a household that owes an ordinary bill: one in so many, from the nth on.
_BUSINESS: Final = (25, 7)
_CANCELLED: Final = (211, 31)
_REPLACED: Final = (223, 43)
_WITHDRAWN: Final = (307, 53)
_TINY: Final = (401, 61)
_INDUSTRY: Final = (3989, 73)
_WRITTEN_TO: Final = (20, 3)
_LAST_ROUND: Final = (40, 23)
"""Of those who may be written to: their newest bill went out last, and is due in the coming days."""
_NAMES: Final = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: the control totals that travel with it. The sum is in centimes."""

    count: int
    centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Customer:
    place: int
    number: str
    name: str


def write_bills(
    file: TextIO,
    *,
    count: int,
    company: str,
    number_format: NumberFormat,
    seed: int,
    day: date,
    with_numbers: bool,
    with_contacts: bool = False,
) -> Written:
    """Writes `count` bills as they stand on `day`. The same arguments give the same file.

    Without numbers, the column of payment numbers is not there: the portal mints them. With contacts, some customers
    may be written to, and some of their bills are due in the coming days.
    """
    # The company's code is part of the seed: two companies never share a customer's habits.
    random = Random(f"{company} {seed}")  # noqa: S311 - made-up bills guard nothing
    rows = csv.writer(file, delimiter=";", lineterminator="\r\n")
    first, last = 0 if with_numbers else 1, None if with_contacts else len(COLUMNS)
    rows.writerow((*COLUMNS, *CONTACTS)[first:last])
    due = 0
    for row, centimes in islice(_bills(random, number_format, day, with_contacts=with_contacts), count):
        rows.writerow(row[first:last])
        due += centimes
    return Written(count, due)


def _bills(
    random: Random, number_format: NumberFormat, day: date, *, with_contacts: bool
) -> Iterator[tuple[list[str], int]]:
    numbers = payment_numbers(number_format, random=random)
    bill_place = 0
    place = 0
    while True:
        place += 1
        customer = _customer(place, random)
        quarters = _quarters_before(day)
        old_bills = random.randint(1, _MOST_OLD_BILLS) if random.random() < _IN_ARREARS else 0
        number = next(numbers)
        for age, (year, quarter) in enumerate(islice(quarters, 1 + old_bills)):
            bill_place += 1
            next_number = next(numbers)
            issued_on = _end_of(year, quarter) + timedelta(days=random.randint(8, 20))
            if with_contacts and age == 0 and _is_one(customer, _LAST_ROUND):
                issued_on = day - timedelta(days=place // _LAST_ROUND[0] % _DAYS_TO_PAY)
            yield _bill(bill_place, customer, (year, quarter, issued_on), (number, next_number), random)
            number = next_number


def _bill(
    bill_place: int,
    customer: _Customer,
    billed: tuple[int, int, date],
    numbers: tuple[str, str],
    random: Random,
) -> tuple[list[str], int]:
    year, part, issued_on = billed
    parts = [*_amounts(customer, random), 0]
    if _is_one(customer, _TINY):
        parts = [0] * len(LABELS) + [random.randint(5_00, 49_00)]
    status, replaced_by = _status(customer, numbers[1])
    row = [
        numbers[0],
        f"F{year}T{part}-{bill_place:07}",
        customer.number,
        customer.name,
        f"{year}-T{part}",
        issued_on.strftime("%d/%m/%Y"),
        (issued_on + timedelta(days=_DAYS_TO_PAY)).strftime("%d/%m/%Y"),
        _dinars(sum(parts)),
        status,
        replaced_by,
        "oui" if random.random() < _ESTIMATED else "non",
        *(_dinars(centimes) if centimes else "" for centimes in parts),
        *_contacts(customer),
    ]
    return row, sum(parts)


def _status(customer: _Customer, next_number: str) -> tuple[str, str]:
    if _is_one(customer, _CANCELLED):
        return "annulée", ""
    if _is_one(customer, _REPLACED):
        return "remplacée", next_number
    return ("retirée" if _is_one(customer, _WITHDRAWN) else "ouverte"), ""


def _amounts(customer: _Customer, random: Random) -> tuple[int, ...]:
    if _is_one(customer, _INDUSTRY):
        return amounts(cubic_metres=random.randint(3_500, 6_000), tiers=INDUSTRY)
    if _is_one(customer, _BUSINESS):
        return amounts(cubic_metres=random.randint(15, 120), tiers=BUSINESS)
    return amounts(cubic_metres=min(200, round(random.gammavariate(5, 8))), tiers=HOUSEHOLD)


def _contacts(customer: _Customer) -> tuple[str, str, str]:
    """Every second by telephone, the others by e-mail: invented, as everything here."""
    if not _is_one(customer, _WRITTEN_TO):
        return "", "", ""
    by_phone = customer.place // _WRITTEN_TO[0] % 4 < 2  # noqa: PLR2004 - two of four
    language = "ar" if customer.name >= "؀" else "fr"
    if by_phone:
        return f"0550{customer.place:06}", "", language
    return "", f"client{customer.place}@example.com", language


def _is_one(customer: _Customer, kind: tuple[int, int]) -> bool:
    one_in, from_the = kind
    return customer.place % one_in == from_the


def _customer(place: int, random: Random) -> _Customer:
    language = random.randrange(2)
    if place % _BUSINESS[0] == _BUSINESS[1]:
        name = random.choice(_NAMES["business"])[language]
    else:
        name = f"{random.choice(_NAMES['family'])[language]} {random.choice(_NAMES['given'])[language]}"
    return _Customer(place=place, number=f"{random.randint(1, 26):02}{place:07}", name=name)


def _quarters_before(day: date) -> Iterator[tuple[int, int]]:
    """The quarters that were over, and billed, on that day: the latest first."""
    year, quarter = day.year, (day.month - 1) // 3 + 1
    while True:
        quarter -= 1
        if not quarter:
            year, quarter = year - 1, 4
        yield year, quarter


def _end_of(year: int, quarter: int) -> date:
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)


def _dinars(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02}"
