"""Banks' applications that reserve, pay, cancel, do not know, repeat themselves, overtake themselves and die with us.

What their customers' accounts lost is the truth. Whatever went wrong: once everything has healed, every reservation is
final and exactly the money that is gone is posted. `run_channels(seed)` runs one such world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from bawabati.bills.models import Bill
from bawabati.errors import CannotDo
from bawabati.flows.check_books import check_books
from bawabati.flows.compare_channel_file import compare_channel_file
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.hear_channel import Said, hear_channel
from bawabati.flows.keep_channel import channel_of_key
from bawabati.flows.reserve_bills import Wanted, reserve_bills
from bawabati.flows.resolve_reservation import confirm_reservation_end, propose_reservation_end
from bawabati.flows.take_in_channel_file import take_in_channel_file
from bawabati.money.amount import Money
from bawabati.payments.models import Channel, ChannelDifference, ChannelFile, Payment, Reservation
from bawabati.payments.reads.channels import list_due_reservations, list_uncompared_files
from bawabati.payments.rules.channels import FINAL_RESERVATION, ReservationEvent, Word
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day
from channels import day_file
from faults.real.swarm import Rates
from faults.real.world import World
from people import NADIA, SALIMA

NAMES = ("BaridiMob", "BNA")
NOT_OF_CHANNELS = frozenset({"case_past_its_promise", "not_told_to_billing", "job_waits_too_long", "job_failed"})
"""These worlds have no worker that writes files for the billing system, and nobody who closes cases in time."""
MOST_ROUNDS = 400


@dataclass(slots=True, kw_only=True)
class Deal:
    """One wish of a customer, as his bank knows it."""

    reference: str
    bills: list[tuple[str, int]]
    """Payment number, centimes."""
    asked_at: datetime
    is_known: bool = False
    """Whether the bank has heard that it is reserved; before, it takes no money."""
    is_given_up: bool = False
    paid_at: datetime | None = None
    said: list[Word] = field(default_factory=list)

    @property
    def amount(self) -> Money:
        return Money(sum(centimes for _, centimes in self.bills))

    @property
    def is_over(self) -> bool:
        return self.is_given_up or self.paid_at is not None

    @property
    def word(self) -> Word:
        """What is true of it now."""
        if self.paid_at is not None:
            return Word.PAID
        return Word.CANCELLED if self.is_given_up else Word.PENDING


class Bank:
    """One channel."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self.name = world, name
        self.random = Random(f"{name} {world.seed}")
        self.deals: list[Deal] = []
        self._channel: Channel | None = None

    def moves(self) -> None:
        """Something that a bank does."""
        errands = (
            *(self._wish, self._wish, self._hear_again, self._customer_decides, self._customer_decides),
            *(self._say, self._say, self._say, self._repeat, self._bring, self._people_resolve),
        )
        self.random.choice(errands)()

    def tells_all(self) -> None:
        """Everything is well again: customers that have not decided do not pay, and the days are told as they were."""
        for deal in self.deals:
            deal.is_given_up = deal.is_given_up or not deal.is_over
        first = min((accounting_day(deal.asked_at) for deal in self.deals), default=None)
        day = accounting_day(self._world.clock.now())
        while first is not None and first <= day:
            self._bring_day(first)
            first += timedelta(days=1)

    def _wish(self) -> None:
        world = self._world
        bill = self.random.choice(world.bills)
        bills = list(Bill.objects.filter(customer_id=bill.customer_id, company=world.company).order_by("id"))
        chosen = bills[: self.random.choice((1, 1, 2))] if self.random.random() < 0.5 else [bill]
        wanted = [(one.payment_number, one.due_centimes - one.settled_centimes) for one in chosen]
        if not all(centimes for _, centimes in wanted):
            return
        deal = Deal(reference=f"{self.name}-{len(self.deals)}", bills=wanted, asked_at=world.clock.now())
        self.deals.append(deal)
        if self.random.random() < 0.1:
            self._tell(deal, Word.CANCELLED)  # its customer has left, and this overtakes the wish
            deal.is_given_up = True
        self._reserve(deal)

    def _hear_again(self) -> None:
        """What was never answered is asked again, and again what was."""
        if self.deals:
            self._reserve(self.random.choice(self.deals))

    def _reserve(self, deal: Deal) -> None:
        wanted = [Wanted(payment_number=number, amount=Money(centimes)) for number, centimes in deal.bills]
        answer = self._world.in_a_process(
            self.name,
            f"reserves {deal.reference}",
            lambda: reserve_bills(
                channel=self._its_channel(),
                reference=deal.reference,
                wanted=wanted,
                language="fr",
                now=self._world.clock.now(),
            ),
        )
        if isinstance(answer, Reservation):
            deal.is_known = True
        elif isinstance(answer, CannotDo) and not deal.is_known:
            deal.is_given_up = True

    def _customer_decides(self) -> None:
        """Also long after his time was over."""
        undecided = [deal for deal in self.deals if deal.is_known and not deal.is_over]
        if undecided:
            deal = self.random.choice(undecided)
            if self.random.random() < 0.7:
                deal.paid_at = self._world.clock.now()
                self._world.tell(self.name, f"has taken the money of {deal.reference}")
            else:
                deal.is_given_up = True

    def _say(self) -> None:
        known = [deal for deal in self.deals if deal.is_known]
        if known:
            deal = self.random.choice(known)
            self._tell(deal, deal.word)

    def _repeat(self) -> None:
        """What it has said before comes again; but for a doubt, nothing of it is untrue by now."""
        said = [(deal, word) for deal in self.deals for word in deal.said]
        if said:
            self._tell(*self.random.choice(said))

    def _tell(self, deal: Deal, word: Word) -> None:
        deal.said.append(word)
        said = Said(word=word, amount=deal.amount if word is Word.PAID else None, paid_at=deal.paid_at)
        self._world.in_a_process(
            self.name,
            f"says {word} of {deal.reference}",
            lambda: hear_channel(
                channel=self._its_channel(), reference=deal.reference, said=said, now=self._world.clock.now()
            ),
        )

    def _bring(self) -> None:
        self._bring_day(accounting_day(self._world.clock.now()) - timedelta(days=self.random.choice((0, 1))))

    def _bring_day(self, day: date) -> None:
        """Its day as it knows it now: money on its day, everything else on the day of the wish."""
        world = self._world
        lines = [
            (
                deal.reference,
                number,
                f"{centimes // 100}.{centimes % 100:02}",
                deal.asked_at.isoformat(),
                str(deal.word),
            )
            for deal in self.deals
            if deal.is_known and accounting_day(deal.paid_at or deal.asked_at) == day
            for number, centimes in deal.bills
        ]
        content = day_file(day, *lines)
        file = world.in_a_process(
            self.name,
            f"brings {day}",
            lambda: take_in_channel_file(
                channel=self._its_channel(), content=content, name="day.csv", staff=None, now=world.clock.now()
            ),
        )
        if isinstance(file, ChannelFile):
            compare(world, file.id)

    def _people_resolve(self) -> None:
        """Salima has telephoned the bank; Nadia agrees."""
        world = self._world
        decided = {deal.reference: deal for deal in self.deals if deal.is_over}
        for pending in Reservation.objects.filter(channel__name=self.name, company=world.company, state="pending"):
            deal = decided.get(pending.reference)
            if deal is None:
                continue
            what = ReservationEvent.CONFIRMED_PAID if deal.paid_at else ReservationEvent.CONFIRMED_NOT_PAID
            world.in_a_process(
                "Salima",
                f"says {what} of {deal.reference}",
                lambda pending=pending, what=what: propose_reservation_end(  # type: ignore[misc]
                    reservation_id=pending.id,
                    what=what,
                    because="telephone",
                    staff=_staff(SALIMA),
                    now=world.clock.now(),
                ),
            )
            pending.refresh_from_db()
            world.in_a_process(
                "Nadia",
                f"agrees about {deal.reference}",
                lambda pending=pending: confirm_reservation_end(  # type: ignore[misc]
                    reservation_id=pending.id,
                    seen=pending.event_count,
                    agrees=True,
                    staff=_staff(NADIA),
                    now=world.clock.now(),
                ),
            )
            return

    def _its_channel(self) -> Channel:
        return channel_of_key(company_id=self._world.company.id, name=self.name, now=self._world.clock.now())


def run_channels(seed: int) -> tuple[list[str], str]:
    """What is broken at the end of the world of that seed (nothing), and its story."""
    random = Random(f"channels {seed}")
    rates = Rates(
        crash=random.choice((0.0, 0.02, 0.1)),
        meanwhile=random.choice((0.0, 0.1, 0.3)),
    )
    world = World(seed, rates=rates)
    with world.running():
        world.found_company(code=f"channels-{seed}")
        world.add_bills(random.choice((2, 4, 6)))
        banks = [Bank(world, name) for name in NAMES]

        def somebody_moves(_: World) -> None:
            if random.random() < 0.25:
                sweep(world)
            else:
                random.choice(banks).moves()

        world.moves = somebody_moves
        for _ in range(random.randrange(10, 60)):
            world.clock.let_pass(random.expovariate(1 / random.choice((2.0, 60.0, 900.0, 20_000.0))))
            somebody_moves(world)
        world.moves = None
        world.heal()
        until_final(world, banks)
        found = [*broken(world, banks)]
    return found, str(world.story)


def until_final(world: World, banks: list[Bank]) -> None:
    """Every bank tells all of its days, and time goes on until nothing is open."""
    for _ in range(MOST_ROUNDS):
        for bank in banks:
            bank.tells_all()
        for file_id in list_uncompared_files(before=world.clock.now()):
            compare(world, file_id)
        sweep(world)
        if not _open(world).exists():
            return
        world.clock.let_pass(6 * 3600)


def broken(world: World, banks: list[Bank]) -> Iterator[str]:
    """Everything that is not as it must be."""
    for left in _open(world):
        yield f"I10 {left.reference} is {left.state} for ever"
    posted = {
        payment.reservation.reference: payment.amount_centimes
        for payment in Payment.objects.filter(company=world.company, state="paid").select_related("reservation")
        if payment.reservation is not None
    }
    taken = {deal.reference: deal.amount.centimes for bank in banks for deal in bank.deals if deal.paid_at is not None}
    if posted != taken:
        yield f"I1 posted are {posted}, taken were {taken}"
    for open_one in ChannelDifference.objects.filter(company=world.company, ended_at=None):
        yield f"I5 {open_one.kind} {open_one.reference} of {open_one.day} is left, and nothing differs"
    for difference in check_books(now=world.clock.now()):
        if difference.company_id == world.company.id and difference.check not in NOT_OF_CHANNELS:
            yield f"{difference.invariant} {difference.check} {difference.reference} {difference.finding}"


def sweep(world: World) -> None:
    """The worker goes on with what is due."""
    for reservation_id in list_due_reservations(now=world.clock.now(), at_most=20):
        world.in_a_process(
            "the worker",
            f"goes on with {reservation_id}",
            lambda reservation_id=reservation_id: go_on_with_reservation(  # type: ignore[misc]
                reservation_id=reservation_id, now=world.clock.now()
            ),
        )


def compare(world: World, file_id: int) -> None:
    """The worker compares a file."""
    world.in_a_process(
        "the worker", f"compares {file_id}", lambda: compare_channel_file(file_id=file_id, now=world.clock.now())
    )


def _open(world: World):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a query set
    return Reservation.objects.filter(company=world.company).exclude(state__in=sorted(FINAL_RESERVATION))


def _staff(login: str) -> Staff:
    return Staff.objects.get(login=login)
