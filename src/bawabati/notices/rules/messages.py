"""How a message leaves, when it is tried again, and to which numbers an SMS may go."""

from datetime import datetime, timedelta
from enum import StrEnum

import phonenumbers

from bawabati.errors import CannotDo

RETRY_AFTER_SECONDS = (10, 30, 120, 600, 3600, 6 * 3600)
"""Then every six hours."""
GIVE_UP_AFTER = timedelta(hours=48)
ADDRESSES_KEPT = timedelta(days=90)
"""After a message has left or was given up: long enough to answer "I was told nothing". Rule: addresses-erased"""
PHONES_KEPT = timedelta(days=400)
"""After it was left: as long as a payment may still go back. Rule: addresses-erased (algeria.md 4)"""
HOME = "DZ"


class Means(StrEnum):
    """The way a message leaves."""

    EMAIL = "email"
    SMS = "sms"


class NoticeState(StrEnum):
    """Where a message stands. `rejected` and `given_up` are visible in the office.

    `called_off`: in the moment of sending it was no longer true, so it never left.
    """

    WAITING = "waiting"
    SENT = "sent"
    REJECTED = "rejected"
    GIVEN_UP = "given_up"
    CALLED_OFF = "called_off"


UNDELIVERED = frozenset({NoticeState.REJECTED, NoticeState.GIVEN_UP})


class PhoneWrong(CannotDo):
    """Not a mobile number of this country."""

    code = "phone_wrong"
    sentence = "This is not an Algerian mobile number. It begins with 05, 06 or 07 and has 10 digits."


class NoSuchNotice(CannotDo):
    """No message of that number."""

    code = "no_such_notice"
    sentence = "There is no message with this number."


class NoticeOnItsWay(CannotDo):
    """It waits for its next try, which comes by itself."""

    code = "notice_on_its_way"
    sentence = "This message is still on its way: it is tried again by itself."


class AddressErased(CannotDo):
    """Where it went is not known any more."""

    code = "address_erased"
    sentence = "The address of this message has been erased. It cannot leave again."


def read_phone(text: str) -> str:
    """A mobile number of Algeria in E.164, however it is typed. Raises PhoneWrong.

    Others are refused: each SMS costs the company, and far numbers cost most. Rule: sms-numbers (law 18-07)
    """
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        raise PhoneWrong from None
    is_mobile = phonenumbers.number_type(number) is phonenumbers.PhoneNumberType.MOBILE
    if not (phonenumbers.is_valid_number_for_region(number, HOME) and is_mobile):
        raise PhoneWrong
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def masked_address(address: str) -> str:
    """As much as tells one message from another: "am…@example.com", "+213 … 67". Rule: address-masked (law 18-07)"""
    name, at, domain = address.rpartition("@")
    return f"{name[:2]}…@{domain}" if at else f"{address[:4]} … {address[-2:]}"


def next_try_at(*, created_at: datetime, tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` failed tries since `created_at`; None when it is time to give up.

    Rule: notice-retries (failures.md 2.5, E4)
    """
    if now - created_at >= GIVE_UP_AFTER:
        return None
    wait = RETRY_AFTER_SECONDS[min(tries, len(RETRY_AFTER_SECONDS)) - 1]
    return now + timedelta(seconds=wait)
