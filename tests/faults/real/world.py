"""One seed's world: a company and its bills in the real database, payers, the outside, and a portal that may die.

Everything random comes from the seed. The portal's steps run one after the other in this thread; between two side
effects of a step the harness may end its process, or let somebody else's whole step happen.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from threading import Thread, current_thread
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from bawabati.adapters import registry
from bawabati.bills.models import Bill
from bawabati.companies.rules import SurplusBecomes
from bawabati.crashpoints import dying_at
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import FoundBill
from bawabati.flows.steps import gateway as gateway_step
from bawabati.flows.steps.schedule import schedule
from bawabati.payments.models import Payment
from bawabati.payments.rules.ways import Way
from faults.real import hands
from faults.real.clock import Clock
from faults.real.story import Story
from faults.real.surroundings import (
    CALLBACKS,
    GATEWAY_URL,
    PASSWORD,
    REFUND_NAMES,
    TERMINAL,
    Surroundings,
    drawn_settings,
    user_name_of,
)
from faults.real.swarm import Rates, SwarmPlan
from people import NOON, add_bill, add_company

if TYPE_CHECKING:
    from faults.real.agency import Agency

MOMENTS_TO_BEGIN = (
    NOON + timedelta(days=2),
    NOON + timedelta(days=2, hours=11, minutes=40),
    datetime(2026, 12, 31, 22, 45, tzinfo=UTC),
)
"""Noon, a little before midnight, and a little before the year's end in Algiers."""
SCHEDULES: tuple[dict[str, object], ...] = ({}, {"ask_every": 240}, {"ask_every": 600}, {"ask_every": 600})
"""The ordinary one, and two that ask less often: the same rules, and more seeds in a minute."""
AMOUNTS = (50_00, 1_430_50, 20_000_00)
DEEPEST = 2
SHARE_WITH_AGENCY = 0.15
AGENCIES = {"always": 1.0, "never": 0.0}.get(os.environ.get("FAULTS_AGENCY", ""), SHARE_WITH_AGENCY)
"""How many of the seeds have an agency; `FAULTS_AGENCY=always` is for a run of agency sales alone."""
WAITS_FOR_A_LOCK = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
"""
LONGEST_PAUSE = 180
"""Seconds that a process may stand still between two side effects, besides what others do meanwhile."""

Answer = TypeVar("Answer")


def _somebody_waits_for_a_lock(watching: psycopg.Connection[Any]) -> bool:
    (waits,) = watching.execute(WAITS_FOR_A_LOCK).fetchone() or (False,)
    return bool(waits)


class Beside(Thread):
    """Somebody else's step in a thread of its own."""

    def __init__(self, step: Callable[[], None]) -> None:
        super().__init__()
        self._step = partial(copy_context().run, step)
        self._surprise: Exception | None = None

    def run(self) -> None:
        try:
            self._step()
        except Exception as surprise:  # noqa: BLE001 - raised again by whoever waits for the end
            self._surprise = surprise
        finally:
            connections.close_all()

    def end(self) -> None:
        """Waits for it, and raises what it raised."""
        self.join()
        if self._surprise is not None:
            raise self._surprise


class Died(BaseException):
    """The process is gone. Nothing may catch it but whoever started the process."""


@dataclass(kw_only=True)
class Crashes:
    """Where a process dies, beside chance: at one chosen boundary, the first so many times that somebody passes it."""

    chosen: str | None = None
    times: int = 1
    waits: bool = False
    """What happens now is not what somebody is to die in."""
    passed: Counter[str] = field(default_factory=Counter)
    died_at: Counter[str] = field(default_factory=Counter)

    def is_due(self, name: str) -> bool:
        if self.waits:
            return False
        self.passed[name] += 1
        return name == self.chosen and self.passed[name] <= self.times


@dataclass(kw_only=True, eq=False)
class Payer:
    """Somebody with a browser, a card and a telephone."""

    name: str
    bills: list[int]
    email: str
    language: str
    start_key: str
    pan: str
    payment_id: int | None = None
    page_url: str = ""
    """The card page that this payer was led to."""
    has_left: bool = False
    found: FoundBill | None = None
    """The bill as this payer last saw it, which may be long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A promise: what a payer was shown about a payment."""

    payment_id: int
    word: str
    at: float


class World:
    """Made by the seed; `crashes` and `rates` are given by directed runs only."""

    def __init__(self, seed: int, *, rates: Rates | None = None, crashes: Crashes | None = None) -> None:
        self.seed = seed
        self.random = Random(f"real {seed}")
        self.story = Story()
        self.clock = Clock(starts_at=self.random.choice(MOMENTS_TO_BEGIN) + timedelta(seconds=self.random.random()))
        drawn = Rates.drawn(self.random)
        self.wire = "current" if rates else self.random.choice(("current", "current", "older", "status"))
        self.callbacks = self.random.choice(list(CALLBACKS))
        self.refund_names = "no" if rates else self.random.choice(REFUND_NAMES)
        self.plan = SwarmPlan(random=self.random, rates=rates or drawn, begins_at=self.clock.true)
        self.crashes = crashes or Crashes()
        self.is_faulty = True
        self.depth = 0
        self.said: list[Said] = []
        self._named: dict[int, int] = {}
        self._named_sales: dict[int, int] = {}
        self.agency: Agency | None = None
        """Where there is one, bills are also paid at desks."""
        self._waiting: list[tuple[Thread, Beside]] = []
        self._watching: psycopg.Connection[Any] | None = None
        self.taken_back_by_the_bank: list[Payment] = []
        self.moves: Callable[[World], None] | None = None
        """What somebody else may do meanwhile."""
        gateway_settings = drawn_settings(self.random, wire=self.wire)
        self.outside = Surroundings(random=self.random, clock=self.clock, plan=self.plan, settings=gateway_settings)
        self.schedule = self.random.choice(SCHEDULES)
        self.has_agency = rates is None and Random(f"agency? {seed}").random() < AGENCIES

    @property
    def rates(self) -> Rates:
        return self.plan.rates

    # --- the beginning ---

    @contextmanager
    def running(self) -> Iterator[World]:
        """The portal works in this world while the block lasts."""
        hands.surround(self.outside)
        before = {name: getattr(settings, name) for name in (*hands.HANDS, "ASK_SCHEDULE", "EMAIL_FROM")}
        true_now = timezone.now
        for name, value in {**hands.HANDS, "ASK_SCHEDULE": self.schedule, "EMAIL_FROM": "bills@example.com"}.items():
            setattr(settings, name, value)
        schedule.cache_clear()
        timezone.now = self.clock.now
        try:
            with dying_at(self._at_boundary):
                yield self
        finally:
            timezone.now = true_now
            for name, value in before.items():
                setattr(settings, name, value)
            schedule.cache_clear()
            hands.surround(None)
            if self.agency is not None:
                self.agency.close()
            connection.close()
            if self._watching is not None:
                self._watching.close()

    def found_company(self, *, code: str = "") -> None:
        """A company whose gateway is this world's, and some bills."""
        self.company = add_company(
            code or f"company-{self.seed}",
            gateway_url=GATEWAY_URL,
            user_name=user_name_of(wire=self.wire, callbacks=self.callbacks, refund_names=self.refund_names),
            password=PASSWORD,
            terminal_id=TERMINAL,
        )
        account = self.company_account()
        account.options = {"wire": self.wire, "refund_names": self.refund_names, **CALLBACKS[self.callbacks]}
        account.save(update_fields=["options"])
        self.company.offers_other_bills = self.random.random() < 0.5
        self.company.allows_part_payment = self.random.random() < 0.5
        self.company.surplus_becomes = self.random.choice(list(SurplusBecomes))
        self.company.save()
        self.forget_the_process()

    def company_account(self) -> Any:  # noqa: ANN401 - a model
        from bawabati.companies.models import GatewayAccount  # noqa: PLC0415 - settings first

        return GatewayAccount.objects.get(company=self.company)

    def add_bills(self, count: int) -> list[Bill]:
        """Of different customers, or all of one."""
        bills = [
            add_bill(self.company, seed=number + 1, due_centimes=self.random.choice(AMOUNTS)) for number in range(count)
        ]
        if self.random.random() < 0.5:
            Bill.objects.filter(company=self.company).update(customer=bills[0].customer)
        self.bills = bills
        return bills

    # --- processes that may die ---

    def in_a_process(self, who: str, what: str, step: Callable[[], Answer]) -> Answer | CannotDo | None:
        """Runs a step of the portal; None when its process died. A refusal is an answer."""
        self.depth += 1
        self.clock.let_pass(self.random.uniform(0.001, 0.1))  # no two steps begin at one moment: ties have no order
        self.tell(who, what)
        crowd = self.crowd() if self.is_faulty and self.random.random() < self.rates.crowded else None
        try:
            try:
                answer: Answer | CannotDo | None = step()
            finally:
                self._let_those_end_who_waited_for_me()
        except Died as death:
            self.tell(who, f"DIED at {death}")
            connections.close_all()
            self.forget_the_process()
            return None
        except CannotDo as refusal:
            self.tell(who, f"refused: {refusal.code}")
            return refusal
        finally:
            self.depth -= 1
            if crowd is not None:
                crowd()
        return answer

    def forget_the_process(self) -> None:
        """A new process knows nothing of what the old one had in mind."""
        for _made_from, hand in registry._made.values():
            if isinstance(hand, hands.SatimInProcess):
                hand.forget_silence()

    def crowd(self) -> Callable[[], None]:
        """Somebody takes every place of this process at the gateways; the answer sends them away again."""
        places = gateway_step._places()._places
        taken = 0
        while places.acquire(blocking=False):
            taken += 1
        self.tell("others", "take every place at the gateway")

        def leave() -> None:
            for _ in range(taken):
                places.release()

        return leave

    def _at_boundary(self, name: str) -> None:
        if not connection.in_atomic_block:
            self._let_those_end_who_waited_for_me()
        if self.crashes.is_due(name) or (self.is_faulty and self.random.random() < self.rates.crash):
            self.crashes.died_at[name] += 1
            raise Died(name)
        if not self.is_faulty or self.moves is None or self.depth > DEEPEST:
            return
        if self.random.random() < self.rates.meanwhile:
            self.tell("meanwhile", f"at {name}:")
            if connection.in_atomic_block:
                self._let_somebody_else_move_beside(self.moves)
            else:
                self.moves(self)
            self.clock.let_pass(self.random.choice((0, 0, 5, LONGEST_PAUSE)) * self.random.random())

    # --- somebody else, while a transaction is open ---

    def _let_somebody_else_move_beside(self, moves: Callable[[World], None]) -> None:
        """In a thread with connections of its own; until its end, or until it waits for a lock of this transaction.

        One of the two always waits for the other, so that the order stays the seed's.
        """
        watching = self._watching_connection()
        beside = Beside(lambda: moves(self))
        beside.start()
        while beside.is_alive() and not _somebody_waits_for_a_lock(watching):
            beside.join(0.002)
        if beside.is_alive():
            self._waiting.append((current_thread(), beside))
        else:
            beside.end()

    def _let_those_end_who_waited_for_me(self) -> None:
        """This thread's transaction is over: whoever waited for it goes on to the end before anything else happens."""
        mine = [(whom, beside) for whom, beside in self._waiting if whom is current_thread()]
        for entry in mine:
            self._waiting.remove(entry)
            entry[1].end()

    def _watching_connection(self) -> psycopg.Connection[Any]:
        """Made before the first thread is, so that there is one."""
        if self._watching is None:
            parameters = connection.get_connection_params()
            names = ("dbname", "host", "port", "user", "password")
            self._watching = psycopg.connect(autocommit=True, **{name: parameters[name] for name in names})
        return self._watching

    @contextmanager
    def nobody_dies_yet(self) -> Iterator[None]:
        """A chosen death waits for the end of the block, and comes in the flow that is meant of those that share it."""
        before = self.crashes.waits, self.is_faulty
        self.crashes.waits, self.is_faulty = True, False
        try:
            yield
        finally:
            self.crashes.waits, self.is_faulty = before

    # --- the story ---

    def tell(self, who: str, what: str) -> None:
        error = self.clock.error_seconds
        self.story.tell(seconds=self.clock.true - self.clock.started, clock_error=error, who=who, what=what)

    def name(self, payment: Payment | int) -> str:
        """The same in every run: neither its identifier nor its order number is."""
        payment_id = payment if isinstance(payment, int) else payment.id
        return f"payment {self._named.setdefault(payment_id, len(self._named) + 1)}"

    def promise(self, payment: Payment, word: str) -> None:
        self.said.append(Said(payment_id=payment.id, word=word, at=self.clock.true))

    def heal(self) -> None:
        """From now on nothing fails, nobody dies, and the portal's clock is right again."""
        self.is_faulty = False
        self.plan.heal()
        if self.agency is not None:
            self.agency.heal()
        self.clock.error_seconds = 0.0
        self.forget_the_process()
        self.tell("world", "everything heals")

    def never_cancels(self) -> None:
        """The gateway keeps what nobody has acknowledged."""
        gateway = self.outside.gateway
        gateway.use(gateway.settings.changed({"auto_cancel_seconds": None}))

    def payments(self) -> list[Payment]:
        """The attempts of payers on the web."""
        return list(Payment.objects.filter(company=self.company, way=Way.WEB).order_by("id"))

    def name_of_sale(self, sale_id: int) -> str:
        """The same in every run."""
        return f"sale {self._named_sales.setdefault(sale_id, len(self._named_sales) + 1)}"
