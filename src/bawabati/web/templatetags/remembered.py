"""Parts of a page that are always the same in one language are rendered once: they were a third of a page's cost."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bawabati.receipts.rules import HELP_NUMBER

register = template.Library()

KEPT_AT_MOST = 256


@register.simple_tag
def remembered(name: str, **values: str | int) -> SafeString:
    """The template `name`. It may know the language, 3020 and `values`, and nothing of the visitor or the bill."""
    return _rendered(name, get_language() or settings.LANGUAGE_CODE, tuple(sorted(values.items())))


@lru_cache(maxsize=KEPT_AT_MOST)
def _rendered(name: str, language: str, values: tuple[tuple[str, str | int], ...]) -> SafeString:
    return render_to_string(name, {"language": language, "help_number": HELP_NUMBER, **dict(values)})
