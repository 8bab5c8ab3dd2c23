"""A captcha comes back: its challenge is spent, its digits may be tried and heard so many times and no more."""

from datetime import datetime, timedelta

from bawabati.guard.rules import By, Scope, Verdict
from bawabati.guard.writes import spend_challenge, weigh


def spend_captcha(*, digest: str, now: datetime, life: timedelta) -> bool:
    """Whether the solved challenge of that digest passes: true once, whoever comes at the same moment.

    Call it outside a transaction: a rollback would give the challenge back. It is remembered for twice its life.
    """
    return spend_challenge(digest, forget_after=now + 2 * life)


def may_try_digits(*, digest: str, made_at: datetime) -> bool:
    """Counts one answer to the digits of a ticket, and says whether it may still be looked at. Not safe to repeat.

    Counted from when the ticket was made, so that midnight gives nobody three tries more.
    """
    return weigh(counting=Scope.CAPTCHA_CODE, subject={By.LINK: digest}, now=made_at) is not Verdict.REFUSED


def may_hear_digits(*, digest: str, now: datetime) -> bool:
    """Counts one request for the sound of a ticket, and says whether it is answered. Not safe to repeat."""
    return weigh(counting=Scope.CAPTCHA_SOUND, subject={By.LINK: digest}, now=now) is not Verdict.REFUSED
