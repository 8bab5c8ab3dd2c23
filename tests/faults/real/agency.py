"""An agency of one seed: desks with readers, their bridge, the people, and the line between bridge and portal."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import httpx

from agency_bridge.portal.client import Answer, NoAnswer
from agency_bridge.portal.client import _read as read_answer
from bawabati.companies.models import Agency as AgencyRow
from bawabati.companies.models import Bridge, Desk, Reader
from bawabati.companies.reads import passphrase_purpose
from bawabati.companies.rules import Protocol
from bawabati.desks.models import DeskSession
from bawabati.flows.open_session import open_session
from bawabati.payments.models import Sale
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.sealed import seal
from faults.real.bridge_doors import knock
from faults.real.bridge_program import BridgeProgram, Request
from faults.real.reader_lines import ReaderLines
from sandbox.gateway.cards import DECK
from sandbox.reader.certificates import Authority
from sandbox.reader.faults import CONNECTION_KINDS, PAYMENT, Fault, Kind, Occasion, ReaderFaults
from sandbox.reader.fleet import Fleet, Place
from sandbox.reader.settings import How, ReaderSettings
from sandbox.reader.settings import Protocol as Speaks
from sandbox.reader.transactions import Category, Transaction, Wanted
from staff import add_agency, add_person

if TYPE_CHECKING:
    from faults.real.world import World

PASSPHRASE = "a passphrase of the harness"
KEY_NAME = "harness"
FLOAT = {1_000_00: 5}
"""What is counted into every drawer in the morning: centimes of a note, and how many of it."""
BRIDGE_KEY = "k" * 43
PROTOCOLS = (("nexo",), ("nexo",), ("nexo", "nexo"), ("caisse_ap",), ("nexo", "manual"))
"""Of the readers at the desks."""
MEMORY = Path("/dev/shm")  # noqa: S108 - the bridge's journal is written through to the disk, which costs time
ONCE_IN_A_WHILE = (0.03, 0.1, 0.3)
ABOUT_A_PAYMENT_ONLY = frozenset(
    {
        *(Kind.CUSTOMER_CANCELS, Kind.CARD_REMOVED, Kind.PIN_WRONG, Kind.PARTIAL, Kind.LOG_WIPED, Kind.IN_PROGRESS),
        *(Kind.HOST_UNREACHABLE, Kind.HOST_TIME_OUT, Kind.HOST_REVERSAL_LOST, Kind.ABORT_TOO_LATE, Kind.CLOCK_SKEW),
        *(Kind.UNENCRYPTED_SUCCESS, Kind.CLOSE_AFTER_APPROVAL),
    }
)
"""Faults of what moves money: on other messages they mean nothing."""
MONEY_CALLS = frozenset({"Payment", "Reversal"})
NEVER_DRAWN = frozenset({Kind.CLOCK_SKEW})
"""A ticket's time is believed by nobody, but where it is the only thing that tells one ticket from another."""


class SwarmReaderFaults(ReaderFaults):
    """Draws by the seed's rates; `once` holds what a directed run wants."""

    def __init__(self, *, random: Random, rates: Mapping[Kind, float]) -> None:
        super().__init__()
        self._random = random
        self.rates = dict(rates)
        self.once: list[Fault] = []
        self.struck: list[tuple[str, str]] = []
        self.protected: set[str] = set()

    def heal(self) -> None:
        self.rates.clear()
        self.once.clear()

    def refuses_connections(self, poi_id: str, *, now: float) -> bool:
        del poi_id, now
        return self._happens(Kind.REFUSE_CONNECTION, "connection")

    def draw_for_connection(self, poi_id: str, *, kind: Kind) -> Fault | None:
        del poi_id
        return Fault(kind=kind) if self._happens(kind, "connection") else None

    def draw(self, occasion: Occasion) -> Fault | None:
        for fault in self.once:
            if fault.call in {"", occasion.call} and (fault.call or occasion.call == PAYMENT):
                self.once.remove(fault)
                self.struck.append((fault.kind.value, occasion.call))
                return fault
        for kind in self.rates:
            if self._can_strike(kind, occasion) and self._happens(kind, occasion.call):
                return Fault(
                    kind=kind, seconds=self._random.choice((2.0, 20.0, 400.0)), polls=self._random.choice((1, 3))
                )
        return None

    def _can_strike(self, kind: Kind, occasion: Occasion) -> bool:
        if kind in CONNECTION_KINDS | NEVER_DRAWN:
            return False
        if kind in ABOUT_A_PAYMENT_ONLY and occasion.call not in MONEY_CALLS:
            return False
        return kind is not Kind.UNENCRYPTED_SUCCESS or occasion.poi_id in self.protected

    def _happens(self, kind: Kind, where: str) -> bool:
        happens = self._random.random() < self.rates.get(kind, 0.0)
        if happens:
            self.struck.append((kind.value, where))
        return happens


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRates:
    """How likely each thing goes wrong in the agency; 0 where this seed leaves it out."""

    kinds: Mapping[Kind, float] = field(default_factory=dict)
    bridge_dies: float = 0.0
    """At each step between two side effects of the bridge."""
    bridge_ends: float = 0.0
    """Somebody pulls its plug, at any moment."""
    reader_ends: float = 0.0
    request_lost: float = 0.0
    answer_lost: float = 0.0
    line_cut: float = 0.0

    @classmethod
    def drawn(cls, random: Random) -> AgencyRates:
        calm = random.random() < 0.1
        share = 0.0 if calm else random.choice((0.0, 0.1, 0.3))

        def sometimes(*rates: float) -> float:
            return 0.0 if calm else random.choice((0.0, *rates))

        return cls(
            kinds={kind: random.choice(ONCE_IN_A_WHILE) for kind in Kind if random.random() < share},
            bridge_dies=sometimes(0.0, 0.01, 0.05),
            bridge_ends=sometimes(0.0, 0.02, 0.1),
            reader_ends=sometimes(0.0, 0.02, 0.1),
            request_lost=sometimes(0.0, 0.05),
            answer_lost=sometimes(0.0, 0.05, 0.2),
            line_cut=sometimes(0.0, 0.03),
        )


@dataclass(eq=False, kw_only=True)
class AtDesk:
    """One desk: its session, its reader, and what its cashier's page shows."""

    desk: Desk
    session: DeskSession
    cashier: Staff
    reader: Reader
    place: Place | None
    """The reader on screen; none where the cashier keys by hand."""
    sale_id: int | None = None
    bill_id: int | None = None
    start_key: str = ""
    pressed: int = 0
    by_hand: Transaction | None = None
    """What a reader without a line has done with the sale that was keyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAtDesk:
    """A promise: what a cashier's page said of a sale."""

    sale_id: int
    word: str
    at: float


class Agency:
    """Made after the world's company. Everything random of its own comes from the seed."""

    def __init__(self, world: World, *, rates: AgencyRates | None = None, protocols: tuple[str, ...] = ()) -> None:
        self.world = world
        self.random = Random(f"agency {world.seed}")
        drawn = AgencyRates.drawn(self.random)
        self.rates = rates or drawn
        self.said: list[SaidAtDesk] = []
        self.customers: dict[int, str] = {}
        self.line_is_cut_until = 0.0
        self.deaths: Counter[str] = Counter()
        self.transactions: list[Transaction] = []
        """All that ever ended, those that a reader has forgotten too."""
        self.faults = SwarmReaderFaults(random=self.random, rates=self.rates.kinds)
        issuer = world.outside.issuer
        self.fleet = Fleet(issuer=issuer, random=self.random, faults=self.faults)
        self.lines = ReaderLines(self.fleet, clock=world.clock, when_over=self.transactions.append)
        self._folder = Path(tempfile.mkdtemp(prefix="bawabati-bridge-", dir=MEMORY if MEMORY.is_dir() else None))
        self.program = BridgeProgram(
            folder=self._folder, clock=world.clock, lines=self.lines, dies_at=self._bridge_dies_at
        )
        self._by_hand = self.fleet.put(ReaderSettings(poi_id=f"HAND-{world.seed}", protocol=Speaks.CAISSE_AP))
        with world.nobody_dies_yet():
            self._open(protocols or self.random.choice(PROTOCOLS))
        self.program.start()

    def close(self) -> None:
        self.program.die()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _bridge_dies_at(self, name: str) -> bool:
        world = self.world
        return world.crashes.is_due(name) or (world.is_faulty and self.random.random() < self.rates.bridge_dies)

    # --- the place ---

    def _open(self, protocols: tuple[str, ...]) -> None:
        world, code = self.world, f"AG{self.world.seed % 100:02d}"
        now = world.clock.now()
        company = world.company
        mail = f"{company.code}.example"
        self.row: AgencyRow = add_agency(company, code)
        self.bridge = Bridge.objects.create(
            company=company,
            agency=self.row,
            name=f"{code}-PC",
            key_sha256=sha256(BRIDGE_KEY.encode()).hexdigest(),
            enrolled_at=now,
            last_contact_at=now,
        )
        self.head = add_person(f"leila@{mail}", Role.AGENCY_HEAD, company=company, agency=self.row)
        self.finance = add_person(f"amel@{mail}", Role.FINANCE, company=company)
        company.typed_approval_limit_centimes = self.random.choice((0, 100_00, 10_000_000_00))
        company.save(update_fields=["typed_approval_limit_centimes"])
        self.counters = [self._desk(number, protocol, mail, now) for number, protocol in enumerate(protocols, start=1)]

    def _desk(self, number: int, protocol: str, mail: str, now: datetime) -> AtDesk:
        company, code = self.world.company, f"{self.row.code}-C{number}"
        poi_id = "" if protocol == Protocol.MANUAL else f"SIM-{self.world.seed}-{number}"
        desk = Desk.objects.create(company=company, agency=self.row, code=code)
        cashier = add_person(f"cashier{number}@{mail}", Role.CASHIER, company=company, agency=self.row)
        protects = protocol == Protocol.NEXO and self.random.random() < 0.5
        reader = Reader(
            company=company,
            agency=self.row,
            desk=desk,
            bridge=None if protocol == Protocol.MANUAL else self.bridge,
            protocol=protocol,
            poi_id=poi_id,
            serial=f"{company.code}-{number}",
            host=poi_id,
            port=1,
            options={"till": "07", "protocol_version": self.random.choice(("0300", "0320"))},
        )
        if protects:
            reader.options |= {"key_identifier": KEY_NAME, "key_version": 1}
            reader.passphrase_sealed = seal(PASSPHRASE, purpose=passphrase_purpose(reader))
            self.faults.protected.add(poi_id)
        else:
            reader.options["tls_ca_pem"] = _certificate()
        reader.save()
        session = open_session(desk_id=desk.id, counted=FLOAT, staff=cashier, now=now)
        place = self._place(poi_id, protocol, protects=protects) if poi_id else None
        return AtDesk(desk=desk, session=session, cashier=cashier, reader=reader, place=place)

    def _place(self, poi_id: str, protocol: str, *, protects: bool) -> Place:
        return self.fleet.put(
            ReaderSettings(
                poi_id=poi_id,
                protocol=Speaks(protocol),
                passphrase=PASSPHRASE if protects else "",
                key_identifier=KEY_NAME if protects else "",
                key_version=1,
                login_required=self.random.random() < 0.3,
                card_seconds=self.random.choice((20.0, 60.0)),
                pin_seconds=30.0,
            )
        )

    # --- time ---

    def heal(self) -> None:
        """From now on nothing fails here, and everything is switched on."""
        self.faults.heal()
        self.rates = AgencyRates()
        self.line_is_cut_until = 0.0
        for place in self.fleet.places():
            place.reader.unplugged_until = place.reader.maintained_until = 0.0
            place.reader.next_connection = None
        self.program.start()

    def step(self) -> None:
        """Readers and the bridge do what they can do now."""
        self.fleet.catch_up(now=self.world.clock.true)
        if not self.program.go() and self.program.died_at:
            self.deaths[self.program.died_at] += 1
            self.world.tell("bridge", f"DIED at {self.program.died_at}")
            self.program.died_at = ""

    def requests(self) -> list[Request]:
        return list(self.program.wire.requests)

    def carry(self, request: Request) -> None:
        """Brings a request of the bridge to the portal, and its answer back; or loses one of the two."""
        world, random = self.world, self.random
        program, wire = self.program, self.program.wire
        wire.take(request)
        is_cut = world.clock.true < self.line_is_cut_until
        if is_cut or (world.is_faulty and random.random() < self.rates.request_lost):
            wire.deliver(request, NoAnswer(why="ConnectError"))
            return
        world.clock.let_pass(random.uniform(0.01, 0.2))
        done = world.in_a_process(
            "portal",
            f"hears the bridge: {request.method} {_named(request)}",
            lambda: knock(request, bearer=f"Bearer {self.bridge.id}.{BRIDGE_KEY}"),
        )
        if world.is_faulty and random.random() < self.rates.answer_lost:
            done = None
        if program.wire is wire:
            wire.deliver(request, _answer(done))

    def next_at(self) -> float | None:
        """When readers or the bridge go on by themselves."""
        moments = [_due_at(place) for place in self.fleet.places()]
        due = [at for at in (*moments, self.program.wakes_at()) if at is not None]
        return min(due, default=None)

    # --- what is true ---

    def transactions_of_sale(self, sale: Sale) -> list[Transaction]:
        """All that any reader ever did of one sale."""
        return [each for each in self.all_payments() if each.wanted.reference == sale.reference]

    def pays_by_hand(self, sale: Sale, *, pan: str) -> Transaction:
        """On a reader that nobody can speak to: the cashier keys the amount, the customer the code."""
        reader, now = self._by_hand.reader, self.world.clock.true
        begun = reader.begin(
            Wanted(amount_centimes=sale.amount_centimes, currency="DZD", reference=sale.reference), now=now
        )
        assert isinstance(begun, Transaction), begun
        reader.present_card(pan, how=How.CONTACT, now=now)
        reader.give_pin(DECK[pan].pin, now=now)
        self.world.clock.let_pass(5.0)
        reader.catch_up(now=self.world.clock.true)
        assert begun.is_over
        return begun

    def net(self, transaction: Transaction) -> int:
        """What the card has lost by it, in the issuer's books."""
        issuer = self.world.outside.issuer
        return issuer.captured_centimes(transaction.books) - issuer.returned_centimes(transaction.books)

    def all_payments(self) -> list[Transaction]:
        known = {f"{each.poi_id}/{each.identifier}": each for each in self.transactions}
        for place in self.fleet.places():
            for each in place.reader.transactions():
                known.setdefault(f"{each.poi_id}/{each.identifier}", each)
        return [each for each in known.values() if each.category is Category.PAYMENT]

    def promise(self, sale_id: int, word: str) -> None:
        self.said.append(SaidAtDesk(sale_id=sale_id, word=word, at=self.world.clock.true))


@cache
def _certificate() -> str:
    """Whoever pins it has no stranger on the line; the harness's line has no TLS."""
    return Authority.new(now=datetime.now(tz=UTC)).pem


def _due_at(place: Place) -> float | None:
    reader = place.reader
    return reader._due_at if reader._due is not None else None


def _named(request: Request) -> str:
    return "".join(sign for sign in request.path.partition("?")[0] if not sign.isdigit()).replace("//", "/")


def _answer(done: object) -> Answer:
    """As the bridge reads it; nothing when the portal died, or its answer was lost."""
    if not isinstance(done, tuple):
        return NoAnswer(why="ReadError")
    status, body = done
    return read_answer(httpx.Response(status, content=body))
