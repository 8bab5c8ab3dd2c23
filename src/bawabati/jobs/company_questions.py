"""The few questions after which a company is there: each with what is usual, asked again until it can be taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from bawabati.companies.reads import find_company
from bawabati.companies.rules import (
    LANGUAGES,
    MINTED_FORMAT,
    Alphabet,
    CheckDigits,
    CodeTaken,
    NumberFormat,
    NumberFormatWrong,
    SecondValue,
    check_code,
    check_number,
    check_value,
)
from bawabati.errors import CannotDo
from bawabati.flows.add_company import Administrator, BeginningCompany, CompanyFacts
from bawabati.flows.change_company import read_wilayas
from bawabati.flows.steps.email_address import check_email

Answer = TypeVar("Answer")
Ask = Callable[[str], str]
Say = Callable[[str], object]

_LATER: Final = ("legal_form", "address_ar", "address_fr", "phone", "nif", "nis", "rc", "ai")
_LENGTHS: Final = re.compile(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?")
_COMMON: Final = frozenset({"eau", "eaux", "de", "des", "du", "la", "le", "l", "d", "societe", "et"})


class NotOneOfThese(CannotDo):
    """`choices` are possible."""

    code = "not_one_of_these"
    sentence = "Answer one of: %(choices)s."


class LengthsUnreadable(CannotDo):
    """Neither a number nor two."""

    code = "lengths_unreadable"
    sentence = "Write how many characters, for example 14, or 10-12."


class Questions:
    """Asks with `ask`, says with `say`. Wherever an answer may be empty, what is usual stands in brackets."""

    def __init__(self, *, ask: Ask, say: Say) -> None:
        self._ask, self._say = ask, say

    def company(self) -> BeginningCompany:
        """All that has to be known at first."""
        name_ar = self._text("Name in Arabic", "name_ar")
        name_fr = self._text("Name in French", "name_fr")
        name_en = self._text("Name in English", "name_en", usual=name_fr)
        code = self._until_right("Code in addresses", _free_code, usual=code_of(name_fr))
        email = self._until_right("E-mail address that payers write to", _email("email"))
        wilayas = self._until_right(
            "Wilayas that it serves, parted by commas", read_wilayas, usual="", may_be_empty=True
        )
        number_format = self.number_format()
        self._try_numbers(number_format)
        return BeginningCompany(
            code=code,
            facts=CompanyFacts(
                name_ar=name_ar, name_fr=name_fr, name_en=name_en, email=email, **dict.fromkeys(_LATER, "")
            ),
            wilayas=wilayas,
            number_format=number_format,
            administrator=Administrator(
                name=self._text("Name of its first administrator", "administrator_name"),
                login=self._until_right("E-mail address of that person", _email("administrator_login")).lower(),
                language=self._choice("Language of that person", list(LANGUAGES), usual="ar"),
            ),
        )

    def number_format(self) -> NumberFormat:
        """How the printed payment numbers look; asked again from the beginning when the parts contradict each other."""
        while True:
            usual = MINTED_FORMAT
            shortest, longest = self._until_right(
                "How many characters has a payment number", _lengths, usual=str(usual.longest)
            )
            parts: dict[str, object] = {
                "shortest": shortest,
                "longest": longest,
                "prefix": self._plain("It begins with", usual="").upper(),
                "alphabet": self._choice("Written with", list(Alphabet), usual=usual.alphabet),
                "check_digits": self._choice("Check digits", list(CheckDigits), usual=usual.check_digits),
            }
            try:
                return NumberFormat.from_json(parts)
            except NumberFormatWrong as wrong:
                if wrong.details.get("field") != "second_value":
                    self._say(f"  {wrong}")
                    continue
            self._say("  So short a number can be guessed: something else of the bill has to be asked too.")
            kinds = [kind.value for kind in SecondValue if kind is not SecondValue.NONE]
            return NumberFormat.from_json(parts | {"second_value": self._choice("Also asked", kinds, usual=kinds[0])})

    def is_sure(self, question: str) -> bool:
        """Yes unless somebody says no."""
        return self._choice(question, ["yes", "no"], usual="yes") == "yes"

    def _try_numbers(self, number_format: NumberFormat) -> None:
        while printed := self._plain("Try a printed number (nothing: go on)", usual=""):
            try:
                self._say(f"  reads {check_number(printed, number_format=number_format)}")
            except CannotDo as wrong:
                self._say(f"  refused: {wrong}")

    def _text(self, question: str, column: str, *, usual: str = "") -> str:
        def read(text: str) -> str:
            check_value(column, text)
            return text

        return self._until_right(question, read, usual=usual)

    def _choice(self, question: str, choices: list[str], *, usual: str) -> str:
        def read(text: str) -> str:
            if text not in choices:
                raise NotOneOfThese(choices=", ".join(choices))
            return text

        return self._until_right(f"{question} ({', '.join(choices)})", read, usual=usual)

    def _plain(self, question: str, *, usual: str) -> str:
        return self._until_right(question, str, usual=usual, may_be_empty=True)

    def _until_right(
        self, question: str, read: Callable[[str], Answer], *, usual: str = "", may_be_empty: bool = False
    ) -> Answer:
        shown = f"{question} [{usual}]: " if usual or may_be_empty else f"{question}: "
        while True:
            try:
                return read(self._ask(shown).strip() or usual)
            except CannotDo as wrong:
                self._say(f"  {wrong}")


def code_of(name: str) -> str:
    """A code that a name suggests: its words but the ones that every water company has."""
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower().replace("é", "e").replace("è", "e")) if word]
    telling = [word for word in words if word not in _COMMON] or words
    return "-".join(telling)[:20].strip("-")


def _free_code(text: str) -> str:
    check_code(text)
    if find_company(text) is not None:
        raise CodeTaken("code")
    return text


def _email(column: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        check_email(column, text)
        return text

    return read


def _lengths(text: str) -> tuple[int, int]:
    found = _LENGTHS.fullmatch(text)
    if found is None:
        raise LengthsUnreadable
    return int(found[1]), int(found[2] or found[1])
