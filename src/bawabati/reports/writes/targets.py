"""Writing down what is wanted, and who reads the morning page, in the transaction that a flow opened."""

from datetime import datetime

from django.db import connection

from bawabati.people.models import Staff
from bawabati.reports.models import MorningReader, Target
from bawabati.reports.rules import Measure, Period

LOCK_MORNING = "SELECT pg_advisory_xact_lock(hashtextextended('morning_page ' || %s::bigint, 0))"


def write_target(*, company_id: int, measure: Measure, period: Period, wanted: int, by: Staff, now: datetime) -> Target:
    """The newest word about that measure and period; 0 withdraws it. The words before stay."""
    return Target.objects.create(
        company_id=company_id,
        measure=measure,
        first_day=period.first,
        last_day=period.last,
        wanted=wanted,
        set_by=by,
        set_at=now,
    )


def write_morning_reader(*, company_id: int, staff: Staff, now: datetime) -> bool:
    """Whether he did not read it before. Safe to repeat and to race."""
    _reader, is_new = MorningReader.objects.get_or_create(
        company_id=company_id, staff=staff, defaults={"chosen_at": now}
    )
    return is_new


def remove_morning_reader(*, company_id: int, staff: Staff) -> bool:
    """Whether he read it before. Safe to repeat."""
    count, _ = MorningReader.objects.filter(company_id=company_id, staff=staff).delete()
    return count > 0


def lock_morning_pages(company_id: int) -> None:
    """Nobody else writes morning pages of the company until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_MORNING, [company_id])
