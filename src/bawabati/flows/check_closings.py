"""Do the closed days still say what they said: the chain, the signatures, the numbers?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bawabati.companies.models import Company
from bawabati.companies.reads import find_public_key
from bawabati.desks.rules import chained
from bawabati.reports.models import CompanyClosing
from bawabati.reports.reads import facts_of, iterate_closings
from bawabati.reports.rules import text_to_sign
from bawabati.signatures import is_signed


@dataclass(frozen=True, slots=True, kw_only=True)
class BadClosing:
    """A closing that is not what was signed. `what` is stable, for machines."""

    number: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClosings:
    """How many there are, and what is wrong with any."""

    count: int
    bad: tuple[BadClosing, ...]


def check_closings(*, company: Company) -> CheckedClosings:
    """Every closing of the company, from the first: its number, its day, its hash, its signature. Changes nothing.

    Rule: closing-chain (algeria.md 4)
    """
    count, bad, before = 0, [], None
    for closing in iterate_closings(company.id):
        count += 1
        bad += [BadClosing(number=closing.number, what=what) for what in _wrong_with(closing, before)]
        before = closing
    return CheckedClosings(count=count, bad=tuple(bad))


def _wrong_with(closing: CompanyClosing, before: CompanyClosing | None) -> Iterator[str]:
    if closing.number != (before.number + 1 if before else 1):
        yield "number_missing"
    if before is not None and closing.day != before.day + timedelta(days=1):
        yield "day_missing"
    if closing.previous_sha256 != (before.sha256 if before else ""):
        yield "chain_broken"
    if closing.sha256 != chained(previous_sha256=closing.previous_sha256, facts=closing.facts):
        yield "hash_wrong"
    facts = facts_of(closing)
    if (facts.number, facts.day) != (closing.number, closing.day.isoformat()):
        yield "says_another_day"
    public_key = find_public_key(closing.key_name)
    text = text_to_sign(previous_sha256=closing.previous_sha256, facts=closing.facts)
    if public_key is None or not is_signed(text, bytes(closing.signature), public_key=public_key):
        yield "signature_wrong"
