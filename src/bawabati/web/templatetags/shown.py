"""Values as people read them, in the language of the page."""

import re
from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bawabati.money.amount import Money
from bawabati.money.dates import display_day, display_moment
from bawabati.money.display import NO_BREAK_SPACE, figures, isolated, with_currency
from bawabati.workdays import ALGIERS

register = template.Library()

_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_INSTALMENT = re.compile(r"(\d{1,2})/(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})-T([1-4])")


@register.filter
def amount(money: Money) -> str:
    """With its currency: "1 430,50 DA"."""
    return with_currency(money, get_language() or "ar")


@register.filter
def centimes(value: int) -> str:
    """An amount that is stored in centimes, with its currency."""
    return amount(Money(value))


@register.filter
def day(value: date) -> str:
    """05/02/2026."""
    return display_day(value)


@register.filter
def moment(value: datetime) -> str:
    """05/02/2026 16:05, on Algerian clocks."""
    return display_moment(value)


@register.filter
def second(value: datetime) -> str:
    """05/02/2026 16:05:09, on Algerian clocks."""
    return f"{value.astimezone(ALGIERS):%d/%m/%Y %H:%M:%S}"


@register.filter
def clock(value: datetime) -> str:
    """16:05, on Algerian clocks."""
    return f"{value.astimezone(ALGIERS):%H:%M}"


@register.filter
def period(value: str) -> str:
    """The quarter in words, or which instalment; anything else as the billing system wrote it."""
    instalment = _INSTALMENT.fullmatch(value)
    if instalment is not None:
        return gettext("instalment %(place)s of %(count)s") % {"place": instalment[1], "count": instalment[2]}
    quarter = _QUARTER.fullmatch(value)
    if quarter is None:
        return value
    names = {
        "1": gettext("first quarter of %(year)s"),
        "2": gettext("second quarter of %(year)s"),
        "3": gettext("third quarter of %(year)s"),
        "4": gettext("fourth quarter of %(year)s"),
    }
    return names[quarter[2]] % {"year": quarter[1]}


@register.filter
def day_of(value: datetime) -> str:
    """The day of a moment, on Algerian calendars."""
    return display_day(value.astimezone(ALGIERS).date())


@register.filter
def numbers_whole(text: str) -> str:
    """A text whose grouped numbers (telephones, amounts) neither break nor change places inside Arabic."""
    return _BETWEEN_DIGITS.sub(NO_BREAK_SPACE, text)


@register.filter
def age(since: datetime) -> str:
    """How long ago, in the largest units that matter: "40 s", "3 min", "2 h 05 min"."""
    passed = max(timezone.now() - since, timedelta())
    minutes, seconds = divmod(int(passed.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if passed.days > 1:
        return gettext("%(days)s days") % {"days": passed.days}
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{minutes:02}"}
    if minutes:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    return gettext("%(seconds)s s") % {"seconds": seconds}


@register.filter
def signed_centimes(value: int) -> str:
    """An amount in centimes that may be below zero, with its sign: "−200,00 DA"."""
    money, language = Money(abs(value)), get_language() or "ar"
    number = figures(money, language)
    sign = "−" if value < 0 else "+" if value else ""
    return f"{isolated(f'{sign}{number}')}{with_currency(money, language).removeprefix(number)}"


@register.filter
def balance(value: int) -> str:
    """An amount in centimes with a sign only where it is below zero: "1 430,50 DA", "−200,00 DA"."""
    return signed_centimes(value) if value < 0 else centimes(value)


@register.filter
def minutes_and_seconds(seconds: int) -> str:
    """2:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


@register.simple_tag
def how_amounts_look() -> str:
    """One amount that shows every mark of the language, for scripts to write others like it."""
    return amount(Money(1_234_567_89))


@register.simple_tag
def colon() -> str:
    """What stands between a word and its value: French puts a space before it that does not break."""
    return f"{NO_BREAK_SPACE}:" if get_language() == "fr" else ":"
