"""Reading a page's text as a person does."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.jobs.acceptance.lines import Condition
from bawabati.jobs.acceptance.said import say
from bawabati.money.amount import Money
from bawabati.receipts.rules import HELP_NUMBER

_CURRENCY: Final = re.compile(r"\bDA\b|\bDZD\b|دج")
_AMOUNT: Final = re.compile(r"\d[\d ,.]*[.,]\d\d(?!\d)")


def is_amount(words: str, money: Money) -> bool:
    """Whether exactly this amount, with its centimes, stands in `words`."""
    return str(money.centimes) in {re.sub(r"\D", "", found) for found in _AMOUNT.findall(words)}


def has_currency(words: str) -> bool:
    """Whether the dinar is named."""
    return bool(_CURRENCY.search(words))


def shows_help(words: str) -> Condition:
    """The card holders' toll-free number is on the page."""
    return Condition(
        bool(re.search(rf"\b{HELP_NUMBER}\b", words)),
        say(_("The number %(number)s is on the page."), number=HELP_NUMBER),
        say(_("The number %(number)s is not on the page."), number=HELP_NUMBER),
    )


def shows(words: str, wanted: str, *, name: str) -> Condition:
    """`wanted`, which the gateway gave us, is on the page. `name` is the English name of it."""
    return Condition(
        bool(wanted) and wanted in words,
        say(_("Seen: %(value)s"), value=wanted),
        say(_("Not on the page: %(value)s"), value=wanted or name),
    )
