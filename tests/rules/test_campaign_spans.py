"""The days of a campaign in a table: one by one, or in weeks from Sunday to Saturday when there are many."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bawabati.campaigns.rules import spans_of
from bawabati.campaigns.rules.spans import CONFIRMED_LATE, DAYS_ONE_BY_ONE

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(days, st.none() | days, days)
def test_every_day_stands_in_exactly_one_span(begins_on: date, ends_on: date | None, today: date) -> None:
    ends = max(ends_on, begins_on) if ends_on else None
    spans = spans_of(begins_on=begins_on, ends_on=ends, today=today)
    told = [day for span in spans for day in span.days]
    last = max(begins_on, min(today, ends + CONFIRMED_LATE) if ends else today)
    assert told == [begins_on + timedelta(days=ahead) for ahead in range((last - begins_on).days + 1)]


def test_many_days_are_weeks_from_sunday_to_saturday() -> None:
    begins_on = date(2026, 9, 2)  # a Wednesday
    short = spans_of(begins_on=begins_on, ends_on=None, today=begins_on + timedelta(days=DAYS_ONE_BY_ONE - 1))
    assert all(span.first == span.last for span in short)
    spans = spans_of(begins_on=begins_on, ends_on=None, today=begins_on + timedelta(days=100))
    assert all(span.first.isoweekday() == 7 for span in spans[1:])
    assert all(span.last.isoweekday() == 6 for span in spans[:-1])
