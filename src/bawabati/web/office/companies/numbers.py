"""How printed payment numbers look, with a place to try some of them before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from bawabati.companies.rules import (
    Alphabet,
    CheckDigits,
    NumberFormat,
    NumberFormatWrong,
    SecondValue,
    check_number,
    clean_number,
)
from bawabati.errors import CannotDo
from bawabati.flows.change_company import NUMBERS, change_number_format, look_of
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.public.typed import may_be_a_card, typed
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

TRIED_AT_MOST: Final = 20

ALPHABETS: Final = {Alphabet.DIGITS: _("digits"), Alphabet.LETTERS_AND_DIGITS: _("capitals and digits")}
CHECKS: Final = {
    CheckDigits.MOD97_10: _("two, by ISO 7064 (mod 97-10)"),
    CheckDigits.LUHN: _("one, by Luhn"),
    CheckDigits.NONE: _("none"),
}
SECONDS: Final = {
    SecondValue.NONE: _("nothing: the number is long enough"),
    SecondValue.CUSTOMER_NUMBER: _("the customer number"),
    SecondValue.AMOUNT: _("the amount"),
}


_WRONG: Final = {
    "prefix": _("The beginning holds a character that the numbers are not written with."),
    "check_digits": _("Check digits by Luhn need numbers that are written with digits alone."),
    "longest": _("The longest has to be at least the shortest, and at most 32."),
    "shortest": _("Nothing is left of the shortest beside its beginning and its check digits."),
    "second_value": _("So short a number can be guessed: something else has to be asked of the payer too."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A number as somebody typed it, as it reads, and why it is none."""

    typed: str
    reads: str
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def numbers(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form: "try" reads the numbers below it by what is typed, "keep" makes it the company's."""
    company, error, tried = request.place.company, None, []
    number_format = NumberFormat.from_json(company.number_format)
    if request.method == "POST":
        try:
            number_format = typed_format(request)
            tried = tried_numbers(request, number_format)
            if typed_line(request, "act") == "keep":
                change_number_format(
                    company_id=company.id,
                    number_format=number_format,
                    seen=typed_line(request, "seen"),
                    staff=request.staff,
                    now=timezone.now(),
                )
                return to("office_company")
        except CannotDo as refused:
            error = refused
    context = format_fields(request, number_format, tried) | {
        "seen": typed_line(request, "seen") if request.method == "POST" else look_of(company, NUMBERS),
        "error": words_of_error(error) if error else "",
    }
    return render(request, "web/office/companies/numbers.html", context, status=422 if error else 200)


def words_of_format(number_format: NumberFormat) -> list[tuple[str, str]]:
    """The format in words, for people."""
    lengths = {number_format.shortest, number_format.longest}
    return [
        (gettext("Length"), "–".join(str(length) for length in sorted(lengths))),
        (gettext("Begins with"), number_format.prefix or "–"),
        (gettext("Written with"), gettext(ALPHABETS[number_format.alphabet])),
        (gettext("Check digits"), gettext(CHECKS[number_format.check_digits])),
        (gettext("Also asked of the payer"), gettext(SECONDS[number_format.second_value])),
    ]


def format_fields(request: StaffRequest, number_format: NumberFormat, tried: list[Tried]) -> dict[str, object]:
    """What the fields of a format and its tester show."""
    numbers_typed = _numbers_typed(request)
    return {
        "filled": _filled(request, number_format),
        "alphabets": _choices(ALPHABETS),
        "checks": _choices(CHECKS),
        "seconds": _choices(SECONDS),
        "numbers": "" if may_be_a_card(numbers_typed) else numbers_typed,
        "tried": tried,
    }


def words_of_error(error: CannotDo) -> str:
    """What is wrong with the format, in the language of the page."""
    sentence = _WRONG.get(str(error.details.get("field", ""))) if isinstance(error, NumberFormatWrong) else None
    return gettext(sentence) if sentence else sentence_of(error)


def typed_format(request: StaffRequest) -> NumberFormat:
    """The format as it stands in the form. Raises NumberFormatWrong."""
    written: dict[str, object] = {
        "shortest": number_of(typed_line(request, "shortest")),
        "longest": number_of(typed_line(request, "longest")),
        "prefix": typed_line(request, "prefix").upper(),
        "alphabet": typed_line(request, "alphabet"),
        "check_digits": typed_line(request, "check_digits"),
        "second_value": typed_line(request, "second_value"),
    }
    return NumberFormat.from_json(written)


def tried_numbers(request: StaffRequest, number_format: NumberFormat) -> list[Tried]:
    """What may be a card is neither read aloud nor given back."""
    found = []
    for line in _numbers_typed(request).splitlines()[:TRIED_AT_MOST]:
        if not line.strip():
            continue
        try:
            found.append(Tried(typed=line, reads=check_number(line, number_format=number_format), error=""))
        except CannotDo as wrong:
            shown = "" if may_be_a_card(line) else line
            found.append(Tried(typed=shown, reads=clean_number(shown), error=sentence_of(wrong)))
    return found


def _numbers_typed(request: StaffRequest) -> str:
    lines = request.POST.get("numbers", "").splitlines()[:TRIED_AT_MOST]
    return "\n".join(typed(line)[:60] for line in lines)


def _filled(request: StaffRequest, number_format: NumberFormat) -> dict[str, str]:
    kept = number_format.to_json()
    if request.method != "POST":
        return {name: str(value) for name, value in kept.items()}
    return {name: typed_line(request, name) for name in kept}


def _choices(words: dict[Alphabet, str] | dict[CheckDigits, str] | dict[SecondValue, str]) -> list[tuple[str, str]]:
    return [(str(value), gettext(text)) for value, text in words.items()]
