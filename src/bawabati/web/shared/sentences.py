"""Errors as people read them."""

from django.utils.translation import get_language, gettext

from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.money.display import with_currency


def sentence_of(error: CannotDo) -> str:
    """The error's sentence in the language of the page, its places filled."""
    sentence = gettext(error.sentence)
    if not error.details:
        return sentence
    return sentence % {name: _shown(value) for name, value in error.details.items()}


def _shown(value: object) -> object:
    return with_currency(value, get_language() or "ar") if isinstance(value, Money) else value
