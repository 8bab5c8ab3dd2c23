"""Journals by SCF accounts: each entry once, debits equal to credits, and that of a closed day never changes."""

from __future__ import annotations

import csv
import tracemalloc
from datetime import date, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest

from bawabati.companies.models import Company
from bawabati.flows.close_day import close_company_day
from bawabati.flows.export_journal import export_journal
from bawabati.ledger.models import Transfer
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed
from bawabati.reports.rules import REASON_WORDS, JournalStyle, PeriodTooLong, PeriodWrong
from people import NADIA, NOON, SALIMA

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)
MANY = """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT company_id, debit_id, credit_id, amount_centimes, reason, 'many:' || n, accounted_on, at
FROM ledger_transfer CROSS JOIN generate_series(1, 60000) n
"""


def moved(company: Company, reference: str, *, on: date = TODAY, centimes: int = 500_00) -> None:
    from django.db import transaction  # noqa: PLC0415 - settings first

    with transaction.atomic():
        transfer(
            company_id=company.id,
            debit=Side(AccountRole.CUSTOMERS),
            credit=Side(AccountRole.CUSTOMER_CREDIT, "=C1"),
            amount=Money(centimes),
            reason=Reason.BILL_LOWERED,
            reference=reference,
            accounted_on=on,
            now=NOON,
        )


def journal(
    company: Company, first: date = TODAY, last: date = TODAY, *, style: str = "detailed", login: str = SALIMA
) -> list[list[str]]:
    with export_journal(
        company=company,
        first=first,
        last=last,
        style=JournalStyle(style),
        form="csv",
        language="fr",
        translate=str,
        staff=Staff.objects.get(login=login),
        now=NOON,
    ) as file:
        return list(csv.reader(StringIO(file.read().decode("utf-8-sig")), delimiter=";"))


def test_each_entry_has_a_line_in_debit_and_one_in_credit(company: Company) -> None:
    moved(company, "a")
    _head, debit, credit, total = journal(company)
    assert (debit[2], debit[8], debit[9]) == ("411", "500,00", "0,00")
    assert (credit[2], credit[3], credit[8], credit[9]) == ("419", "'=C1", "0,00", "500,00")
    assert (total[7], total[8], total[9]) == ("1", "500,00", "500,00")


def test_a_grouped_journal_sums_by_day_reason_and_accounts(company: Company) -> None:
    for reference in "abc":
        moved(company, reference)
    moved(company, "d", on=TOMORROW)
    lines = journal(company, TODAY, TOMORROW, style="grouped")[1:]
    assert [(line[0], line[2], line[7], line[8], line[9]) for line in lines[:4]] == [
        ("22/11/2026", "411", "3", "1500,00", "0,00"),
        ("22/11/2026", "419", "3", "0,00", "1500,00"),
        ("23/11/2026", "411", "1", "500,00", "0,00"),
        ("23/11/2026", "419", "1", "0,00", "500,00"),
    ]
    assert lines[-1][7:] == ["4", "2000,00", "2000,00"]


@pytest.mark.parametrize("style", ["detailed", "grouped"])
def test_the_journal_of_a_closed_day_stays_and_what_comes_later_stands_in_the_next(
    company: Company, style: str
) -> None:
    moved(company, "a")
    salima, later = Staff.objects.get(login=SALIMA), NOON + timedelta(days=1)
    close_company_day(company_id=company.id, day=TODAY, staff=salima, owners={}, now=later)
    before = journal(company, style=style)
    moved(company, "late")
    assert journal(company, style=style) == before
    debit = journal(company, TOMORROW, TOMORROW, style=style)[1]
    assert (debit[0], debit[6]) == ("23/11/2026", "22/11/2026")
    assert "posted after its day was closed" in debit[4]
    assert len(journal(company, TODAY, TOMORROW)[1:-1]) == 2 * Transfer.objects.count()


def test_a_year_is_the_most_and_ends_after_it_begins(company: Company) -> None:
    with pytest.raises(PeriodWrong):
        journal(company, TOMORROW, TODAY)
    with pytest.raises(PeriodTooLong):
        journal(company, TODAY, TODAY + timedelta(days=366))
    assert len(journal(company, TODAY, TODAY + timedelta(days=365))) == 2


def test_a_director_sees_no_journal(company: Company) -> None:
    with pytest.raises(NotAllowed):
        journal(company, login=NADIA)


def test_every_reason_of_the_books_has_words() -> None:
    assert set(REASON_WORDS) == {reason.value for reason in Reason}


def test_memory_stays_flat_however_long_the_journal_is(
    company: Company, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    moved(company, "a")
    behind_the_scenes.execute(MANY)
    tracemalloc.start()
    try:
        with export_journal(
            company=company,
            first=TODAY,
            last=TODAY,
            style=JournalStyle.DETAILED,
            form="csv",
            language="fr",
            translate=str,
            staff=Staff.objects.get(login=SALIMA),
            now=NOON,
        ) as file:
            _, peak = tracemalloc.get_traced_memory()
            assert sum(1 for _ in file) == 2 * 60_001 + 2
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
