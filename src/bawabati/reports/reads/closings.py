"""Which days are closed, which comes next, and what was posted late."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max

from bawabati.reports.models import CompanyClosing
from bawabati.reports.rules import DayFacts, LateOfDay

FIRST_DAY = "SELECT min(accounted_on) FROM ledger_transfer WHERE company_id = %s"
LATE_DAYS = """
SELECT t.accounted_on, count(*), sum(t.amount_centimes)
FROM reports_lateposting l JOIN ledger_transfer t ON t.id = l.transfer_id
WHERE l.company_id = %s AND l.entered_on = %s GROUP BY t.accounted_on ORDER BY t.accounted_on
"""
LATE_OF = """
SELECT l.entered_on, count(*), sum(t.amount_centimes)
FROM reports_lateposting l JOIN ledger_transfer t ON t.id = l.transfer_id
WHERE l.company_id = %s AND t.accounted_on = %s GROUP BY l.entered_on ORDER BY l.entered_on
"""


def find_closing(*, company_id: int, day: date) -> CompanyClosing | None:
    """The closed day; None while it is open."""
    return CompanyClosing.objects.select_related("company", "closed_by").filter(company_id=company_id, day=day).first()


def find_last_closing(company_id: int) -> CompanyClosing | None:
    """The last day that was closed; None before the first."""
    return CompanyClosing.objects.filter(company_id=company_id).order_by("-number").first()


def list_closings_between(*, company_id: int, first: date, last: date) -> list[CompanyClosing]:
    """The closed days of a period, the earliest first."""
    closed = CompanyClosing.objects.filter(company_id=company_id, day__range=(first, last))
    return list(closed.select_related("closed_by").order_by("day"))


def iterate_closings(company_id: int) -> Iterator[CompanyClosing]:
    """Every closing of a company by number, in constant memory."""
    return CompanyClosing.objects.filter(company_id=company_id).order_by("number").iterator()


def list_keys_of_closings(company_id: int) -> list[str]:
    """The names of the keys that have signed days of the company, the newest first."""
    used = CompanyClosing.objects.filter(company_id=company_id).values("key_name")
    return list(used.annotate(last=Max("number")).order_by("-last").values_list("key_name", flat=True))


def facts_of(closing: CompanyClosing) -> DayFacts:
    """What a certificate says."""
    return DayFacts.from_json(closing.facts)


def next_day_to_close(company_id: int) -> date | None:
    """The day after the last closed one; before the first closing, that of the first money. None: nothing ever moved.

    Rule: company-day (house.md 5)
    """
    last = find_last_closing(company_id)
    if last is not None:
        return last.day + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(FIRST_DAY, [company_id])
        (first,) = cursor.fetchone()
    return first if isinstance(first, date) else None


def list_late_days(*, company_id: int, entered_on: date) -> tuple[LateOfDay, ...]:
    """What the journal of a day holds of days that were closed before, by day.

    Rule: posted-after-closing (algeria.md 4)
    """
    with connection.cursor() as cursor:
        cursor.execute(LATE_DAYS, [company_id, entered_on])
        return tuple(
            LateOfDay(day=day.isoformat(), count=count, centimes=int(centimes))
            for day, count, centimes in cursor.fetchall()
        )


def list_late_of(*, company_id: int, day: date) -> tuple[LateOfDay, ...]:
    """What was posted to a closed day since, by the day in whose journal it stands."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_OF, [company_id, day])
        return tuple(
            LateOfDay(day=entered_on.isoformat(), count=count, centimes=int(centimes))
            for entered_on, count, centimes in cursor.fetchall()
        )
