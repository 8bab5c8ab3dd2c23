"""What the codes of campaigns brought, from the figures that the database keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import connection

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.reads import list_codes, list_steps_by_day
from bawabati.campaigns.rules import Span, Step, Table, hide_small, spans_of

_BY_DAY: Final = """
SELECT day, key, sum(payments)::bigint, sum(centimes)::bigint, sum(first_payers)::bigint FROM reports_sharefigure
WHERE company_id = %s AND axis = 'campaign' AND day BETWEEN %s AND %s AND key = ANY (%s::text[])
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDay:
    """What a code brought on an accounting day: payments, what they came to (centimes), first-time payers."""

    day: date
    code: str
    payments: int
    centimes: int
    first_payers: int


def list_campaign_days(*, company_id: int, first: date, last: date, codes: Sequence[str]) -> list[CampaignDay]:
    """Each day and code that brought something, in that order. Small counts are in it: hide them before showing."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, [company_id, first, last, list(codes)])
        return [
            CampaignDay(day=day, code=code, payments=payments, centimes=centimes, first_payers=first_payers)
            for day, code, payments, centimes, first_payers in cursor.fetchall()
        ]


Count = int | None
"""None: hidden, because it is small or would give a small one away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a code or a span brought, as it may be shown. The amount in centimes."""

    visit: Count
    look_up: Count
    found: Count
    review: Count
    left_for_bank: Count
    payments: Count
    first_payers: Count
    centimes: Count
    cost_centimes: int | None = None

    @property
    def cost_of_a_payer(self) -> int | None:
        """Centimes spent for each first-time payer; None where either is not known."""
        return None if self.cost_centimes is None or not self.first_payers else self.cost_centimes // self.first_payers


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """A campaign by code and by span of days, with sums. What is hidden cannot be worked out from the rest."""

    codes: list[CampaignCode]
    spans: list[Span]
    tables: dict[str, Table] = field(repr=False)

    def of_code(self, at: int) -> Brought:
        """All that the code at that place of `codes` brought."""
        return self._at(at, len(self.spans), self.codes[at].cost_centimes)

    def of_span(self, at: int) -> Brought:
        """What all codes together brought in the span at that place."""
        return self._at(len(self.codes), at)

    def of_code_in_span(self, code: int, span: int) -> Brought:
        """One cell."""
        return self._at(code, span)

    @property
    def total(self) -> Brought:
        """All of it, with what is known of its cost."""
        costs = [row.cost_centimes for row in self.codes if row.cost_centimes is not None]
        return self._at(len(self.codes), len(self.spans), sum(costs) if costs else None)

    def _at(self, row: int, column: int, cost: int | None = None) -> Brought:
        return Brought(**{name: table[row][column] for name, table in self.tables.items()}, cost_centimes=cost)


def report_of_campaign(campaign: Campaign, *, today: date, hidden_below: int) -> CampaignReport:
    """What each of its codes brought, with small counts hidden. Rule: small-counts (law 18-07)"""
    codes = list_codes(company_id=campaign.company_id, campaign_id=campaign.id)
    spans = spans_of(begins_on=campaign.begins_on, ends_on=campaign.ends_on, today=today)
    rows = {row.code: at for at, row in enumerate(codes)}
    columns = {day: at for at, span in enumerate(spans) for day in span.days}
    measures = (*(step.value for step in Step), "payments", "first_payers", "centimes")
    raw = {name: [[0] * len(spans) for _ in codes] for name in measures}
    company_id, first, last = campaign.company_id, spans[0].first, spans[-1].last
    for steps in list_steps_by_day(company_id=company_id, first=first, last=last, codes=list(rows)):
        raw[steps.step.value][rows[steps.code]][columns[steps.day]] += steps.count
    for paid in list_campaign_days(company_id=company_id, first=first, last=last, codes=list(rows)):
        for name in ("payments", "first_payers", "centimes"):
            raw[name][rows[paid.code]][columns[paid.day]] += getattr(paid, name)
    tables = {name: hide_small(counts, below=hidden_below) for name, counts in raw.items() if name != "centimes"}
    sums = hide_small(raw["centimes"], below=0)
    tables["centimes"] = tuple(
        tuple(None if count is None else amount for count, amount in zip(of_counts, of_amounts, strict=True))
        for of_counts, of_amounts in zip(tables["payments"], sums, strict=True)
    )
    return CampaignReport(codes=codes, spans=spans, tables=tables)
