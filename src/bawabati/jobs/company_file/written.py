"""JSON that a person wrote, read part by part.

A mistake is kept with its place and reading goes on, so that all of them can be told at once. What stands in for a
wrong value is never used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bawabati.companies.rules import looks_like_a_card_number
from bawabati.flows.bring_in_company import DescriptionWrong, Mistake

Choice = TypeVar("Choice", bound=StrEnum)


class Written:
    """One value and where it stands, e.g. `agencies[2].name`."""

    def __init__(self, value: object, *, place: str, mistakes: list[Mistake]) -> None:
        self.value = value
        self.place = place
        self._mistakes = mistakes
        self._asked: set[str] = set()

    def wrong(self, problem: str) -> None:
        """Keeps a mistake here, once however often this is read."""
        mistake = Mistake(place=self.place, problem=problem)
        if mistake not in self._mistakes:
            self._mistakes.append(mistake)

    def has(self, name: str) -> bool:
        """Whether this object has that part."""
        return isinstance(self.value, dict) and name in self.value

    def part(self, name: str) -> Written:
        """The part of that name; its absence is a mistake of its own once it is read."""
        self._asked.add(name)
        value = self.value.get(name, _MISSING) if isinstance(self.value, dict) else _UNREADABLE
        return Written(value, place=f"{self.place}.{name}" if self.place else name, mistakes=self._mistakes)

    def instead(self, value: str) -> Written:
        """Another value in the same place: what a file says that is named here."""
        return Written(value, place=self.place, mistakes=self._mistakes)

    def items(self) -> Iterator[Written]:
        """The items of a list; none of what is not there."""
        if self.value is _MISSING:
            return
        if not isinstance(self.value, list):
            self._wrong_kind("has to be a list, in [ ]")
            return
        for number, item in enumerate(self.value):
            yield Written(item, place=f"{self.place}[{number}]", mistakes=self._mistakes)

    def text(self, *, longest: int, pattern: str = r".+", wanted: str = "has to say something") -> str:
        """Text that matches `pattern`; `wanted` says what that means. Never a card number; see `number`."""
        text = self.number(longest=longest, pattern=pattern, wanted=wanted)
        if looks_like_a_card_number(text):
            self.wrong("looks like a bank card number, which is kept nowhere")
        return text

    def number(self, *, longest: int, pattern: str = r".+", wanted: str = "has to say something") -> str:
        """As `text`, for a registered number of any form, in quotes: some are as long as a card's."""
        if not isinstance(self.value, str):
            self._wrong_kind("has to be text, in quotes")
            return ""
        text = self.value.strip()
        if len(text) > longest:
            self.wrong(f"is longer than {longest} characters")
        elif not re.fullmatch(pattern, text, re.DOTALL):
            self.wrong(wanted)
        elif "\0" in text:
            self.wrong("holds a character that cannot be stored")
        return text

    def optional_text(self, *, longest: int) -> str:
        """As `text`, or "" where it is left out or empty."""
        return "" if self.value is _MISSING or self.value == "" else self.text(longest=longest)

    def whole_number(self, *, smallest: int, largest: int, default: int | None = None) -> int:
        """A whole number between both, both included."""
        if self.value is _MISSING and default is not None:
            return default
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self._wrong_kind("has to be a whole number, without quotes")
            return smallest
        if not smallest <= self.value <= largest:
            self.wrong(f"has to be between {smallest} and {largest}")
        return self.value

    def flag(self, *, default: bool) -> bool:
        """True or false."""
        if self.value is _MISSING:
            return default
        if not isinstance(self.value, bool):
            self._wrong_kind("has to be true or false, without quotes")
        return self.value is True

    def choice(self, choices: type[Choice]) -> Choice:
        """One of the values of an enumeration."""
        for choice in choices:
            if choice == self.value:
                return choice
        self._wrong_kind(f"has to be one of {', '.join(choices)}")
        return next(iter(choices))

    def parts(self) -> dict[str, Written]:
        """Every part of an object whose names are free; none of what is not there."""
        if self.value is _MISSING:
            return {}
        if not isinstance(self.value, dict):
            self._wrong_kind("has to be an object, in { }")
            return {}
        return {name: self.part(name) for name in self.value}

    def nothing_else(self) -> None:
        """Call it last: what was never asked for has no meaning here, and is perhaps misspelt."""
        if not isinstance(self.value, dict):
            self._wrong_kind("has to be an object, in { }")
            return
        for name in self.value.keys() - self._asked:
            self.part(name).wrong("has no meaning here; is it misspelt?")

    def _wrong_kind(self, problem: str) -> None:
        """What could not even be looked for is no mistake of its own: it was named where it should have been."""
        if self.value is _MISSING:
            self.wrong("is missing")
        elif self.value is not _UNREADABLE:
            self.wrong(problem)


_MISSING: Any = type("Missing", (), {})()
_UNREADABLE: Any = type("Unreadable", (), {})()


def read_written(path: Path, *, mistakes: list[Mistake]) -> Written:
    """The whole file. Raises DescriptionWrong when it is not JSON, OSError when it cannot be opened."""
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once_each)
    except UnicodeDecodeError as error:
        raise DescriptionWrong([Mistake(place=path.name, problem="is not written in UTF-8")]) from error
    except json.JSONDecodeError as error:
        place = f"{path.name}, line {error.lineno}, column {error.colno}"
        raise DescriptionWrong([Mistake(place=place, problem=f"is not JSON: {error.msg}")]) from error
    except _TwiceError as error:
        raise DescriptionWrong([Mistake(place=str(error), problem="stands twice in one object")]) from error
    except RecursionError as error:
        raise DescriptionWrong([Mistake(place=path.name, problem="is nested too deeply")]) from error
    return Written(value, place="", mistakes=mistakes)


class _TwiceError(Exception):
    """A name stands twice in one object; JSON would silently take the last."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def repeated(items: list[Written], name: str) -> Iterator[Written]:
    """The parts of that name that say what an earlier item's says."""
    seen: set[str] = set()
    for part in (item.part(name) for item in items):
        if isinstance(part.value, str):
            if part.value.strip() in seen:
                yield part
            seen.add(part.value.strip())
