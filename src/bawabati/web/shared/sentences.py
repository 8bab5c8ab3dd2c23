"""Errors as people read them."""

from django.utils.translation import gettext

from bawabati.errors import CannotDo


def sentence_of(error: CannotDo) -> str:
    """The error's sentence in the language of the page, its places filled."""
    sentence = gettext(error.sentence)
    return sentence % error.details if error.details else sentence
