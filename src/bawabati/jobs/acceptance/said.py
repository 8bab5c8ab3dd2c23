"""A sentence with values, kept in English until a report is written in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from bawabati.money.amount import Money
from bawabati.money.display import with_currency

_UNBROKEN_LETTERS: Final = 40
_ARABIC: Final = re.compile(r"[\u0621-\u064a]")


@dataclass(frozen=True, slots=True)
class Said:
    """`sentence` is marked for the catalogues where it stands; its `%(name)s` are filled from `values`."""

    sentence: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def plain(self) -> str:
        """In the active language."""
        return gettext(self.sentence) % {name: _shown(value) for name, value in self.values.items()}

    def html(self) -> SafeString:
        """The same for a page, each value apart from the direction of the words around it."""
        values = {name: _apart(_shown(value)) for name, value in self.values.items()}
        return mark_safe(conditional_escape(gettext(self.sentence)) % values)  # noqa: S308 - both sides are escaped

    def to_json(self) -> dict[str, object]:
        """As it is kept beside a report."""
        return {"sentence": self.sentence, "values": {name: _kept(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As it was kept."""
        return cls(kept["sentence"], {name: _back(value) for name, value in kept["values"].items()})


Value = str | Money | Said


def say(sentence: str, **values: Value) -> Said:
    """A sentence with its values."""
    return Said(sentence, values)


def _shown(value: Value) -> str:
    match value:
        case Money():
            return with_currency(value, get_language() or "en")
        case Said():
            return value.plain()
        case _:
            return value


def _apart(shown: str) -> SafeString:
    """A number in groups, an address or a command would change the order of its parts between Arabic words."""
    direction = "auto" if _ARABIC.search(shown) else "ltr"
    kind = "short" if len(shown) <= _UNBROKEN_LETTERS else "long"
    return format_html('<bdi class="{}" dir="{}">{}</bdi>', kind, direction, shown)


def _kept(value: Value) -> object:
    match value:
        case Money():
            return {"centimes": value.centimes}
        case Said():
            return value.to_json()
        case _:
            return value


def _back(kept: Any) -> Value:  # noqa: ANN401 - whatever JSON holds
    match kept:
        case {"centimes": int(centimes)}:
            return Money(centimes)
        case {"sentence": _, "values": _}:
            return Said.from_json(kept)
        case _:
            return str(kept)
