"""What customers owe, by age, counted each day and after each file of bills."""

from __future__ import annotations

from datetime import datetime

from bawabati.flows.steps.side_effects import written_together
from bawabati.reports.reads import companies_whose_debt_changed
from bawabati.reports.writes import count_debt
from bawabati.workdays import accounting_day


def count_debts(*, now: datetime) -> int:
    """Counts of each company that has a new day or new bills; of how many. Safe to repeat and to race.

    Rule: age-of-debt (house.md 3)
    """
    today = accounting_day(now)
    companies = companies_whose_debt_changed(today=today)
    for company_id in companies:
        with written_together("count_debts: counted"):
            count_debt(company_id=company_id, today=today, now=now)
    return len(companies)
