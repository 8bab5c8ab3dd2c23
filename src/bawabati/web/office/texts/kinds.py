"""The texts of a company by the names that people give them."""

from __future__ import annotations

from typing import Final

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.companies.rules import TextKind
from bawabati.web.shared.frame import direction_of
from bawabati.web.shared.languages import LANGUAGE_NAMES

TITLES: Final = {
    TextKind.HELP: _("Help"),
    TextKind.NOTICE: _("Notice"),
    TextKind.PAYMENT_TERMS: _("Payment terms"),
    TextKind.SALE_TERMS: _("Sale terms"),
    TextKind.INSTALMENT_TERMS: _("Instalment terms"),
}


def kind_of(word: str) -> TextKind:
    """The text that an address names. Raises Http404."""
    if word not in set(TextKind):
        raise Http404
    return TextKind(word)


def title_of(kind: str) -> str:
    """Its name in the language of the page."""
    return gettext(TITLES[TextKind(kind)])


def tongue(language: str) -> dict[str, str]:
    """A language as pages show it: `code`, `name` and `direction`."""
    return {"code": language, "name": LANGUAGE_NAMES[language], "direction": direction_of(language)}
