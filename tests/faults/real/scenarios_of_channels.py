"""Small stories about other channels, which reserve, pay, cancel and bring their days; see `scenarios.py`."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.flows.compare_channel_file import compare_channel_file
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.hear_channel import Said, hear_channel
from bawabati.flows.keep_channel import change_channel, channel_of_key
from bawabati.flows.release_reservation import ReservationHoldsNothing, release_reservation
from bawabati.flows.reserve_bills import Wanted, reserve_bills
from bawabati.flows.resolve_reservation import confirm_reservation_end, propose_reservation_end
from bawabati.flows.settle_channel_difference import How, confirm_channel_end, propose_channel_end
from bawabati.flows.steps.hear_channel import NoSuchReservation
from bawabati.flows.take_in_channel_file import take_in_channel_file
from bawabati.flows.watch_channel_files import watch_channel_files
from bawabati.money.amount import Money
from bawabati.payments.models import (
    Channel,
    ChannelDifference,
    ChannelFile,
    EarlyWord,
    Hold,
    Payment,
    Reservation,
    ReservationHappening,
)
from bawabati.payments.rules.channels import ReservationEvent, Word
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.receipts.models import Receipt
from channels import day_file
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NADIA, NOON, SALIMA

DAY = NOON.date()
TOMORROW = NOON + timedelta(days=1)


def _staff(login: str) -> Staff:
    found = find_staff(login)
    assert found is not None
    return found


def _channel(world: World) -> Channel:
    enter = partial(channel_of_key, company_id=world.company.id, name="BaridiMob", now=NOON)
    entered = insist(world, "the channel", "comes in", enter)
    assert isinstance(entered, Channel)
    return entered


def _reserved(world: World, reference: str = "A-1") -> tuple[Channel, Bill, Reservation]:
    world.found_company()
    bill, channel = world.add_bills(2)[0], _channel(world)
    wanted = [Wanted(payment_number=bill.payment_number, amount=Money(bill.due_centimes))]
    reserve = partial(reserve_bills, channel=channel, reference=reference, wanted=wanted, language="fr", now=NOON)
    reservation = insist(world, "the channel", "reserves", reserve)
    assert isinstance(reservation, Reservation)
    return channel, bill, reservation


def _said(world: World, channel: Channel, word: Word, bill: Bill | None = None, reference: str = "A-1") -> None:
    said = Said(word=word, amount=Money(bill.due_centimes) if bill else None)
    say = partial(hear_channel, channel=channel, reference=reference, said=said, now=NOON)
    insist(world, "the channel", f"says {word}", say)


def _brought(world: World, channel: Channel, *lines: tuple[str, str, str, str, str]) -> ChannelFile:
    bring = partial(
        take_in_channel_file,
        channel=channel,
        content=day_file(DAY, *lines),
        name="day.csv",
        staff=_staff(SALIMA),
        now=TOMORROW,
    )
    file = insist(world, "Salima", "brings a file", bring)
    assert isinstance(file, ChannelFile)
    insist(world, "the worker", "compares it", partial(compare_channel_file, file_id=file.id, now=TOMORROW))
    return file


def _line(reference: str, bill: Bill) -> tuple[str, str, str, str, str]:
    dinars = f"{bill.due_centimes // 100}.{bill.due_centimes % 100:02}"
    return reference, bill.payment_number, dinars, NOON.isoformat(), "paid"


@passes("keep_channel: entered", "reserve_bills: reserved", "hear_channel: heard")
def a_channel_pays_once(world: World) -> None:
    channel, bill, reservation = _reserved(world)
    for _ in range(2):
        _said(world, channel, Word.PAID, bill)
    reservation.refresh_from_db()
    assert reservation.state == "paid"
    assert Channel.objects.count() == Payment.objects.count() == Receipt.objects.count() == 1
    assert not Hold.objects.exists()


@passes("hear_channel: kept for later")
def a_word_that_overtakes_its_reservation_counts_once(world: World) -> None:
    world.found_company()
    channel, bill = _channel(world), world.add_bills(1)[0]
    said = Said(word=Word.PAID, amount=Money(bill.due_centimes))

    def say() -> bool:
        with suppress(NoSuchReservation):
            hear_channel(channel=channel, reference="A-1", said=said, now=NOON)
        return True

    insist(world, "the channel", "says paid", say)
    assert EarlyWord.objects.count() == 1
    wanted = [Wanted(payment_number=bill.payment_number, amount=Money(bill.due_centimes))]
    reserve = partial(reserve_bills, channel=channel, reference="A-1", wanted=wanted, language="fr", now=NOON)
    insist(world, "the channel", "reserves", reserve)
    assert Reservation.objects.get().state == "paid"
    assert Payment.objects.count() == 1
    assert Case.objects.get().state == "closed"


@passes("go_on_with_reservation: gone on")
def time_lets_go_of_the_bills_once(world: World) -> None:
    _, _, reservation = _reserved(world)
    go_on = partial(go_on_with_reservation, reservation_id=reservation.id, now=NOON + timedelta(minutes=16))
    insist(world, "the worker", "goes on", go_on)
    assert Reservation.objects.get().state == "released"
    assert not Hold.objects.exists()
    assert ReservationHappening.objects.count() == 2


@passes("release_reservation: released")
def a_person_frees_the_bills_once(world: World) -> None:
    _, _, reservation = _reserved(world)

    def release() -> bool:
        with suppress(ReservationHoldsNothing):
            release_reservation(reservation_id=reservation.id, because="here", staff=_staff(SALIMA), now=NOON)
        return True

    insist(world, "Salima", "releases", release)
    assert not Hold.objects.exists()
    assert Reservation.objects.get().state == "reserved"
    assert ReservationHappening.objects.filter(event="hold_released").count() == 1


@passes("resolve_reservation: proposed", "resolve_reservation: confirmed")
def two_people_end_what_is_pending(world: World) -> None:
    channel, _, reservation = _reserved(world)
    _said(world, channel, Word.PENDING)
    propose = partial(
        propose_reservation_end,
        reservation_id=reservation.id,
        what=ReservationEvent.CONFIRMED_PAID,
        because="letter",
        staff=_staff(SALIMA),
        now=NOON,
    )
    insist(world, "Salima", "says", propose)

    def confirm() -> object:
        seen = Reservation.objects.get().event_count
        return confirm_reservation_end(
            reservation_id=reservation.id, seen=seen, agrees=True, staff=_staff(NADIA), now=NOON
        )

    insist(world, "Nadia", "agrees", confirm)
    assert Reservation.objects.get().state == "paid"
    assert Payment.objects.count() == Receipt.objects.count() == 1


@passes(
    *("take_in_channel_file: kept", "compare_channel_file: reservation told", "compare_channel_file: compared"),
    *("settle_channel_difference: proposed", "settle_channel_difference: confirmed"),
)
def a_day_comes_in_once_and_what_differs_is_taken_in(world: World) -> None:
    channel, bill, _ = _reserved(world)
    _said(world, channel, Word.PENDING)
    other = Bill.objects.exclude(id=bill.id).get()
    _brought(world, channel, _line("A-1", bill), _line("X", other))
    assert Reservation.objects.get().state == "paid"
    difference = ChannelDifference.objects.get()
    end = {"difference_id": difference.id, "how": How.TAKEN_IN, "now": TOMORROW}
    insist(
        world,
        "Salima",
        "says take it in",
        lambda: propose_channel_end(**end, because="letter", staff=_staff(SALIMA)) or True,
    )
    insist(world, "Nadia", "agrees", partial(confirm_channel_end, **end, agrees=True, staff=_staff(NADIA)))
    difference.refresh_from_db()
    assert difference.ended_as == "taken_in"
    assert ChannelFile.objects.count() == 1
    assert Payment.objects.count() == Receipt.objects.count() == 2


@passes("watch_channel_files: silence")
def a_silent_channel_is_noticed_once_and_until_it_speaks(world: World) -> None:
    channel, bill, reservation = _reserved(world)
    with world.nobody_dies_yet():
        go_on_with_reservation(reservation_id=reservation.id, now=NOON + timedelta(minutes=16))
    late = NOON + timedelta(days=4)
    for _ in range(2):
        insist(world, "the worker", "looks", lambda: watch_channel_files(channel=channel, now=late) or True)
    assert Case.objects.get().state == "open"
    with world.nobody_dies_yet():
        hear_channel(
            channel=channel, reference="A-1", said=Said(word=Word.PAID, amount=Money(bill.due_centimes)), now=late
        )
    insist(world, "the worker", "looks again", lambda: watch_channel_files(channel=channel, now=late) or True)
    assert Case.objects.get().state == "closed"


@passes("watch_channel_files: missing", "keep_channel: changed")
def a_day_without_a_file_is_noticed_once(world: World) -> None:
    world.found_company()
    channel = _channel(world)
    change = partial(
        change_channel,
        channel=channel,
        name_ar="بريدي موب",
        name_fr="BaridiMob",
        hold_minutes=20,
        files_since=DAY,
        is_open=True,
        staff=_staff(SALIMA),
        now=NOON,
    )
    insist(world, "Salima", "sets the channel", change)
    assert Channel.objects.get().hold_minutes == 20
    late = NOON + timedelta(days=2)
    insist(world, "the worker", "looks", lambda: watch_channel_files(channel=Channel.objects.get(), now=late) or True)
    assert Case.objects.filter(kind="channel_file_missing").count() == 1
