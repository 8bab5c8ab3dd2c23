"""What the board shows, read from figures that the database keeps: no payment is looked at but those that are open.

Decision: docs/decisions/0038-figures-kept-by-the-database.md
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bawabati.campaigns.reads import sum_steps
from bawabati.campaigns.rules import Step
from bawabati.companies.models import Company
from bawabati.companies.reads import list_agencies, list_equipped_agency_ids
from bawabati.payments.rules import HOLDING, State
from bawabati.payments.rules.ways import Way
from bawabati.reports.models import DebtFigure
from bawabati.reports.rules.ages import Age
from bawabati.reports.rules.board import (
    AgencyFigures,
    AgeOfDebt,
    CampaignFigures,
    CompanySums,
    DayFigures,
    Funnel,
    Period,
    Share,
    Totals,
)
from bawabati.reports.rules.losses import loss_of
from bawabati.workdays import begins_at

WAYS_OF_CARDS = (Way.WEB, Way.CARD)
_MEASURES = "payments", "centimes", "returns", "returned_centimes", "first_payers"
_SUMS = ", ".join(f"coalesce(sum({measure}), 0)::bigint" for measure in _MEASURES)
_TOTALS = f"SELECT {_SUMS} FROM reports_dayfigure WHERE company_id = %s AND day BETWEEN %s AND %s"  # noqa: S608
_DAYS = f"""
SELECT day, payers, {", ".join(_MEASURES)} FROM reports_dayfigure WHERE company_id = %s AND day BETWEEN %s AND %s
"""  # noqa: S608
# A period as whole months and single days. OFFSET keeps each piece one range of the primary key.
_PIECES = """
unnest(%s::text[], %s::date[], %s::date[]) piece (span, first, last)
CROSS JOIN LATERAL (
    SELECT * FROM {table} kept WHERE kept.company_id = %s AND {part}
      AND kept.span = piece.span AND kept.day BETWEEN piece.first AND piece.last OFFSET 0
) kept
"""
_IN_SHARES = _PIECES.format(table="reports_sharefigure", part="kept.axis = %s")
_IN_PAYERS = _PIECES.format(table="reports_payersfigure", part="kept.day_before < %s")
_SHARES = f"""
SELECT {{part}}, {_SUMS} FROM {_IN_SHARES} WHERE way = ANY (%s) GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_SHARES_BY_WAY, _SHARES_BY_KEY = _SHARES.format(part="way"), _SHARES.format(part="key")
_FIRST_DAY = "SELECT min(day) FROM reports_dayfigure WHERE company_id = %s AND payments > 0"
# Whoever had never paid before counts on his first day. Nobody else is counted before the first day of all.
_PAYERS_EVER = """
SELECT coalesce(sum(first_payers), 0)::bigint FROM reports_dayfigure WHERE company_id = %s AND day <= %s
"""
_PAYERS = f"SELECT coalesce(sum(payers), 0)::bigint FROM {_IN_PAYERS}"  # noqa: S608
_PAID_ONLINE = f"SELECT coalesce(sum(payments), 0)::bigint FROM {_IN_SHARES} WHERE way = 'web'"  # noqa: S608
_LOST = """
SELECT state, refused_because, response_code, action_code, sum(attempts)::bigint FROM reports_lossfigure
WHERE company_id = %s AND day BETWEEN %s AND %s GROUP BY 1, 2, 3, 4 HAVING sum(attempts) <> 0
"""
_OPEN = """
SELECT state, refused_because, response_code, coalesce(action_code, 0), count(*) FROM payments_payment
WHERE company_id = %s AND state = ANY (%s) AND opened_at >= %s AND opened_at < %s AND way = 'web' GROUP BY 1, 2, 3, 4
"""
_NOT_OVER = [State.OPENED.value, State.AT_GATEWAY.value, State.IN_DOUBT.value, State.WATCHED.value]
_COMPANIES_AND_DAYS = f"""
SELECT company_id, {_SUMS} FROM reports_dayfigure WHERE day BETWEEN %s AND %s GROUP BY 1
"""  # noqa: S608
_DEBT = """
SELECT age, bills, due_centimes FROM reports_debtfigure
WHERE company_id = %s AND day = (SELECT max(day) FROM reports_debtfigure WHERE company_id = %s AND day <= %s)
"""

_DEBT_CHANGED = """
SELECT c.id FROM companies_company c
LEFT JOIN (SELECT company_id, max(counted_at) AS at FROM reports_debtfigure WHERE day = %s GROUP BY 1) counted
    ON counted.company_id = c.id
LEFT JOIN (SELECT company_id, max(received_at) AS at FROM bills_billbatch GROUP BY 1) received
    ON received.company_id = c.id
WHERE counted.at IS NULL OR received.at >= counted.at - interval '2 hours' ORDER BY c.id
"""


def totals_of(*, company_id: int, period: Period) -> Totals:
    """What a period brought. Rule: figures-of-the-books (behaviour.md I5)"""
    (sums,) = _rows(_TOTALS, company_id, period.first, period.last)
    paid = _paid_online(company_id, period)
    lost, _ = _losses(company_id, period)
    return Totals(
        **_measured(sums),
        payers=count_payers(company_id=company_id, period=period),
        attempts=paid + sum(lost.values()),
        attempts_paid=paid,
    )


def count_payers(*, company_id: int, period: Period) -> int:
    """Customers who paid in the period, each once. Rule: payers (house.md 3)"""
    launch = find_launch_day(company_id)
    if launch is None or period.last < launch:
        return 0
    if period.first <= launch:
        return _one(_PAYERS_EVER, company_id, period.last)
    return _one(_PAYERS, *_pieces(period), company_id, period.first)


def list_days(*, company_id: int, period: Period) -> tuple[DayFigures, ...]:
    """Each day of the period, also one on which nothing came, the earliest first."""
    known = {day: rest for day, *rest in _rows(_DAYS, company_id, period.first, period.last)}
    return tuple(
        DayFigures(day=day, payers=known[day][0], **_measured(known[day][1:])) if day in known else DayFigures(day=day)
        for day in period.days
    )


def shares_by_way(*, company_id: int, period: Period) -> tuple[Share, ...]:
    """By the ways that brought something."""
    return _shares(_SHARES_BY_WAY, company_id, "card", period, Way)


def shares_by_card(*, company_id: int, period: Period) -> tuple[Share, ...]:
    """Online and at readers, by family of card; the empty key is not stated. Rule: card-family (behaviour.md 6)"""
    return _shares(_SHARES_BY_KEY, company_id, "card", period, WAYS_OF_CARDS)


def shares_by_hour(*, company_id: int, period: Period) -> tuple[Share, ...]:
    """Each of the 24 hours of the day in Algiers, whatever the way."""
    known = {share.key: share for share in _shares(_SHARES_BY_KEY, company_id, "hour", period, Way)}
    return tuple(_of_hour(hour, known.get(f"{hour:02}")) for hour in range(24))


def shares_by_campaign(*, company_id: int, period: Period) -> tuple[CampaignFigures, ...]:
    """By the codes of media that brought something. What came without a code is not among them."""
    return tuple(
        CampaignFigures(code=code, **_measured(sums))
        for code, *sums in _share_rows(_SHARES_BY_KEY, company_id, "campaign", period, Way)
    )


def list_agency_figures(*, company_id: int, period: Period) -> tuple[AgencyFigures, ...]:
    """Every open agency by its code, and a closed one where it took something."""
    known = {int(key): sums for key, *sums in _share_rows(_SHARES_BY_KEY, company_id, "agency", period, Way)}
    equipped = list_equipped_agency_ids(company_id)
    return tuple(
        AgencyFigures(
            agency_id=agency.id,
            code=agency.code,
            name_ar=agency.name_ar,
            name_fr=agency.name_fr,
            has_reader=agency.id in equipped,
            **_measured(known.get(agency.id, ())),
        )
        for agency in list_agencies(company_id)
        if agency.is_open or agency.id in known
    )


def funnel_of(*, company_id: int, period: Period) -> Funnel:
    """From the first page to the payment, online. Rule: loss-names (satim.md 6.7, 6.8)"""
    lost, still_open = _losses(company_id, period)
    paid = _paid_online(company_id, period)
    steps = sum_steps(company_id=company_id, first=period.first, last=period.last)
    return Funnel(
        visits=steps[Step.VISIT],
        look_ups=steps[Step.LOOK_UP],
        found=steps[Step.FOUND],
        reviews=steps[Step.REVIEW],
        left_for_bank=paid + sum(lost.values()) + still_open,
        paid=paid,
        losses=tuple(sorted(lost.items(), key=lambda loss: (-loss[1], loss[0]))),
        still_open=still_open,
    )


def find_launch_day(company_id: int) -> date | None:
    """The first accounting day with a payment; None before it."""
    ((day,),) = _rows(_FIRST_DAY, company_id)
    return day if isinstance(day, date) else None


def list_ages_of_debt(*, company_id: int, period: Period, today: date) -> tuple[AgeOfDebt, ...]:
    """What was owed when it was last counted up to `today`, by age, beside what was collected in the period.

    Every bracket, the youngest first. Rule: age-of-debt (house.md 3)
    """
    owed = {age: (bills, centimes) for age, bills, centimes in _rows(_DEBT, company_id, company_id, today)}
    collected = {share.key: share for share in _shares(_SHARES_BY_KEY, company_id, "age", period, Way)}
    return tuple(
        AgeOfDebt(
            key=age,
            bills=owed.get(age, (0, 0))[0],
            due_centimes=owed.get(age, (0, 0))[1],
            collected_bills=collected[age].payments if age in collected else 0,
            collected_centimes=collected[age].centimes if age in collected else 0,
        )
        for age in Age
    )


def debt_as_of(company_id: int) -> datetime | None:
    """When the debt was last counted."""
    last = DebtFigure.objects.filter(company_id=company_id).order_by("-day").first()
    return last.counted_at if last else None


def companies_whose_debt_changed(*, today: date) -> list[int]:
    """Companies whose debt was not counted today, or not for two hours after their last file of bills began."""
    return [company_id for (company_id,) in _rows(_DEBT_CHANGED, today)]


def sums_of_companies(*, period: Period) -> tuple[CompanySums, ...]:
    """Every company by its code, also one that took nothing: sums, never a person. Needs the scope of every company.

    Rule: sums-by-company (house.md 3)
    """
    known = {company_id: sums for company_id, *sums in _rows(_COMPANIES_AND_DAYS, period.first, period.last)}
    told = []
    for company_id in Company.objects.order_by("code").values_list("id", flat=True):
        paid = _paid_online(company_id, period)
        lost, _ = _losses(company_id, period)
        told.append(
            CompanySums(
                company_id=company_id,
                **_measured(known.get(company_id, ())),
                payers=count_payers(company_id=company_id, period=period),
                attempts=paid + sum(lost.values()),
                attempts_paid=paid,
            )
        )
    return tuple(told)


def _paid_online(company_id: int, period: Period) -> int:
    return _one(_PAID_ONLINE, *_pieces(period), company_id, "card")


def _losses(company_id: int, period: Period) -> tuple[Counter[str], int]:
    """Attempts that brought nothing, so far as is known now, by cause; and those of which nothing is known yet."""
    began, ended = begins_at(period.first), begins_at(period.last + timedelta(days=1))
    lost: Counter[str] = Counter()
    still_open = 0
    over = _rows(_LOST, company_id, period.first, period.last)
    for state, because, response, action, count in (*over, *_rows(_OPEN, company_id, _NOT_OVER, began, ended)):
        if state in HOLDING:
            still_open += count
        else:
            loss = loss_of(state=state, refused_because=because, response_code=response, action_code=action)
            lost[loss.value] += count
    return lost, still_open


def _shares(sql: str, company_id: int, axis: str, period: Period, ways: Iterable[str]) -> tuple[Share, ...]:
    return tuple(Share(key=key, **_measured(sums)) for key, *sums in _share_rows(sql, company_id, axis, period, ways))


def _share_rows(sql: str, company_id: int, axis: str, period: Period, ways: Iterable[str]) -> list[tuple[Any, ...]]:
    return _rows(sql, *_pieces(period), company_id, axis, list(ways))


def _pieces(period: Period) -> tuple[list[str], list[date], list[date]]:
    pieces = period.pieces
    return [one.span for one in pieces], [one.first for one in pieces], [one.last for one in pieces]


def _of_hour(hour: int, share: Share | None) -> Share:
    if share is None:
        return Share(key=str(hour))
    return Share(key=str(hour), **{measure: getattr(share, measure) for measure in _MEASURES})


def _measured(values: Iterable[int]) -> dict[str, int]:
    return dict(zip(_MEASURES, values, strict=False))


def _one(sql: str, *values: Any) -> int:  # noqa: ANN401 - what SQL takes
    ((number,),) = _rows(sql, *values)
    return int(number)


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - what SQL takes
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
