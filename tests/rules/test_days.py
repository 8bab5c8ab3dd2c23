"""Working days, the day in the books, and days as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.money.dates import display_day, display_moment
from bawabati.workdays import (
    CompanyHolidays,
    accounting_day,
    add_working_days,
    built_in_holidays,
    is_working_day,
    read_holidays,
)

NO_HOLIDAYS: frozenset[date] = frozenset()
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1))
counts = st.integers(min_value=1, max_value=30)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 2, 4), 1, date(2026, 2, 5)),  # Wednesday, Thursday
        (date(2026, 2, 5), 1, date(2026, 2, 8)),  # Thursday, Sunday
        (date(2026, 2, 6), 1, date(2026, 2, 8)),  # Friday, Sunday
        (date(2026, 2, 5), 10, date(2026, 2, 19)),
    ],
)
def test_friday_and_saturday_are_not_counted(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count, holidays=NO_HOLIDAYS) == expected


def test_holidays_are_whatever_days_the_caller_brings() -> None:
    assert add_working_days(date(2026, 2, 8), 1, holidays=frozenset({date(2026, 2, 9)})) == date(2026, 2, 10)


def test_the_built_in_holidays_know_fixed_days_of_any_year_and_estimates() -> None:
    holidays = built_in_holidays()
    assert all(date(year, 7, 5) in holidays for year in (1999, 2026, 2031))
    assert date(2026, 3, 20) in holidays
    assert date(2027, 3, 20) not in holidays
    # Aid el-Fitr 2026 falls on Friday to Sunday: the next working day after Thursday is Monday.
    assert add_working_days(date(2026, 3, 19), 1, holidays=holidays) == date(2026, 3, 23)


def test_a_holiday_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="month"):
        read_holidays(["day,name", "*-13-01,nothing"])
    assert date(2024, 2, 29) in read_holidays(["day", "*-02-29"])


@given(day=days, first=counts, second=counts)
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    holidays = built_in_holidays()
    there = add_working_days(day, first, holidays=holidays)
    assert is_working_day(there, holidays=holidays)
    assert add_working_days(there, second, holidays=holidays) == add_working_days(
        day, first + second, holidays=holidays
    )


@given(day=days, count=counts)
def test_exactly_so_many_working_days_lie_behind(day: date, count: int) -> None:
    there = add_working_days(day, count, holidays=NO_HOLIDAYS)
    passed = [day + timedelta(days=step) for step in range(1, (there - day).days + 1)]
    assert sum(is_working_day(each, holidays=NO_HOLIDAYS) for each in passed) == count


@pytest.mark.parametrize("count", [0, -1])
def test_working_days_are_counted_forward_from_one(count: int) -> None:
    with pytest.raises(ValueError, match="from one"):
        add_working_days(date(2026, 2, 5), count, holidays=NO_HOLIDAYS)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 5, 22, 59, 59, tzinfo=UTC), date(2026, 2, 5)),
        (datetime(2026, 2, 5, 23, 0, tzinfo=UTC), date(2026, 2, 6)),
        (datetime(2026, 7, 31, 23, 30, tzinfo=UTC), date(2026, 8, 1)),  # no summer time
        (datetime(2026, 2, 6, 1, 0, tzinfo=timezone(timedelta(hours=3))), date(2026, 2, 5)),
    ],
)
def test_the_books_turn_the_day_at_midnight_in_algiers(moment: datetime, day: date) -> None:
    assert accounting_day(moment) == day


def test_days_and_moments_are_shown_day_first_with_24_hours() -> None:
    assert display_day(date(2026, 2, 5)) == "05/02/2026"
    assert display_moment(datetime(2020, 12, 31, 11, 59, tzinfo=UTC)) == "31/12/2020 12:59"
    assert display_moment(datetime(2026, 2, 5, 23, 5, tzinfo=UTC)) == "06/02/2026 00:05"


def test_a_moment_without_zone_belongs_to_no_day() -> None:
    naive = datetime(2026, 2, 5, 12, 0)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(ValueError, match="zone"):
        accounting_day(naive)
    with pytest.raises(ValueError, match="zone"):
        display_moment(naive)
    with pytest.raises(TypeError):
        display_day(naive)


def test_a_company_says_otherwise_than_the_calendar() -> None:
    """The moon was seen a day later than the calendar estimates, and the company has a day of its own."""
    estimated, seen, own = date(2026, 3, 20), date(2026, 3, 23), date(2026, 4, 15)
    company = CompanyHolidays(built_in=built_in_holidays(), said={estimated: False, seen: True, own: True})
    assert estimated in built_in_holidays()
    assert [day in company for day in (estimated, seen, own, date(2026, 7, 5))] == [False, True, True, True]
    assert add_working_days(date(2026, 4, 14), 1, holidays=company) == date(2026, 4, 16)
