"""A desk of the tests: Hakim is the cashier, Leila the agency's head; what a bridge tells of their reader."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from people import NOON
from staff import add_agency, add_person

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Agency, Bridge, Company, Desk, Reader
    from bawabati.desks.models import DeskSession
    from bawabati.payments.models import ReaderOrder, Sale
    from bawabati.payments.rules.sales import Outcome
    from bawabati.people.models import Staff

HAKIM = "hakim@oran.example"
LEILA = "leila@oran.example"
POI = "SIM1000-000000012"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """An agency with one desk, its reader, its bridge, its people, and an open session of the cashier."""

    agency: Agency
    desk: Desk
    bridge: Bridge
    reader: Reader
    cashier: Staff
    head: Staff
    session: DeskSession


def add_counter(
    company: Company, *, protocol: str = "nexo", now: datetime = NOON, code: str = "AG07", who: str = HAKIM
) -> Counter:
    """The desk as it stands in the morning; `protocol` is the reader's."""
    from bawabati.companies.models import Bridge, Desk, Reader  # noqa: PLC0415 - settings first
    from bawabati.desks.models import DeskSession  # noqa: PLC0415
    from bawabati.people.rules import Role  # noqa: PLC0415

    agency = add_agency(company, code)
    desk = Desk.objects.create(company=company, agency=agency, code=f"{code}-C1")
    bridge = Bridge.objects.create(
        company=company, agency=agency, name=f"{code}-PC", key_sha256="x" * 64, enrolled_at=now, last_contact_at=now
    )
    reader = Reader.objects.create(
        company=company,
        agency=agency,
        desk=desk,
        bridge=None if protocol == "manual" else bridge,
        protocol=protocol,
        poi_id="" if protocol == "manual" else f"{POI}{code}"[:32],
        serial=f"{code}-1",
        last_status="ok",
        last_contact_at=now,
        boot="1",
    )
    cashier = add_person(who, Role.CASHIER, company=company, agency=agency)
    head = add_person(f"head-{code.lower()}@oran.example", Role.AGENCY_HEAD, company=company, agency=agency)
    session = DeskSession.objects.create(
        company=company,
        agency=agency,
        desk=desk,
        cashier=cashier,
        float_centimes=500_000,
        opened_at=now,
        opened_on=now.date(),
    )
    return Counter(agency=agency, desk=desk, bridge=bridge, reader=reader, cashier=cashier, head=head, session=session)


def take(counter: Counter, *bills: Bill, key: str = "", in_spite_of: str = "", now: datetime = NOON) -> Sale:
    """The cashier takes a card for these bills."""
    from bawabati.flows.take_card import take_card  # noqa: PLC0415 - settings first
    from paying import seen_now  # noqa: PLC0415

    return take_card(
        session_id=counter.session.id,
        seen=[seen_now(bill) for bill in bills],
        start_key=key or secrets.token_urlsafe(16),
        language="fr",
        in_spite_of=in_spite_of,
        staff=counter.cashier,
        now=now,
    )


def order_of(sale: Sale, kind: str = "pay") -> ReaderOrder:
    """The newest order of that kind about a sale."""
    from bawabati.payments.models import ReaderOrder  # noqa: PLC0415 - settings first

    found = ReaderOrder.objects.filter(sale=sale, kind=kind).order_by("-id").first()
    assert found is not None, f"no {kind} order about {sale}"
    return found


def fetch(counter: Counter, sale: Sale, kind: str = "pay", *, now: datetime = NOON) -> bool:
    """The bridge says that it takes the order."""
    from bawabati.flows.take_order import take_order  # noqa: PLC0415 - settings first

    return take_order(bridge_id=counter.bridge.id, order_id=order_of(sale, kind).id, now=now)


def report(
    counter: Counter, sale: Sale, outcome: Outcome, *, kind: str = "pay", now: datetime = NOON, **facts: object
) -> None:
    """The bridge reports what came of the newest order of that kind; `facts` differ from what was asked for."""
    from bawabati.flows.take_result import take_result  # noqa: PLC0415 - settings first
    from bawabati.payments.rules.sales import ReaderSaid  # noqa: PLC0415

    answer: dict[str, Any] = {**answer_to(sale), **facts}
    said = ReaderSaid(outcome=outcome, **answer)
    take_result(bridge_id=counter.bridge.id, order_id=order_of(sale, kind).id, said=said, extra={}, now=now)


def happened_to(sale: Sale) -> int:
    """How many events stand beside it now, as a page would have shown."""
    sale.refresh_from_db()
    return sale.event_count


def answer_to(sale: Sale) -> Mapping[str, Any]:
    """What a reader that approved exactly this sale says of it."""
    from bawabati.money.amount import Money  # noqa: PLC0415 - settings first

    sale.refresh_from_db()
    assert sale.reader is not None
    return {
        "service_id": sale.service_id,
        "poi_id": sale.reader.poi_id,
        "sale_reference": sale.reference,
        "echoes_reference": True,
        "amount": Money(sale.amount_centimes),
        "currency": "DZD",
        "approval_code": f"{sale.id:06d}",
        "masked_card": "628058******1234",
        "card_brand": "CIB",
        "poi_transaction_id": f"T{sale.id}",
        "poi_transaction_at": NOON,
        "boot": "1",
    }
