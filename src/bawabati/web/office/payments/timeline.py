"""Everything that happened to one payment, in order: on our side, at its desk, at the gateway, and to its money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from django.utils.translation import get_language, gettext

from bawabati.cases.models import Case
from bawabati.money.amount import Money
from bawabati.money.display import with_currency
from bawabati.notices.models import Notice
from bawabati.payments.models import (
    Exchange,
    Payment,
    PaymentEvent,
    PaymentLine,
    ReaderOrder,
    Refund,
    Reservation,
    Sale,
)
from bawabati.payments.reads import (
    list_events,
    list_exchanges,
    list_happenings,
    list_orders_about,
    list_parts,
    list_refund_events,
)
from bawabati.payments.reads.channels import list_reservation_happenings
from bawabati.people.reads import find_staff_by_id
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import list_prints
from bawabati.web.office.cases.words import KINDS as CASE_KINDS
from bawabati.web.office.channels.words import EVENTS as CHANNEL_EVENTS
from bawabati.web.office.channels.words import say
from bawabati.web.office.notices.words import MEANS
from bawabati.web.office.payments.words import (
    EVENTS,
    NOTICE_STATES,
    NOTICES,
    ORDERS,
    OUTCOMES,
    REFUND_STEPS,
    VERBS,
    words,
)
from bawabati.web.shared.sale_shown import happening_words

_TOLD: Final = (
    *("order_number", "reference", "amount_centimes", "held_centimes", "currency", "order_status", "error_code"),
    *("response_code", "action_code", "approval_code", "masked_card", "message", "because", "outcome", "last_four"),
    *("slip_number", "slip_on", "stamp_duty_centimes", "cheque_bank"),
)
"""What of the evidence stands on the page; the whole of it stays in the table. Rule: logs-hold-no-secrets"""


class Kind(StrEnum):
    """What a moment is, told apart by its sign and its words."""

    STEP = "step"
    MESSAGE_OUT = "out"
    MESSAGE_IN = "in"
    PAPER = "paper"
    CASE = "case"


class Place(IntEnum):
    """Among what one step of ours wrote at one moment: what comes before what."""

    BEGINNING = 0
    QUESTION = 1
    CLAIM = 2
    ORDER = 3
    WHAT_FOLLOWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened."""

    at: datetime
    kind: Kind
    what: str
    how: str = ""
    """How it came out, in a word."""
    who: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """By their technical names, as they stand in the manuals of the gateway."""
    took_milliseconds: int | None = None
    place: Place = Place.WHAT_FOLLOWS
    case_id: int | None = None


def timeline(
    payment: Payment,
    *,
    receipt: Receipt | None,
    refunds: list[Refund],
    cases: list[Case],
    notices: list[Notice],
) -> list[Moment]:
    """The oldest first."""
    moments = [_message(exchange) for exchange in list_exchanges(payment.id)]
    moments += [_event(event) for event in list_events(payment.id)]
    if payment.sale is not None:
        moments += _of_sale(payment.sale)
    if payment.reservation is not None:
        moments += _of_reservation(payment.reservation)
    for refund in refunds:
        moments += _of_refund(refund)
    if receipt is not None:
        moments += _of_receipt(receipt)
    moments += [_notice(notice) for notice in notices]
    for case in cases:
        moments += _of_case(case)
    return sorted(moments, key=lambda moment: (moment.at, moment.place))


def references_of(
    payment: Payment, *, lines: list[PaymentLine], receipt: Receipt | None, refunds: list[Refund]
) -> list[str]:
    """How cases, messages and books name this payment and what belongs to it."""
    references = [f"payment:{payment.id}", *(f"payment_line:{line.id}" for line in lines)]
    references += [f"refund:{refund.id}" for refund in refunds]
    references += [f"refund_part:{part.id}" for refund in refunds for part in list_parts(refund.id)]
    references += [f"sale:{payment.sale_id}"] if payment.sale_id else []
    references += [f"reservation:{payment.reservation_id}"] if payment.reservation_id else []
    references += [f"receipt:{receipt.id}"] if receipt else []
    return references


def _event(event: PaymentEvent) -> Moment:
    by = find_staff_by_id(event.evidence["by"]) if "by" in event.evidence else None
    return Moment(
        at=event.at,
        kind=Kind.STEP,
        what=words(EVENTS, event.event),
        who=by.name if by else "",
        place=Place.BEGINNING if event.sequence == 1 else Place.WHAT_FOLLOWS,
        facts=_facts(event.evidence),
    )


def _message(exchange: Exchange) -> Moment:
    is_in = exchange.verb == "callback"
    status = "" if exchange.http_status is None else f"HTTP {exchange.http_status}"
    return Moment(
        at=exchange.at,
        kind=Kind.MESSAGE_IN if is_in else Kind.MESSAGE_OUT,
        what=words(VERBS, exchange.verb),
        how=" · ".join(part for part in (words(OUTCOMES, exchange.outcome), status) if part),
        facts=(
            *((f"→ {name}", str(value)) for name, value in exchange.asked.items()),
            *((f"← {name}", str(value)) for name, value in exchange.answered.items()),
        ),
        took_milliseconds=None if is_in else exchange.milliseconds,
        place=Place.ORDER if exchange.verb == "refund" else Place.QUESTION,
    )


def _of_sale(sale: Sale) -> Iterator[Moment]:
    for happening in list_happenings(sale.id):
        yield Moment(
            at=happening.at,
            kind=Kind.STEP,
            what=f"{gettext('At the desk')}: {happening_words(happening.event)}",
            who=happening.by.name if happening.by else "",
            facts=_facts(happening.evidence),
        )
    for order in list_orders_about(sale.id):
        yield from _of_order(order)


def _of_reservation(reservation: Reservation) -> Iterator[Moment]:
    for happening in list_reservation_happenings(reservation.id):
        yield Moment(
            at=happening.at,
            kind=Kind.STEP,
            what=f"{reservation.channel.name}: {say(CHANNEL_EVENTS, happening.event)}",
            who=happening.by.name if happening.by else "",
            facts=_facts(happening.evidence),
        )


def _of_order(order: ReaderOrder) -> Iterator[Moment]:
    """What a bridge was told, and what it reported."""
    asked = {name: value for name, value in order.body.items() if name in {"amount_centimes", "service_id"}}
    yield Moment(
        at=order.put_at,
        kind=Kind.MESSAGE_OUT,
        what=words(ORDERS, order.kind),
        how=order.state if order.done_at is None else "",
        facts=(("→ reader", order.reader.serial), *((f"→ {name}", str(value)) for name, value in asked.items())),
    )
    if order.done_at is not None:
        yield Moment(
            at=order.done_at,
            kind=Kind.MESSAGE_IN,
            what=gettext("The bridge reports what the reader said"),
            how=order.outcome,
            facts=tuple((f"← {name}", value) for name, value in _facts(order.result)),
        )


def _of_refund(refund: Refund) -> Iterator[Moment]:
    for event in list_refund_events(refund.id):
        yield Moment(
            at=event.at,
            kind=Kind.STEP,
            what=words(REFUND_STEPS, event.event),
            how=with_currency(Money(refund.amount_centimes), get_language() or "ar"),
            who="" if event.by.is_system else event.by.name,
            place=Place.CLAIM if event.event == "claimed" else Place.WHAT_FOLLOWS,
            facts=_facts(event.evidence),
        )


def _of_receipt(receipt: Receipt) -> Iterator[Moment]:
    number = str(receipt.facts["number"])
    yield Moment(at=receipt.issued_at, kind=Kind.PAPER, what=gettext("Receipt issued"), how=number)
    for copy in list_prints(receipt.id):
        yield Moment(
            at=copy.printed_at,
            kind=Kind.PAPER,
            what=gettext("Receipt printed again: copy %(number)s") % {"number": copy.copy_number},
            who=copy.printed_by.name,
        )


def _notice(notice: Notice) -> Moment:
    tries = {"tries": str(notice.tries)} if notice.tries > 1 else {}
    reason = {"last_reason": notice.last_reason} if notice.last_reason else {}
    return Moment(
        at=notice.sent_at or notice.created_at,
        kind=Kind.MESSAGE_OUT,
        what=words(NOTICES, notice.kind),
        how=f"{words(NOTICE_STATES, notice.state)} · {words(MEANS, notice.means)}",
        facts=tuple((tries | reason).items()),
    )


def _of_case(case: Case) -> Iterator[Moment]:
    name = {"number": case.id, "kind": words(CASE_KINDS, case.kind)}
    yield Moment(
        at=case.opened_at,
        kind=Kind.CASE,
        what=gettext("Case %(number)s opened: %(kind)s") % name,
        who=case.owner.name,
        case_id=case.id,
    )
    if case.closed_at is not None:
        yield Moment(
            at=case.closed_at,
            kind=Kind.CASE,
            what=gettext("Case %(number)s closed") % name,
            facts=(("because", case.closed_because),) if case.closed_because else (),
            case_id=case.id,
        )


def _facts(evidence: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(evidence[name])) for name in _TOLD if evidence.get(name) not in {None, ""})
