"""What a channel's file says otherwise than we do ends by two people: taken in, or explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from bawabati.audit.writes import record_act
from bawabati.bills.models import Bill
from bawabati.bills.reads import find_bill_by_number
from bawabati.bills.writes import lock_bills
from bawabati.errors import CannotDo
from bawabati.flows.steps.channel_days import close_difference_case, compare_days_of
from bawabati.flows.steps.hear_channel import follow_reservation
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.payments.models import ChannelDifference, ChannelFileLine
from bawabati.payments.reads.channels import find_channel_difference, find_reservation_of, lines_named
from bawabati.payments.rules.channels import ChannelDifferenceKind, ReservationEvent, ReservationVerdict, believed
from bawabati.payments.writes import LineToPay
from bawabati.payments.writes.channel_files import end_difference, lock_channel, lock_difference, propose_end
from bawabati.payments.writes.channels import (
    hold_reference,
    lock_reservation,
    open_reservation,
    save_reservation,
)
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, check_two_people


class How(StrEnum):
    """How people end a difference."""

    TAKEN_IN = "taken_in"
    """The money is there: it pays the bills that the file names, or becomes their customer's credit."""
    EXPLAINED = "explained"
    """The channel has set it right, or it changes nothing of ours."""


class NoSuchChannelDifference(CannotDo):
    """No difference of that number."""

    code = "no_such_channel_difference"
    sentence = "There is no difference with this number."


class ChannelDifferenceEnded(CannotDo):
    """A file or somebody else was faster."""

    code = "channel_difference_ended"
    sentence = "This difference has ended already. Look at it again."


class CannotTakeIn(CannotDo):
    """Only money of a reference that we never knew, of bills that we know, all of one customer."""

    code = "cannot_take_in"
    sentence = "This cannot be taken in: the file has to name bills of one customer of ours, under a reference unknown."


class NobodyHasSaid(CannotDo):
    """There is nothing to agree with, or another word than was seen."""

    code = "nobody_has_said"
    sentence = "Nobody has said so of this difference. Look at it again."


def propose_channel_end(*, difference_id: int, how: How, because: str, staff: Staff, now: datetime) -> None:
    """What one person says. A new word takes the place of the last.

    Rule: channel-differences-two-people (behaviour.md 1, I1)

    Raises:
        NoSuchChannelDifference, NotAllowed, ChannelDifferenceEnded, CannotTakeIn, WordsMissing and its kin.
    """
    because = check_words(because)
    known = _get(difference_id)
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=known.company_id)
    if known.ended_at is not None:
        raise ChannelDifferenceEnded
    if how is How.TAKEN_IN:
        _bills_to_pay(known, lines_named(difference=known))
    with written_together("settle_channel_difference: proposed"):
        difference = _open(difference_id)
        propose_end(difference, how=how, because=because, by=staff)
        _record(difference, staff, "propose_channel_end", because, now)


def confirm_channel_end(
    *, difference_id: int, how: How, agrees: bool, staff: Staff, now: datetime
) -> ChannelDifference:
    """Another person agrees with `how`, as he has seen it; or does not, and it waits for another word. Safe to race.

    Rule: channel-references (behaviour.md 1, I12)

    Raises:
        NoSuchChannelDifference, NotAllowed, ChannelDifferenceEnded, NobodyHasSaid.
        CannotTakeIn: also when the channel has reserved under its reference meanwhile.
        SamePerson: who proposed it does not confirm it.
    """
    known = _get(difference_id)
    get_staff_allowed(login=staff.login, action=Action.CONFIRM_DIFFERENCE, company_id=known.company_id)
    if known.ended_at is not None:
        raise ChannelDifferenceEnded
    takes_in = how is How.TAKEN_IN and agrees
    named = lines_named(difference=known) if takes_in else []
    bills = _bills_to_pay(known, named) if takes_in else []
    with written_together("settle_channel_difference: confirmed"):
        locked = lock_bills([bill.id for bill in bills])
        if takes_in:
            _hold_unknown(known)
        channel = lock_channel(known.channel_id)
        difference = _open(difference_id)
        if difference.proposed != how or difference.proposed_by_id is None:
            raise NobodyHasSaid
        check_two_people(asked_by=difference.proposed_by_id, approved_by=staff.id)
        because = difference.proposed_because
        if not agrees:
            propose_end(difference, how="", because="", by=None)
        else:
            end_difference(difference, how=how, by=staff, now=now)
            close_difference_case(difference, because=how, now=now)
            if takes_in:
                if [line.id for line in lines_named(difference=difference)] != [line.id for line in named]:
                    raise CannotTakeIn  # a newer file of the day was brought meanwhile
                _take_in(difference, named, [locked[bill.id] for bill in bills], staff, now)
                compare_days_of(channel, difference.day, now=now)
        _record(difference, staff, "confirm_channel_end" if agrees else "refuse_channel_end", because, now)
    return difference


def _take_in(
    difference: ChannelDifference, named: Sequence[ChannelFileLine], bills: Sequence[Bill], staff: Staff, now: datetime
) -> None:
    """The money is there: a reservation that held nothing, paid at once. Rule: taken-in-from-file (behaviour.md 2)"""
    reservation = open_reservation(
        channel=difference.channel,
        reference=difference.reference,
        asked=[{"payment_number": line.payment_number, "amount_centimes": line.amount_centimes} for line in named],
        lines=[
            LineToPay(bill_id=bill.id, bill_version=bill.version, amount=Money(line.amount_centimes))
            for bill, line in zip(bills, named, strict=True)
        ],
        language="ar",
        ends_at=now,
        holds=False,
        is_from_file=True,
        now=now,
    )
    reservation = lock_reservation(reservation.id)
    reservation.paid_at = believed(named[0].happened_at, now=now)
    save_reservation(reservation, "paid_at")
    verdict = ReservationVerdict(event=ReservationEvent.LISTED_PAID)
    evidence = {"difference": difference.id, "day": difference.day.isoformat()}
    follow_reservation(reservation, verdict, evidence=evidence, by=staff, now=now)


def _bills_to_pay(difference: ChannelDifference, named: Sequence[ChannelFileLine]) -> list[Bill]:
    """The bills of the lines, in their order. Raises CannotTakeIn."""
    known = find_reservation_of(channel_id=difference.channel_id, reference=difference.reference)
    numbers = [line.payment_number for line in named]
    if difference.kind != ChannelDifferenceKind.NOT_OURS or known is not None or len(set(numbers)) != len(numbers):
        raise CannotTakeIn
    found = [
        find_bill_by_number(company_id=difference.company_id, payment_number=line.payment_number) for line in named
    ]
    bills = [bill for bill in found if bill is not None]
    if not bills or len(bills) != len(found) or len({bill.customer_id for bill in bills}) > 1:
        raise CannotTakeIn
    return bills


def _hold_unknown(difference: ChannelDifference) -> None:
    """Nobody reserves under its reference meanwhile. Raises CannotTakeIn when the channel has just done so."""
    hold_reference(channel_id=difference.channel_id, reference=difference.reference)
    if find_reservation_of(channel_id=difference.channel_id, reference=difference.reference) is not None:
        raise CannotTakeIn


def _get(difference_id: int) -> ChannelDifference:
    difference = find_channel_difference(difference_id)
    if difference is None:
        raise NoSuchChannelDifference
    return difference


def _open(difference_id: int) -> ChannelDifference:
    difference = lock_difference(difference_id)
    if difference.ended_at is not None:
        raise ChannelDifferenceEnded
    return difference


def _record(difference: ChannelDifference, staff: Staff, action: str, because: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=difference.company_id,
        action=action,
        target=f"channel_difference:{difference.id}",
        details={"how": difference.proposed, "because": because},
        now=now,
    )
