"""When today began, on Algerian clocks."""

from datetime import datetime, time

from bawabati.workdays import ALGIERS


def last_midnight(now: datetime) -> datetime:
    """The moment at which the day of `now` began in Algiers."""
    return datetime.combine(now.astimezone(ALGIERS).date(), time(), tzinfo=ALGIERS)
