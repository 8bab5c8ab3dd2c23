"""Why a line of a bill file was not taken, in words that tell whoever corrects it what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS: Final[Mapping[str, str]] = {
    "wrong_number_of_columns": _("It has more or fewer values than the first line has names."),
    "quote_not_closed": _("It opens a quotation mark that it does not close."),
    "line_too_long": _("It is longer than 64 KB."),
    "wrong_encoding": _("It holds bytes that are no text in UTF-8."),
    "forbidden_character": _("It holds a character that cannot be seen."),
    "record_cut_off": _("The file ends in the middle of it: it was not copied whole."),
    "not_json": _("It is no object of JSON."),
    "not_a_text": _("A value that should be a text is something else."),
    "value_missing": _("A value that is needed is missing."),
    "value_too_long": _("A value is longer than allowed."),
    "amount_not_readable": _("The amount cannot be read."),
    "amount_ambiguous": _("The amount can be read in two ways: write it with its centimes."),
    "amount_negative": _("The amount is below zero."),
    "amount_too_large": _("The amount is larger than a bill can be."),
    "date_not_readable": _("The day cannot be read: write it like 05/10/2026."),
    "date_not_plausible": _("The day is before 1980 or after 2099."),
    "due_before_issued": _("It is due before it was issued."),
    "status_unknown": _("The status is a word that is not known here."),
    "status_contradicts": _("It names a bill that replaces it, but its status is not “replaced”."),
    "yes_or_no_not_readable": _("It asks for yes or no, and neither is there."),
    "lines_not_readable": _("The bill's own lines cannot be read."),
    "digits_lost": _("A long number stands in the spreadsheet as a number and has lost digits: keep it as text."),
    "payment_number_missing": _("It has no payment number."),
    "number_empty": _("It has no payment number."),
    "number_wrong_characters": _("The payment number holds a character that does not belong there."),
    "number_wrong_length": _("The payment number is too short or too long."),
    "number_starts_wrong": _("The payment number begins otherwise than the company's numbers."),
    "number_check_digits_wrong": _("The check digits of the payment number are wrong."),
    "looks_like_a_card_number": _("It may hold a card number. Its text was not kept."),
    "payment_number_twice": _("Another line of this file has the same payment number."),
    "bill_number_twice": _("Another line of this file has the same bill number."),
    "payment_number_changed": _("The bill is known with another payment number."),
    "payment_number_of_another_bill": _("The payment number is that of another bill."),
}


def words_of(reason: str) -> str:
    """The reason in the language of the page; its code where there are no words for it."""
    return gettext(WORDS[reason]) if reason in WORDS else reason
