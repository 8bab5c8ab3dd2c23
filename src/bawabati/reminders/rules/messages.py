"""Messages of reminders: where one stands, why one was called off, and the code that ends them at a desk."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from bawabati.errors import CannotDo

REMINDER: Final = "reminder"
WISH: Final = "reminder_wish"
"""Kinds of notices."""
_CHECK_DIGITS: Final = 2
_LONGEST_CODE: Final = 18


class Progress(StrEnum):
    """`waiting` for its minute; `written`: handed to what lets messages leave; `called_off`: not needed any more."""

    WAITING = "waiting"
    WRITTEN = "written"
    CALLED_OFF = "called_off"


class Why(StrEnum):
    """Why a reminder was not sent."""

    PAID = "paid"
    GONE = "gone"
    AGREED = "agreed"
    BEING_CHECKED = "being_checked"
    OPTED_OUT = "opted_out"
    ERASED = "erased"
    SWITCHED_OFF = "switched_off"
    TOO_LATE = "too_late"


class OptedBy(StrEnum):
    """How somebody said that he wants no more of them."""

    LINK = "link"
    DESK = "desk"


class CodeWrong(CannotDo):
    """No message has that code."""

    code: ClassVar[str] = "reminder_code_wrong"
    sentence: ClassVar[str] = "No reminder has this code. Compare it with the message."


def code_of(message_id: int) -> str:
    """The code that stands in a message: its number and two check digits. No secret: only a desk can use it.

    Rule: stop-code (ISO 7064 mod 97-10: a slip of the finger stops nobody else's)
    """
    return f"{message_id}{mod_97_10.calc_check_digits(str(message_id))}"


def read_code(text: str) -> int:
    """The message's number. Raises CodeWrong."""
    code = "".join(letter for letter in text if not letter.isspace() and letter not in "-.")
    if not (code.isascii() and code.isdecimal() and _CHECK_DIGITS < len(code) <= _LONGEST_CODE):
        raise CodeWrong
    try:
        mod_97_10.validate(code)
    except ValidationError:
        raise CodeWrong from None
    return int(code[:-_CHECK_DIGITS])
