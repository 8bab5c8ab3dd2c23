"""The certificate of a closed day as a document, from what was signed and from nothing else."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime

from bawabati.adapters.documents.certificates import Cell, Certificate, Named, Table
from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.money.display import with_currency
from bawabati.reports.models import CompanyClosing
from bawabati.reports.reads import facts_of
from bawabati.reports.rules import DayFacts, NamedDifference, WayOfDay, booked_of, taken_of

MINUS = "\u2212"


def certificate_of(closing: CompanyClosing, *, language: str) -> Certificate:
    """The same for the same closing and language, however often it is made."""
    facts = facts_of(closing)
    agrees = not facts.differences
    return Certificate(
        language=language,
        company=facts.company_ar if language == "ar" else facts.company_fr,
        number=f"رقم {facts.number}" if language == "ar" else f"N° {facts.number}",
        day=display_day(date.fromisoformat(facts.day)),
        made_at=datetime.fromisoformat(facts.closed_at),
        verdict="closing_agrees" if agrees else "closing_differs",
        agrees=agrees,
        tables=(
            _sources(facts, language),
            _journal(facts, language),
            _filed(facts, language),
            _credited(facts, language),
            _agencies(facts, language),
            _differences(facts, language),
            _late(facts, language),
        ),
        notes=("closing_frozen",),
        seals=tuple(_seals(closing, facts)),
    )


def _sources(facts: DayFacts, language: str) -> Table:
    rows = [row for way in facts.ways for row in _rows_of(way, language)]
    taken, booked = taken_of(facts.ways), booked_of(facts.ways)
    return Table(
        word="sources",
        columns=("way", "payments_count", "payments_sum", "books_count", "books_sum"),
        rows=tuple(rows),
        total=(
            Named(word="taken"),
            str(taken.count),
            _money(taken.centimes, language),
            str(booked.count),
            _money(booked.centimes, language),
        ),
    )


def _journal(facts: DayFacts, language: str) -> Table:
    row = (Named(word="all_entries"), str(facts.entries.count), _money(facts.entries.centimes, language))
    return Table(word="journal", columns=("what", "count", "payments_sum"), rows=(row,))


def _rows_of(way: WayOfDay, language: str) -> Iterator[tuple[Cell, ...]]:
    name = f"way_{way.way}"
    if way.way != "bank":
        yield (
            Named(word=name),
            str(way.payments.count),
            _money(way.payments.centimes, language),
            str(way.books.count),
            _money(way.books.centimes, language),
        )
    if way.stamp_duty_payments or way.stamp_duty_books:
        yield (
            Named(word="stamp_duty_on_top"),
            "",
            _money(way.stamp_duty_payments, language),
            "",
            _money(way.stamp_duty_books, language),
        )
    if way.given_back.count or way.given_back_books.count:
        yield (
            Named(word="given_back_by", named=(("count", str(way.given_back.count)),)),
            str(way.given_back.count),
            _less(way.given_back.centimes, language),
            str(way.given_back_books.count),
            _less(way.given_back_books.centimes, language),
        )


def _filed(facts: DayFacts, language: str) -> Table:
    rows = tuple(
        (
            Named(word=f"way_{one.channel}"),
            str(one.count),
            _money(one.gross_centimes, language),
            _less(one.back_centimes, language) if one.back_centimes else "",
            _money(one.fee_centimes, language),
            _money(one.vat_centimes, language),
            _money(one.net_centimes, language),
        )
        for one in facts.filed
    )
    columns = ("channel", "count", "gross", "gone_back", "fee", "vat", "net")
    return Table(word="filed", columns=columns, rows=rows, empty="filed_none")


def _credited(facts: DayFacts, language: str) -> Table:
    rows = tuple(
        row
        for one in facts.credited
        for row in (
            (Named(word="remitted"), str(one.remitted_count), _money(one.remitted_centimes, language)),
            (Named(word="credits"), str(one.count), _money(one.centimes, language)),
        )
    )
    return Table(word="credited", columns=("what", "count", "payments_sum"), rows=rows, empty="credited_none")


def _agencies(facts: DayFacts, language: str) -> Table:
    rows = tuple(
        (
            f"{one.name_ar if language == 'ar' else one.name_fr} ({one.code})",
            one.signed_by if one.is_signed else Named(word="not_signed"),
            str(one.number) if one.is_signed else "",
            _money(one.total_centimes, language) if one.is_signed else "",
        )
        for one in facts.agencies
    )
    columns = ("agency", "signed_by_whom", "closing_number", "total")
    return Table(word="agencies", columns=columns, rows=rows, empty="agencies_none", texts=2)


def _differences(facts: DayFacts, language: str) -> Table:
    rows = tuple(
        (
            _difference(one),
            one.owner,
            _money(one.amount_centimes, language) if one.amount_centimes else "",
            display_day(date.fromisoformat(one.promised_on)),
        )
        for one in facts.differences
    )
    columns = ("what", "owner", "payments_sum", "promised")
    return Table(word="differences", columns=columns, rows=rows, empty="differences_none", texts=2)


def _difference(one: NamedDifference) -> Named:
    if one.kind == "settlement_difference":
        return Named(word=f"item_{one.about}")
    return Named(word=one.kind, named=(("about", one.about),))


def _late(facts: DayFacts, language: str) -> Table:
    rows = tuple(
        (display_day(date.fromisoformat(one.day)), str(one.count), _money(one.centimes, language)) for one in facts.late
    )
    return Table(word="late", columns=("day", "count", "payments_sum"), rows=rows, empty="late_none")


def _seals(closing: CompanyClosing, facts: DayFacts) -> Iterator[tuple[str, str]]:
    yield "closed_by_whom", facts.closed_by
    yield "sha256", closing.sha256
    if closing.previous_sha256:
        yield "previous_sha256", closing.previous_sha256
    yield "signature", f"{closing.key_name}: {b64encode(bytes(closing.signature)).decode()}"
    if facts.audit_block:
        yield "audit_block", f"{facts.audit_block}: {facts.audit_hash}"


def _money(centimes: int, language: str) -> str:
    sign = MINUS if centimes < 0 else ""
    return f"{sign}{with_currency(Money(abs(centimes)), language)}"


def _less(centimes: int, language: str) -> str:
    return _money(-centimes, language)
