"""Where a customer may be written to, as a billing system or the customer says it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from bawabati.bills.rules.lookup import words_of
from bawabati.notices.rules import PhoneWrong, read_phone

LANGUAGES: Final = ("ar", "fr", "en")
LANGUAGE_UNSAID: Final = "ar"
LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class Source(StrEnum):
    """Who said where the customer may be written to."""

    FILE = "file"
    """The billing system, in a file of bills."""
    PAYER = "payer"
    """Somebody who holds a bill, and has confirmed that the address is his."""


class Contacts(NamedTuple):
    """What a line of a file says; empty where it says nothing, or nothing that could be written to."""

    phone: str
    email: str
    language: str


NO_CONTACTS: Final = Contacts("", "", "")


def read_contacts(*, phone: str, email: str, language: str) -> Contacts:
    """The telephone in E.164, the e-mail in small letters, and the language where it is one of ours.

    What cannot be read is left out: a bill is good whatever stands beside it. Rule: contacts-of-files (law 18-07)
    """
    if not (phone or email or language):
        return NO_CONTACTS
    return Contacts(_phone(phone), read_email(email), language if (language := language.lower()) in LANGUAGES else "")


def is_another_holder(before: str, after: str) -> bool:
    """Whether a customer number has passed to somebody else, as far as names tell.

    Words in another order, accents, capitals and spaces are the same person; a name that was missing says nothing.
    Rule: wishes-end (law 18-07)
    """
    known, named = sorted(words_of(before)), sorted(words_of(after))
    return bool(known and named) and known != named


def read_email(text: str) -> str:
    """The address in small letters; empty when nothing could be delivered there."""
    text = text.strip()
    return text.lower() if len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) else ""


def _phone(text: str) -> str:
    try:
        return read_phone(text) if text else ""
    except PhoneWrong:
        return ""
