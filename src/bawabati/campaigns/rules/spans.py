"""The days of a campaign as columns of a table: one by one, or in weeks when there are many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAYS_ONE_BY_ONE: Final = 62
CONFIRMED_LATE: Final = timedelta(days=2)
"""A payment that was begun on the last day may be confirmed so much later."""
_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]


def spans_of(*, begins_on: date, ends_on: date | None, today: date) -> list[Span]:
    """From its first day to today, or to where its last payments may be; weeks begin on Sundays. Never empty."""
    last = min(today, ends_on + CONFIRMED_LATE) if ends_on else today
    last = max(last, begins_on)
    if (last - begins_on).days < DAYS_ONE_BY_ONE:
        days = (begins_on + timedelta(days=ahead) for ahead in range((last - begins_on).days + 1))
        return [Span(day, day) for day in days]
    spans, first = [], begins_on
    while first <= last:
        to_saturday = _A_WEEK - 1 - (first.isoweekday() % _A_WEEK)
        end = min(first + timedelta(days=to_saturday), last)
        spans.append(Span(first, end))
        first = end + timedelta(days=1)
    return spans
