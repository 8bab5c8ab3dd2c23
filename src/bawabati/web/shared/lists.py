"""Long lists on pages of staff: pages by key, filters in the address, and the list as a file.

    FILTERS = (Filter("day", _("Day"), Kind.DAY), Filter("state", _("State"), Kind.CHOICE, choices=STATES))

    @require_safe
    @staff_page(Action.SEE_CASES)
    def cases(request, language):
        asked = read_filters(request, FILTERS)
        def ask(at): return list_cases(company_id=…, day=asked.day("day"), state=asked.word("state"), at=at)
        if form := wanted_form(request):
            return as_file(form, name="cases", header=HEADER, rows=(cells(case) for case in every_row(ask)))
        return render(request, "…", {"page": ask(place_in_list(request)), "asked": asked})

The template says `{% include "web/office/parts/filters.html" %}` and `{% include "web/office/parts/pager.html" %}`.
Nothing here needs a script. What is personal (an e-mail address, a customer) never stands in an address: it is sealed.
Decision: docs/decisions/0028-lists-of-the-office.md
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponseRedirect

from bawabati.errors import CannotDo
from bawabati.keyset import At
from bawabati.money.amount import Money
from bawabati.money.typed import parse_amount
from bawabati.sealed import CannotOpen, seal, unseal
from bawabati.web.public.typed import may_be_a_card, typed
from bawabati.web.shared.sentences import sentence_of

SEALED: Final = "for"
"""The parameter that holds what is personal in what is looked for."""
LONGEST_SEALED: Final = 2000
_SEALED_FOR: Final = "filters of a list"
_EARLIEST: Final = date(2000, 1, 1)


class Kind(StrEnum):
    """What is typed in a field."""

    WORDS = "words"
    DAY = "day"
    AMOUNT = "amount"
    CHOICE = "choice"


class FilterHoldsCard(CannotDo):
    """A card number, in a field that looks for something else. Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3)"""

    code: ClassVar[str] = "filter_holds_card"
    sentence: ClassVar[str] = "This may be a card number. Never type one: the last 4 digits are enough."


class FilterDayNotReadable(CannotDo):
    """No day of the calendar."""

    code: ClassVar[str] = "filter_day_not_readable"
    sentence: ClassVar[str] = "This is not a day. Write it like 2026-02-05."


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of a form that narrows a list."""

    name: str
    label: str
    """A message identifier."""
    kind: Kind = Kind.WORDS
    choices: Sequence[tuple[str, str]] = ()
    """Of a choice: each value with its message identifier, or with a name that needs no translation."""
    personal: bool = False
    """Says something of a person: sealed in the address. A form with such a field is posted."""
    hint: str = ""
    read: Callable[[str], str] = str
    """Of words: how they are read. Raises CannotDo when they cannot be meant."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the form shows it."""

    filter: Filter
    typed: str
    error: str

    @property
    def input_type(self) -> str:
        """Of the HTML field."""
        return "date" if self.filter.kind is Kind.DAY else "text"

    @property
    def keyboard(self) -> str:
        """What a telephone shows to type with."""
        return "decimal" if self.filter.kind is Kind.AMOUNT else "text"

    @property
    def described_by(self) -> str:
        """The elements of the form that say more about the field."""
        told = {"hint": self.filter.hint, "error": self.error}
        return " ".join(f"{what}-{self.filter.name}" for what, words in told.items() if words)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. What cannot be read narrows nothing and has its error beside it."""

    filters: Sequence[Filter]
    typed: Mapping[str, str]
    values: Mapping[str, str | date | Money]
    errors: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """What was typed or chosen; empty when nothing was."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """The day, where one was given."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def amount(self, name: str) -> Money | None:
        """The amount, where one was given."""
        value = self.values.get(name)
        return value if isinstance(value, Money) else None

    @property
    def is_posted(self) -> bool:
        """Whether the form has to be posted, so that nothing personal comes into an address."""
        return any(each.personal for each in self.filters)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.values)

    @property
    def fields(self) -> list[Shown]:
        """The form, in order."""
        return [Shown(each, self.typed.get(each.name, ""), self.errors.get(each.name, "")) for each in self.filters]

    @property
    def query(self) -> str:
        """What an address needs to look for the same: `state=paid&for=…`, or nothing."""
        personal = {each.name for each in self.filters if each.personal}
        kept = {name: text for name, text in self.typed.items() if name in self.values}
        plain = {name: text for name, text in kept.items() if name not in personal}
        if hidden := {name: text for name, text in kept.items() if name in personal}:
            plain[SEALED] = _sealed(hidden)
        return urlencode(plain)

    def with_query(self, more: str) -> str:
        """The same with something more: for links to pages of the list and to its files."""
        return f"?{'&'.join(part for part in (self.query, more) if part)}"


def read_filters(request: HttpRequest, filters: Sequence[Filter]) -> Asked:
    """What the address asks for, or the form when it was posted."""
    if request.method == "POST":
        given = {each.name: request.POST.get(each.name, "") for each in filters}
    else:
        hidden = _unsealed(request.GET.get(SEALED, ""))
        given = {
            each.name: hidden.get(each.name, "") if each.personal else request.GET.get(each.name, "")
            for each in filters
        }
    texts = {each.name: _one_line(given[each.name]) for each in filters}
    values: dict[str, str | date | Money] = {}
    errors: dict[str, str] = {}
    for each in filters:
        text = texts[each.name]
        if not text:
            continue
        try:
            if (value := _read(each, text)) is not None:
                values[each.name] = value
        except CannotDo as error:
            errors[each.name] = sentence_of(error)
            if isinstance(error, FilterHoldsCard):
                texts[each.name] = ""
    return Asked(filters, {name: text for name, text in texts.items() if text}, values, errors)


def to_the_list(request: HttpRequest, asked: Asked) -> HttpResponseRedirect:
    """After a posted form: the list, at an address that can be kept and holds nothing personal in clear."""
    return HttpResponseRedirect(f"{request.path}{asked.with_query('')}".removesuffix("?"), status=303)


def place_in_list(request: HttpRequest) -> At:
    """Which page of the list the address asks for."""
    return At(after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def _read(each: Filter, text: str) -> str | date | Money | None:
    """Raises CannotDo. None when a choice is none of the choices."""
    if each.kind is Kind.CHOICE:
        return text if text in {value for value, _label in each.choices} else None
    if each.kind is Kind.DAY:
        return _day(text)
    if may_be_a_card(text):
        raise FilterHoldsCard
    return parse_amount(text) if each.kind is Kind.AMOUNT else each.read(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FilterDayNotReadable from None
    if day < _EARLIEST or day.year > _EARLIEST.year + 1000:
        raise FilterDayNotReadable
    return day


def _one_line(text: str) -> str:
    return "".join(letter for letter in typed(text) if letter.isprintable()).strip()


def _sealed(hidden: Mapping[str, str]) -> str:
    return urlsafe_b64encode(seal(urlencode(hidden), purpose=_SEALED_FOR)).decode().rstrip("=")


def _unsealed(text: str) -> dict[str, str]:
    """Nothing where the seal is not ours: the address was cut, or the key is gone."""
    if not text or len(text) > LONGEST_SEALED or not text.isascii():
        return {}
    try:
        return dict(parse_qsl(unseal(urlsafe_b64decode(text + "=" * (-len(text) % 4)), purpose=_SEALED_FOR)))
    except (CannotOpen, NotBase64, ValueError):
        return {}
