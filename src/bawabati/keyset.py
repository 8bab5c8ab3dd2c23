"""Long lists a page at a time, each page found by the key of a row: the thousandth costs what the first costs.

    page = page_of(Payment.objects.filter(company_id=company_id), order=["-opened_at", "-id"], at=at)

An offset would read everything before the page, and would show a row twice when another one comes in meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

Row = TypeVar("Row")
Other = TypeVar("Other")
Stored = TypeVar("Stored", bound=Model)

PAGE_ROWS: Final = 50
LONGEST_KEY: Final = 120
_BETWEEN: Final = "~"


@dataclass(frozen=True, slots=True)
class At:
    """Where in a list: the beginning, the rows after a key, or the rows before one. Keys come from a `Page`."""

    after: str = ""
    before: str = ""
    rows: int = PAGE_ROWS


FIRST: Final = At()


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of a list in its order, with the keys of its neighbours; None where there is none."""

    rows: list[Row]
    before: str | None = None
    after: str | None = None

    def of(self, show: Callable[[Row], Other]) -> Page[Other]:
        """The same page of other things: one for each row."""
        return Page([show(row) for row in self.rows], self.before, self.after)


def page_of(rows: QuerySet[Stored], *, order: Sequence[str], at: At) -> Page[Stored]:
    """The page of `rows` at that place. A key that is none gives the beginning.

    `order` names one or two columns of the model that are never null, all descending ("-id") or all ascending, the last
    of them unique; an index begins with what `rows` is filtered by and goes on with them.
    """
    names = [name.removeprefix("-") for name in order]
    is_descending = order[0].startswith("-")
    fields = [rows.model._meta.get_field(name) for name in names]  # noqa: SLF001 - Django documents _meta
    key = _read_key(at.before or at.after, fields)
    backwards = bool(at.before) and key is not None
    asked = rows.order_by(*(_turned(name) for name in order) if backwards else order)
    if key is not None:
        asked = asked.filter(_beyond(names, key, downwards=is_descending is not backwards))
    found = list(asked[: at.rows + 1])
    has_more, found = len(found) > at.rows, found[: at.rows]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    first, last = (_BETWEEN.join(_written(getattr(row, name)) for name in names) for row in (found[0], found[-1]))
    has_before, has_after = (has_more, True) if backwards else (key is not None, has_more)
    return Page(found, first if has_before else None, last if has_after else None)


def every_row(ask: Callable[[At], Page[Row]], *, rows_a_page: int = 1000) -> Iterator[Row]:
    """All rows of a list from its beginning, a page in memory at a time."""
    page = ask(At(rows=rows_a_page))
    yield from page.rows
    while page.after is not None:
        page = ask(At(after=page.after, rows=rows_a_page))
        yield from page.rows


def _beyond(names: list[str], key: list[Any], *, downwards: bool) -> Q:
    """Of two columns, the first is compared with what is equal too: the index is entered there."""
    than = "lt" if downwards else "gt"
    if len(names) == 1:
        return Q(**{f"{names[0]}__{than}": key[0]})
    first, second = names
    return Q(**{f"{first}__{than}e": key[0]}) & (Q(**{f"{first}__{than}": key[0]}) | Q(**{f"{second}__{than}": key[1]}))


def _read_key(text: str, fields: Sequence[Any]) -> list[Any] | None:
    parts = text[:LONGEST_KEY].split(_BETWEEN)
    if not text or len(parts) != len(fields):
        return None
    try:
        key = [cast("Field[Any, Any]", field).clean(part, None) for field, part in zip(fields, parts, strict=True)]
    except (ValidationError, ValueError, OverflowError):
        return None
    return None if any(part is None for part in key) else key


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
