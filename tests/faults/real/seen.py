"""What must have been seen sometimes: a run that never saw it proves less than it seems to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from bawabati.payments.rules import EVENTS
from bawabati.payments.rules.sales import SALE_EVENTS, SaleEvent, SaleState
from faults.awaited import AWAITED
from faults.passed import bridge_boundaries
from faults.real.swarm import FAULTS_OF_THE_PAGE, MAYBE_AFTER_THE_EFFECT, NO_CONNECTION
from house.side_effects import boundaries
from sandbox.gateway.faults import CALLBACK_KINDS, WIRE_KINDS, Kind
from sandbox.reader.faults import Kind as ReaderKind

if TYPE_CHECKING:
    from faults.real.world import World

__all__ = ["Outcome", "Seen", "boundaries_on_the_road", "seen_in"]

RESULT_CALLS = ("public/acknowledgeTransaction.do", "confirmOrder.do", "getOrderStatus.do")
REFUND = "refund.do"
"""Never sent in an outage: what the gateway holds is read just before."""
CALLS = ("register.do", REFUND, "getOrderStatusExtended.do", *RESULT_CALLS)
WRONG_VALUES = frozenset({Kind.WRONG_AMOUNT, Kind.WRONG_CURRENCY, Kind.WRONG_ORDER})
OFF_THE_ROAD = frozenset(
    {
        *("add_staff", "approve_change", "refuse_change", "ask_gateway_change", "bring_in_company", "set_up_company"),
        *("email_receipt", "print_receipt", "upload_mark", "take_mark_down", "ask_again_later", "postpone_notice"),
        *("refund_later", "recover_payment", "compare_payment", "apply_credit", "choose_surplus", "close_refund"),
        *("open_session", "close_session", "close_agency_day", "enrol_bridge", "keep_fleet", "find_at_desk"),
        *("print_at_desk", "set_aside_block", "take_in_offline_receipt", "void_block", "take_cash", "take_cheque"),
        *("type_approval", "resolve_sale", "release_sale", "cancel_sale", "reverse_sale"),
        *("import_statement", "prepare_profiles", "match_statement", "match_open_lines", "look_for_missing"),
        *("take_difference", "promise_difference", "comment_difference", "propose_ending", "confirm_ending"),
        *("refuse_ending",),
    }
)
"""Flows that no payer, job or sweep of a seed comes through, or so seldom that no run can count on a death there. A
test of its own dies at each of their boundaries."""


@dataclass(kw_only=True)
class Seen:
    """How often everything was seen, over all seeds that were added."""

    edges: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)
    worlds: Counter[str] = field(default_factory=Counter)
    sales: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Edges of the table of sales at desks."""
    readers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Faults of readers, and on which message."""

    def add(self, other: Seen) -> None:
        for each in fields(self):
            getattr(self, each.name).update(getattr(other, each.name))

    def never(self) -> list[str]:
        """What should have been seen, and was not."""
        return [
            *(f"{before} --{event}-->" for before, event in _edges() if (before, event) not in self.edges),
            *(f"{kind} on {call}" for kind, call in _faults() if (kind, call) not in self.faults),
            *(f"death at {name}" for name in boundaries_on_the_road() if name not in self.deaths),
            *(f"death at {name}" for name in bridge_boundaries() if name not in self.deaths),
            *(f"a sale {before} --{event}-->" for before, event in _sale_edges() if (before, event) not in self.sales),
            *(f"reader: {kind}" for kind in _reader_faults() if kind not in {known for known, _ in self.readers}),
        ]

    def shown(self) -> str:
        return "\n".join(
            f"{count:8}  {' '.join(what) if isinstance(what, tuple) else what}"
            for each in fields(self)
            for what, count in sorted(getattr(self, each.name).items())
        )


@dataclass(kw_only=True)
class Outcome:
    """What came of a seed. `broken` is empty when everything is as it must be."""

    seed: int
    broken: list[str]
    story: str = ""
    seen: Seen = field(default_factory=Seen)


def boundaries_on_the_road() -> list[str]:
    awaited = {effect.partition(":")[0] for effect in AWAITED}
    return [name for name in boundaries() if name.partition(":")[0] not in OFF_THE_ROAD | awaited]


def _edges() -> Iterator[tuple[str, str]]:
    for before, events in EVENTS.items():
        for event in events:
            yield before, event


def _sale_edges() -> Iterator[tuple[str, str]]:
    for before, events in SALE_EVENTS.items():
        for event in events:
            if event != SaleEvent.RECEIVED and (before, event) != (SaleState.OPENED, SaleEvent.NOT_SENT):
                yield before, event


def _reader_faults() -> Iterator[str]:
    for kind in ReaderKind:
        if kind is not ReaderKind.CLOCK_SKEW:
            yield kind.value


def _faults() -> Iterator[tuple[str, str]]:
    for call in CALLS:
        yield NO_CONNECTION, call
        if call != REFUND:
            yield "outage", call
        for kind in sorted(WIRE_KINDS):
            if kind in WRONG_VALUES and call in {"register.do", REFUND}:
                continue  # their answers hold none of these values
            if kind in MAYBE_AFTER_THE_EFFECT:
                yield f"{kind.value} before", call
                yield f"{kind.value} after", call
            else:
                yield kind.value, call
    for kind, moment in zip(FAULTS_OF_THE_PAGE, ("code", "code", "refusal", "redirect"), strict=True):
        yield kind.value, moment
    for kind in sorted(CALLBACK_KINDS - {Kind.CALLBACK_ONCE}):
        yield kind.value, "callback"
    for mail in ("mail_refused", "mail_later", "mail_lost_answer", "mail_twice"):
        yield mail, "mail"


def seen_in(world: World) -> Seen:
    """What one seed saw."""
    from bawabati.payments.models import PaymentEvent, SaleHappening  # noqa: PLC0415 - counted also where no Django is

    edges = PaymentEvent.objects.filter(company=world.company).values_list("from_state", "event")
    settings = world.outside.gateway.settings
    agency = world.agency
    back = "never" if settings.auto_cancel_seconds is None else ("back" if settings.auto_cancel_gives_back else "kept")
    return Seen(
        edges=Counter(edges),
        faults=Counter(world.plan.struck),
        deaths=Counter(world.crashes.died_at) + (agency.deaths if agency else Counter()),
        sales=Counter(SaleHappening.objects.filter(company=world.company).values_list("from_state", "event")),
        readers=Counter(agency.faults.struck) if agency else Counter(),
        worlds=Counter([f"wire {world.wire}", f"unheard {back}", f"cancelled: {settings.after_cancelling}"]),
    )
