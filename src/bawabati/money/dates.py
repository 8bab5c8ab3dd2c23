"""Days and moments as people read them, the same in all our languages: day first, 24 hours, digits 0 to 9.

The usual locale tables would give Algeria a 12-hour clock, and the gateway's rules ask for 31/12/2020 12:59.
"""

from datetime import date, datetime

from bawabati.workdays import ALGIERS


def display_day(day: date) -> str:
    """A day, for example "05/02/2026".

    Raises:
        TypeError: `day` is a moment; say first to which day it belongs (`accounting_day`).
    """
    if isinstance(day, datetime):
        raise TypeError("a moment is no day: its zone decides which day it is")
    return f"{day:%d/%m/%Y}"


def display_moment(moment: datetime) -> str:
    """A moment on Algerian clocks, for example "05/02/2026 16:05".

    Raises:
        ValueError: `moment` has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return f"{moment.astimezone(ALGIERS):%d/%m/%Y %H:%M}"
