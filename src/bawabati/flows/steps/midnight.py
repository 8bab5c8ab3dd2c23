"""When today began, on Algerian clocks."""

from datetime import datetime

from bawabati.workdays import accounting_day, begins_at


def last_midnight(now: datetime) -> datetime:
    """The moment at which the day of `now` began in Algiers."""
    return begins_at(accounting_day(now))
