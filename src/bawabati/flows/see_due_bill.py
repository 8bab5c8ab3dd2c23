"""A channel looks at a bill before it reserves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bawabati.bills.reads import facts_of, limits_of
from bawabati.bills.rules import SIZE_IS_WRONG, Standing, initials, standing_of
from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.flows.find_bill import NoSuchBill
from bawabati.flows.steps.channel_look_up import find_channel_bill, note_channel_miss
from bawabati.money.amount import ZERO, Money
from bawabati.payments.models import Channel
from bawabati.payments.reads import find_hold


@dataclass(frozen=True, slots=True, kw_only=True)
class DueToChannel:
    """What a channel may show its customer. Of a paid bill it is told that it is paid, and nothing else."""

    payment_number: str
    standing: Standing
    as_of: datetime
    period: str = ""
    holder_initials: str = ""
    due_on: date | None = None
    left: Money = ZERO
    replaced_by: str = ""


def see_due_bill(*, channel: Channel, payment_number: str, now: datetime) -> DueToChannel:
    """The bill as it stands now. Call it outside a transaction: each miss counts for the channel.

    A bill that is too small or too large for a card is payable here: no gateway's limits hold for a channel.

    Rule: masked-bill (failures.md 5.5)

    Raises:
        NoSuchBill: unknown, wrong or withdrawn.
        LooksLikeACardNumber.
        TooManyCalls: too many misses within the hour; nothing was looked up.
    """
    if looks_like_a_card_number(payment_number):
        raise LooksLikeACardNumber
    bill = find_channel_bill(channel=channel, payment_number=payment_number, now=now)
    if bill is None:
        raise NoSuchBill
    facts = facts_of(bill, is_held=find_hold(bill.id) is not None)
    standing = standing_of(facts, limits_of(channel.company))
    if standing is None:
        note_channel_miss(channel, now=now)
        raise NoSuchBill
    if standing is Standing.PAID:
        return DueToChannel(payment_number=bill.payment_number, standing=standing, as_of=bill.as_of)
    return DueToChannel(
        payment_number=bill.payment_number,
        standing=Standing.PAYABLE if standing in SIZE_IS_WRONG else standing,
        as_of=bill.as_of,
        period=bill.period,
        holder_initials=initials(bill.customer.name),
        due_on=bill.due_on,
        left=facts.left,
        replaced_by=bill.replaced_by,
    )
