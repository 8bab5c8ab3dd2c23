"""The words of a reminder: the company's own, or ours until it has written some; in three languages.

They are data, not catalogue entries: a company changes them, and what was said stays known by its version.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from bawabati.adapters.messages.text_length import as_sms, length_of
from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.money.display import NO_BREAK_SPACE
from bawabati.notices.rules import Means
from bawabati.reminders.rules.stages import Stage

LANGUAGES: Final = ("ar", "fr", "en")
LONGEST_BODY: Final = 320
NEEDED: Final = ("link",)
PLACES: Final = ("company", "amount", "period", "due_on", "cut_off_on", "link", "code")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_CURRENCY: Final = {"ar": "دج", "fr": "DA", "en": "DA"}
_MORE: Final = {"ar": "و{count} أخرى", "fr": "et {count} autres", "en": "and {count} more"}
MOST_PERIODS: Final = 2

DEFAULTS: Final[Mapping[Stage, Mapping[str, str]]] = {
    Stage.BEFORE_DUE: {
        "ar": "{company}: فاتورة {period}، {amount}، آخر أجل {due_on}. الدفع أو التوقيف: {link} الرمز {code}",
        "fr": (
            "{company} : facture {period}, {amount}, à payer avant le {due_on}. Payer ou stopper : {link} Code {code}"
        ),
        "en": "{company}: bill {period}, {amount}, to be paid by {due_on}. Pay or stop: {link} Code {code}",
    },
    Stage.AT_DUE: {
        "ar": "{company}: أجل دفع فاتورة {period} هو {due_on}: {amount}. الدفع أو التوقيف: {link} الرمز {code}",
        "fr": (
            "{company} : facture {period}, {amount} : l'échéance est le {due_on}. Payer ou stopper : {link} Code {code}"
        ),
        "en": "{company}: bill {period}, {amount}, is due on {due_on}. Pay or stop: {link} Code {code}",
    },
    Stage.BEFORE_CUT_OFF: {
        "ar": (
            "{company}: بقي {amount} ({period}). قد تُقطع المياه ابتداء "
            "من {cut_off_on}. الدفع أو التوقيف: {link} الرمز {code}"
        ),
        "fr": (
            "{company} : reste {amount} ({period}). Coupure possible "
            "dès le {cut_off_on}. Payer ou stopper : {link} Code {code}"
        ),
        "en": (
            "{company}: {amount} left ({period}). Water may be cut "
            "off from {cut_off_on}. Pay or stop: {link} Code {code}"
        ),
    },
}
SUBJECTS: Final[Mapping[Stage, Mapping[str, str]]] = {
    Stage.BEFORE_DUE: {
        "ar": "{company}: فاتورة للدفع قبل {due_on}",
        "fr": "{company} : facture à payer avant le {due_on}",
        "en": "{company}: a bill to be paid by {due_on}",
    },
    Stage.AT_DUE: {
        "ar": "{company}: أجل الدفع {due_on}",
        "fr": "{company} : échéance le {due_on}",
        "en": "{company}: due on {due_on}",
    },
    Stage.BEFORE_CUT_OFF: {
        "ar": "{company}: فاتورة لم تُدفع",
        "fr": "{company} : facture impayée",
        "en": "{company}: a bill is not paid",
    },
}
WISHES: Final[Mapping[str, str]] = {
    "ar": (
        "{company}: طُلب إرسال تذكيرات بالفواتير إلى هذا العنوان. لتأكيد ذلك: {link} إن لم يكن الطلب منك فلا تفعل شيئا."
    ),
    "fr": (
        "{company} : des rappels de factures ont été demandés pour "
        "cette adresse. Confirmer : {link} Sinon, ne faites rien."
    ),
    "en": (
        "{company}: reminders of bills were asked for at this "
        "address. To confirm: {link} If it was not you, do nothing."
    ),
}
WISH_SUBJECTS: Final[Mapping[str, str]] = {
    "ar": "{company}: تأكيد طلب التذكير",
    "fr": "{company} : confirmez les rappels",
    "en": "{company}: confirm the reminders",
}
OF_A_LETTER: Final[Mapping[str, str]] = {
    "ar": (
        "السلام عليكم،\n\n{body}\n\nلإيقاف هذه التذكيرات: {stop}\nأو "
        "اذكر الرمز {code} في أي وكالة.\n\nللاستفسار: {phone}.\n"
    ),
    "fr": (
        "Bonjour,\n\n{body}\n\nPour ne plus recevoir ces rappels : {stop}\n"
        "Ou donnez le code {code} dans une agence.\n\nUne question ? {phone}.\n"
    ),
    "en": (
        "Hello,\n\n{body}\n\nTo receive no more of these reminders: {stop}\nOr give the code {code} at any agency.\n\n"
        "A question? {phone}.\n"
    ),
}


class BodyEmpty(CannotDo):
    """There is nothing to send in that language."""

    code: ClassVar[str] = "reminder_empty"
    sentence: ClassVar[str] = "Write the message in each of the three languages: everybody is written to in his own."


class BodyTooLong(CannotDo):
    """More than a few parts."""

    code: ClassVar[str] = "reminder_too_long"
    sentence: ClassVar[str] = "At most %(most)s letters: each SMS is paid by its parts."


class PlaceUnknown(CannotDo):
    """`place` would stand in the message as it is written."""

    code: ClassVar[str] = "reminder_place_unknown"
    sentence: ClassVar[str] = "“{%(place)s}” is not one of the words in braces that are filled in."


class PlaceMissing(CannotDo):
    """Without the link nobody could pay, nor stop the reminders."""

    code: ClassVar[str] = "reminder_place_missing"
    sentence: ClassVar[str] = "“{%(place)s}” is missing: the message has to lead to where one pays or stops reminders."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reminder tells, at the moment of sending. `periods`: of its bills, oldest first, never empty."""

    company: str
    phone: str
    language: str
    stage: Stage
    left: Money
    periods: tuple[str, ...]
    due_on: date
    cut_off_on: date
    link: str
    stop: str
    code: str


def check_body(body: str) -> str:
    """The message as it is kept: one line. Rule: reminder-texts (ours: nobody is written to without a way to stop it)

    Raises:
        BodyEmpty, BodyTooLong, PlaceUnknown, PlaceMissing, LooksLikeACardNumber.
    """
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in body).split())
    if not line:
        raise BodyEmpty
    if len(line) > LONGEST_BODY:
        raise BodyTooLong(most=LONGEST_BODY)
    places = _PLACE.findall(line)
    unknown = next((place for place in places if place not in PLACES), None)
    if unknown is None and ("{" in _PLACE.sub("", line) or "}" in _PLACE.sub("", line)):
        unknown = ""
    if unknown is not None:
        raise PlaceUnknown(place=unknown[:20])
    for needed in NEEDED:
        if needed not in places:
            raise PlaceMissing(place=needed)
    if looks_like_a_card_number(line):
        raise LooksLikeACardNumber
    return line


def fill(body: str, said: Said) -> str:
    """The message itself. Amounts stand without groups: between Arabic words a space would let them change places."""
    values = {
        "company": said.company,
        "amount": _amount(said.left, said.language),
        "period": _periods(said),
        "due_on": display_day(said.due_on),
        "cut_off_on": display_day(said.cut_off_on),
        "link": said.link,
        "code": said.code,
    }
    return _PLACE.sub(lambda place: values[place[1]], body)


def letter_of(body: str, said: Said, *, means: Means) -> tuple[str, str]:
    """Subject and text; an SMS has no subject."""
    text = fill(body, said)
    if means is Means.SMS:
        return "", text
    subject = fill(SUBJECTS[said.stage][said.language], said)
    around = OF_A_LETTER[said.language]
    return subject, around.format(body=text, stop=said.stop, code=said.code, phone=said.phone)


def parts_of(body: str, said: Said) -> int:
    """How many SMS that message is paid as. Rule: sms-parts (3GPP TS 23.038)"""
    return length_of(as_sms(fill(body, said))).parts


def _periods(said: Said) -> str:
    first = ", ".join(said.periods[:MOST_PERIODS])
    more = len(said.periods) - MOST_PERIODS
    return f"{first} {_MORE[said.language].format(count=more)}" if more > 0 else first


def _amount(money: Money, language: str) -> str:
    dinars, centimes = divmod(money.centimes, 100)
    return f"{dinars}{'.' if language == 'en' else ','}{centimes:02}{NO_BREAK_SPACE}{_CURRENCY[language]}"
