"""The wilayas of Algeria: data, because the country makes new ones. `wilayas.csv` beside this file holds them.

Those from 59 on were announced in November 2025; their numbers are not yet from the official gazette.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Wilaya:
    """`code` has two digits."""

    code: str
    name_ar: str
    name_fr: str


@cache
def all_wilayas() -> tuple[Wilaya, ...]:
    """Every wilaya, by code."""
    with Path(__file__).with_name("wilayas.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return tuple(Wilaya(code=row["code"], name_ar=row["name_ar"], name_fr=row["name_fr"]) for row in rows)


def wilayas_of(codes: Iterable[str]) -> list[Wilaya]:
    """The wilayas of those codes, by code; a code that is none's is left out."""
    wanted = set(codes)
    return [wilaya for wilaya in all_wilayas() if wilaya.code in wanted]
