"""How a channel names a bill: by its payment number, which nobody guesses with a channel's key."""

from __future__ import annotations

from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import find_bill_by_number
from bawabati.companies.rules import clean_number
from bawabati.guard.rules import By, Scope, Subject, Verdict, seconds_until_free
from bawabati.guard.writes import look, note
from bawabati.payments.models import Channel
from bawabati.people.rules import TooManyCalls


def find_channel_bill(*, channel: Channel, payment_number: str, now: datetime) -> Bill | None:
    """The bill of the channel's company; None: unknown or wrong. Outside a transaction: each miss counts.

    Rule: limits (failures.md 5.5): a channel's key that was stolen guesses no numbers

    Raises TooManyCalls: too many misses within the hour; nothing was looked up.
    """
    if look(Scope.CHANNEL_MISS, subject=_subject(channel), now=now) is Verdict.REFUSED:
        raise TooManyCalls(seconds=seconds_until_free(Scope.CHANNEL_MISS, now))
    bill = find_bill_by_number(company_id=channel.company_id, payment_number=clean_number(payment_number))
    if bill is None:
        note_channel_miss(channel, now=now)
    return bill


def note_channel_miss(channel: Channel, *, now: datetime) -> None:
    """Counts a number that leads to nothing."""
    note(Scope.CHANNEL_MISS, subject=_subject(channel), now=now)


def _subject(channel: Channel) -> Subject:
    return {By.KEY: f"channel:{channel.id}"}
