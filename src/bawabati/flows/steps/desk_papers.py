"""X, Z, the signed day and the provisional slip as papers, from what was kept and from nothing else."""

from datetime import datetime

from bawabati.adapters.documents.papers import Paper, Row, Section
from bawabati.desks.rules import DayReport, SessionReport, WayTaken
from bawabati.money.amount import Money
from bawabati.money.dates import display_moment
from bawabati.money.display import with_currency
from bawabati.payments.models import Sale
from bawabati.payments.reads import list_sale_lines

MINUS = "\u2212"


def paper_of_session(report: SessionReport, *, language: str, digest: str = "") -> Paper:
    """An X; a Z when the report has its count."""
    session, is_z = report.session, report.count is not None
    return Paper(
        language=language,
        title="z_report" if is_z else "x_report",
        number=f"Z {report.number}" if is_z else "",
        company=_one(language, session.company_ar, session.company_fr),
        place=_place(language, session.agency, _one(language, session.agency_ar, session.agency_fr)),
        made_at=datetime.fromisoformat(session.at),
        sections=(
            Section(
                rows=(
                    Row(word="desk", value=session.desk, is_code=True),
                    Row(word="cashier", value=session.cashier),
                    Row(
                        word="opened_at", value=display_moment(datetime.fromisoformat(session.opened_at)), is_code=True
                    ),
                )
            ),
            _taken(report.ways, report.total_centimes, language),
            _apart(report, language),
            *_being_checked(report, language),
            _drawer(report, language),
        ),
        notes=() if report.expected_cash_centimes is not None else ("blind",),
        digest=digest,
        signatures=("cashier_signature", "head_signature") if is_z else (),
    )


def paper_of_day(report: DayReport, *, language: str, digest: str) -> Paper:
    """The day of an agency as its head has signed it."""
    unknown = tuple(
        Row(word="sale", value=f"{sale.reference} {sale.desk}  {_money(sale.amount_centimes, language)}")
        for sale in report.unknown
    )
    sessions = tuple(
        Row(
            word="session_of_day",
            named=(("desk", session.desk), ("number", str(session.number)), ("cashier", session.cashier)),
            value=_money(session.total_centimes, language),
        )
        for session in report.sessions
    )
    return Paper(
        language=language,
        title="day_closing",
        number=report.day,
        company=_one(language, report.company_ar, report.company_fr),
        place=_place(language, report.agency, _one(language, report.agency_ar, report.agency_fr)),
        made_at=datetime.fromisoformat(report.signed_at),
        sections=(
            Section(word="sessions", rows=sessions),
            _taken(report.ways, sum(way.total_centimes for way in report.ways), language),
            Section(
                rows=(
                    _tally_row("settled_since", report.settled_since.count, report.settled_since.centimes, language),
                    _tally_row("reversed", report.reversed.count, report.reversed.centimes, language),
                    Row(word="difference", value=_signed(report.cash_difference_centimes, language)),
                    Row(word="signed_by", value=report.signed_by),
                )
            ),
            *((Section(word="being_checked", rows=unknown),) if unknown else ()),
        ),
        notes=("signs_unknown",) if unknown else (),
        digest=digest,
        signatures=("head_signature",),
    )


def paper_of_unclear_sale(sale: Sale, *, language: str, now: datetime) -> Paper:
    """What the customer takes home while nobody knows whether the card was debited. Rule: provisional-slip (R6)"""
    company, agency = sale.company, sale.agency
    return Paper(
        language=language,
        title="provisional",
        number=sale.reference,
        company=_one(language, company.name_ar, company.name_fr),
        place=_place(language, agency.code, _one(language, agency.name_ar, agency.name_fr)),
        made_at=now,
        banner="being_checked",
        sections=(
            Section(
                rows=(
                    Row(word="desk", value=sale.desk.code, is_code=True),
                    Row(word="cashier", value=sale.cashier.name),
                    Row(word="amount", value=_money(sale.amount_centimes, language), is_strong=True),
                    Row(word="since", value=display_moment(sale.unknown_since or sale.opened_at), is_code=True),
                    *(
                        Row(word="payment_number", value=line.bill.payment_number, is_code=True)
                        for line in list_sale_lines(sale.id)
                    ),
                )
            ),
        ),
        notes=("checked_not_again", "checked_bill_held", "checked_no_receipt"),
    )


def _taken(ways: tuple[WayTaken, ...], total_centimes: int, language: str) -> Section:
    rows: list[Row] = []
    for way in ways:
        named = (("count", str(way.count)), ("brand", way.brand))
        rows.append(Row(word=way.way, named=named, value=_money(way.total_centimes, language)))
        if way.stamp_duty_centimes:
            rows.append(Row(word="stamp_duty_of", value=_money(way.stamp_duty_centimes, language)))
    rows.append(Row(word="total", value=_money(total_centimes, language), is_strong=True))
    return Section(word="taken", rows=tuple(rows))


def _apart(report: SessionReport, language: str) -> Section:
    tallies = (
        ("reversed", report.reversed),
        ("typed", report.typed),
        ("offline", report.offline),
        ("without_bill", report.without_bill),
    )
    return Section(rows=tuple(_tally_row(word, one.count, one.centimes, language) for word, one in tallies))


def _tally_row(word: str, count: int, centimes: int, language: str) -> Row:
    return Row(word=word, named=(("count", str(count)),), value=_money(centimes, language))


def _being_checked(report: SessionReport, language: str) -> tuple[Section, ...]:
    rows = tuple(
        Row(word="sale", value=f"{sale.reference}  {_money(sale.amount_centimes, language)}")
        for sale in report.being_checked
    )
    return (Section(word="being_checked", rows=rows),) if rows else ()


def _drawer(report: SessionReport, language: str) -> Section:
    rows = [Row(word="float", value=_money(report.session.float_centimes, language))]
    if report.expected_cash_centimes is not None:
        rows.append(Row(word="expected", value=_money(report.expected_cash_centimes, language)))
    if report.count is not None:
        difference = report.cash_difference_centimes
        rows.append(Row(word="counted", value=_money(report.count.counted_centimes, language)))
        rows.append(Row(word="difference", value=_signed(difference, language), is_strong=bool(difference)))
        if report.count.because:
            rows.append(Row(word="because", value=report.count.because))
        rows.append(Row(word="closed_by", value=report.count.closed_by))
    return Section(word="drawer", rows=tuple(rows))


def _signed(centimes: int, language: str) -> str:
    sign = MINUS if centimes < 0 else ""
    return f"{sign}{with_currency(Money(abs(centimes)), language)}"


def _money(centimes: int, language: str) -> str:
    return with_currency(Money(centimes), language)


def _one(language: str, arabic: str, french: str) -> str:
    return arabic if language == "ar" else french


def _place(language: str, code: str, name: str) -> str:
    return f"{name} ({code})" if language != "ar" else f"{name} {code}"
