"""What a company writes for its payers: plain text in three languages, each version dated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import ClassVar, Final

from bawabati.companies.rules.card_numbers import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo

LANGUAGES: Final = ("ar", "fr", "en")


class TextKind(StrEnum):
    """The texts that a company has."""

    HELP = "help"
    NOTICE = "notice"
    PAYMENT_TERMS = "payment_terms"
    SALE_TERMS = "sale_terms"
    INSTALMENT_TERMS = "instalment_terms"


ACCEPTED: Final = frozenset({TextKind.PAYMENT_TERMS, TextKind.SALE_TERMS})
"""A payer accepts these before paying: without them in his language nobody can pay in it."""

LONGEST_TEXT: Final[Mapping[TextKind, int]] = {
    TextKind.HELP: 12_000,
    TextKind.NOTICE: 500,
    TextKind.PAYMENT_TERMS: 20_000,
    TextKind.SALE_TERMS: 20_000,
    TextKind.INSTALMENT_TERMS: 20_000,
}
"""Characters."""

_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e")
"""Embeddings and overrides: what follows them reads otherwise than it is written."""
_OPENS: Final = frozenset("\u2066\u2067\u2068")
_CLOSES: Final = "\u2069"
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|[a-z]+);")
_WORD: Final = re.compile(r"\S+\s*|\s+")


class TextEmpty(CannotDo):
    """There is nothing to publish in that language."""

    code: ClassVar[str] = "text_empty"
    sentence: ClassVar[str] = "The text is empty."


class TextTooLong(CannotDo):
    """`length` characters; `most` are allowed."""

    code: ClassVar[str] = "text_too_long"
    sentence: ClassVar[str] = "The text has %(length)s characters; at most %(most)s are allowed."


class TextHasControls(CannotDo):
    """A character that cannot be seen and does something; `line` says where."""

    code: ClassVar[str] = "text_has_controls"
    sentence: ClassVar[str] = (
        "Line %(line)s holds a character that cannot be shown (%(character)s). Copy the text as plain text and try "
        "again."
    )


class TextTurnsAround(CannotDo):
    """An override or an isolate that is not closed; `line` says where."""

    code: ClassVar[str] = "text_turns_around"
    sentence: ClassVar[str] = (
        "Line %(line)s holds an invisible mark (%(character)s) that makes text read in another order than it is "
        "written. Remove it; the page sets the direction by itself."
    )


class NeededInThreeLanguages(CannotDo):
    """Nobody could pay in the language that is missing."""

    code: ClassVar[str] = "needed_in_three_languages"
    sentence: ClassVar[str] = "The terms are needed in Arabic, French and English: nobody can accept what is not there."


class OnlyNoticesEnd(CannotDo):
    """Terms and help hold until others follow."""

    code: ClassVar[str] = "only_notices_end"
    sentence: ClassVar[str] = "Only a notice has an end."


class EndsBeforeItBegins(CannotDo):
    """It would never be shown."""

    code: ClassVar[str] = "ends_before_it_begins"
    sentence: ClassVar[str] = "The notice would end before it begins."


class EffectiveInThePast(CannotDo):
    """What payers have read cannot be changed afterwards."""

    code: ClassVar[str] = "effective_in_the_past"
    sentence: ClassVar[str] = "A text cannot come into force in the past: payers have read another one since."


def tidy_text(text: str) -> str:
    """The text as it is kept: one kind of line end, composed, no spaces at ends of lines, no empty lines around it."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def check_text(text: str, *, kind: TextKind) -> None:
    """Whether a tidied text may be published. A notice may be empty: then none is shown.

    Rule: honest-texts (ours: what a payer accepts reads as it is written)

    Raises:
        TextEmpty, TextTooLong, TextHasControls, TextTurnsAround, LooksLikeACardNumber.
    """
    if not text.strip():
        if kind is not TextKind.NOTICE:
            raise TextEmpty
        return
    if len(text) > LONGEST_TEXT[kind]:
        raise TextTooLong(length=len(text), most=LONGEST_TEXT[kind])
    for number, line in enumerate(text.split("\n"), start=1):
        _check_line(line, number)
    if looks_like_a_card_number(text):
        raise LooksLikeACardNumber


def _check_line(line: str, number: int) -> None:
    is_open = 0
    for character in line:
        if character in _OVERRIDES:
            raise TextTurnsAround(line=number, character=_named(character))
        if character in _OPENS:
            is_open += 1
        elif character == _CLOSES:
            is_open -= 1
            if is_open < 0:
                raise TextTurnsAround(line=number, character=_named(character))
        elif unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
            raise TextHasControls(line=number, character=_named(character))
    if is_open:
        raise TextTurnsAround(line=number, character=_named("\u2068"))


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


def tags_in(text: str) -> list[str]:
    """What looks like HTML, each once, in order: it is shown to the payer as it stands, as text."""
    return list(dict.fromkeys(_TAG.findall(text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of two versions: `kept`, `gone` from the older one, or `new` in the newer one."""

    how: str
    text: str


def difference(before: str, after: str) -> list[Run]:
    """What a reader of `before` finds changed in `after`, word by word. Together the runs give both texts again."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    runs: list[Run] = []
    for step, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            runs.append(Run(how="kept", text="".join(old[first:last])))
            continue
        if first < last:
            runs.append(Run(how="gone", text="".join(old[first:last])))
        if start < end:
            runs.append(Run(how="new", text="".join(new[start:end])))
    return runs


def behind(written: Mapping[str, datetime | None]) -> tuple[list[str], list[str]]:
    """Languages that are missing, and languages whose text came into force before that of another.

    `written` gives for each language since when its text has been in force; None: there is none.
    """
    missing = [language for language in LANGUAGES if written.get(language) is None]
    newest = max((moment for moment in written.values() if moment is not None), default=None)
    older = [
        language
        for language in LANGUAGES
        if (moment := written.get(language)) is not None and newest is not None and moment < newest
    ]
    return missing, older
