"""Accounts: how they begin, what opens them, and how long for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bawabati.errors import CannotDo
from bawabati.money.dates import display_moment
from bawabati.people.rules.roles import Role


class NoSuchPerson(CannotDo):
    """No active account has that login."""

    code = "no_such_person"
    sentence = "Nobody here has this e-mail address."


class AskingPersonNeeded(CannotDo):
    """Only the very first account of an installation is made without somebody who asks for it."""

    code = "asking_person_needed"
    sentence = "There are accounts already: name the person who asks for this one."


class SignInWrong(CannotDo):
    """Unknown login, wrong password, or an account that is closed: one answer. Rule: same-answer (failures.md 5.5)"""

    code = "sign_in_wrong"
    sentence = "This e-mail address and this password do not belong together."


class CodeWrong(CannotDo):
    """A second factor that is not right, or was used before."""

    code = "code_wrong"
    sentence = "This code is not right, or has been used already. Wait for the next one and type it again."


class PasskeyWrong(CannotDo):
    """A passkey that is not known here, not of this person, or did not verify its user."""

    code = "passkey_wrong"
    sentence = "This passkey does not open this account. Try again, or use a code."


class PinWrong(CannotDo):
    """Unknown login, wrong PIN, none set, or another browser: one answer."""

    code = "pin_wrong"
    sentence = "This cannot be opened with a PIN here. Check what you typed, or sign in fully."


class InvitationOver(CannotDo):
    """It was used, a newer one took its place, or a day has passed. Rule: invitation (failures.md 5.2, 6.4)"""

    code = "invitation_over"
    sentence = "This invitation is over. Ask an administrator of your company for a new one."


class PasswordWeak(CannotDo):
    """Too short, too common, or like the person. Rule: password (failures.md 5.2, 6.2)"""

    code = "password_weak"
    sentence = (
        "Choose another password: at least 15 characters, none that many people use, and not like your name or address."
    )


class PasswordsDiffer(CannotDo):
    """Typed twice, and not the same."""

    code = "passwords_differ"
    sentence = "You typed two different passwords."


class PinNotPossible(CannotDo):
    """Too short, too simple, or for somebody whose role asks for a passkey."""

    code = "pin_not_possible"
    sentence = (
        "A desk PIN has 6 to 12 digits, not all the same and not in a row. Roles that ask for a passkey have none."
    )


class RefundsWait(CannotDo):
    """A second factor was given back to this person a short while ago. Rule: lost-factor (failures.md 5.8)"""

    code = "refunds_wait"
    sentence = "Your second factor was replaced a short while ago: no refunds before %(moment)s."


INVITATION_LIFE = timedelta(hours=24)
REFUNDS_WAIT = timedelta(hours=24)
"""After a lost factor. Rule: lost-factor (failures.md 5.8)"""
WRONG_PINS_AT_MOST = 5
BROWSER_KNOWN_FOR = timedelta(days=90)
"""A sign-in elsewhere is told to its owner."""
PIN_LENGTH = (6, 12)


class Factor(StrEnum):
    """What a session was opened with beside the password."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODE = "recovery_codes"
    DESK_PIN = "desk_pin"


PASSKEY_ROLES: frozenset[Role] = frozenset({Role.FINANCE, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Who needs a passkey. Rule: second-factor (failures.md 5.8)"""


def factor_suffices(factor: Factor | None, roles: Iterable[Role], *, passkeys_required: bool) -> bool:
    """Whether a session that was opened with `factor` may work in `roles`. Rule: second-factor (failures.md 5.8)"""
    if factor is None:
        return False
    if PASSKEY_ROLES.isdisjoint(roles):
        return True
    return factor is Factor.PASSKEY or (not passkeys_required and factor is not Factor.DESK_PIN)


def is_pin(text: str) -> bool:
    """Whether it can be a desk PIN: 6 to 12 digits, neither all the same nor in a row. Rule: desk-pin (ours)"""
    shortest, longest = PIN_LENGTH
    if not (text.isascii() and text.isdecimal() and shortest <= len(text) <= longest):
        return False
    return len({int(after) - int(before) for before, after in pairwise(text)}) > 1


def session_is_over(
    *, signed_in_at: datetime, seen_at: datetime, idle: timedelta, shift: timedelta, now: datetime
) -> bool:
    """Whether nobody has been there for too long, or the shift is over. Rule: session-life (failures.md 5.2, 7.3)"""
    return now - seen_at >= idle or now - signed_in_at >= shift


def check_may_refund(refunds_from: datetime | None, *, now: datetime) -> None:
    """Raises RefundsWait. Rule: lost-factor (failures.md 5.8)"""
    if refunds_from is not None and now < refunds_from:
        raise RefundsWait(moment=display_moment(refunds_from))
