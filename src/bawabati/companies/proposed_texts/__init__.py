"""Texts that a company may begin with, in three languages, each set under the day from which it is proposed.

They are a proposal and never in force by themselves: somebody of the company reads them, changes what is not so there,
and publishes. A set that was proposed once is never changed; another day is another folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from bawabati.companies.models import Company
from bawabati.money.amount import Money
from bawabati.money.display import figures

UNKNOWN: Final = "…"
"""Stands where the company has not said yet what belongs there."""
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedText:
    """A text with the company's own facts in it, and since when we propose it so."""

    body: str
    proposed_on: date


def proposed_text(company: Company, *, kind: str, language: str, on: date) -> ProposedText | None:
    """What the company might say, as proposed on that day; None where nothing is proposed.

    Rule: proposed-texts (ours: a company answers for its own terms)
    """
    days = [day for day in _days() if day <= on]
    path = _FOLDER / f"{days[-1]}" / f"{kind}.{language}.txt" if days else None
    if path is None or not path.is_file():
        return None
    return ProposedText(body=_written(path) % _facts_of(company, language), proposed_on=days[-1])


@cache
def _days() -> list[date]:
    return sorted(date.fromisoformat(path.name) for path in _FOLDER.iterdir() if path.name[:1].isdigit())


@cache
def _written(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def _facts_of(company: Company, language: str) -> dict[str, str]:
    facts = {
        "name": getattr(company, f"name_{language}"),
        "address": company.address_ar if language == "ar" else company.address_fr,
        "minimum": figures(Money(company.minimum_centimes), language),
        "ceiling": figures(Money(company.ceiling_centimes), language),
        **{column: getattr(company, column) for column in ("legal_form", "nif", "nis", "rc", "ai", "phone", "email")},
    }
    return {name: value or UNKNOWN for name, value in facts.items()}
