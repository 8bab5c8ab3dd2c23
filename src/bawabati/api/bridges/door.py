"""The calls of a bridge. Every one may be repeated: the second time it changes nothing and answers the same."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from bawabati.api.bridges.read import extra_in, order_words, reader_words, said_in
from bawabati.api.bridges.words import (
    Acknowledged,
    Contact,
    Enrolled,
    Enrolment,
    Go,
    Nothing,
    OfflineReceipt,
    Progress,
    Refusal,
    Result,
    TakenIn,
    Work,
)
from bawabati.api.waiting_room import WaitingRoom
from bawabati.companies.models import Bridge
from bawabati.companies.reads import list_readers_of_bridge
from bawabati.flows.enrol_bridge import enrol_bridge
from bawabati.flows.hear_contact import ReaderNews, hear_contact
from bawabati.flows.list_blocks import list_blocks
from bawabati.flows.note_progress import note_progress
from bawabati.flows.take_in_offline_receipt import take_in_offline_receipt
from bawabati.flows.take_order import take_order
from bawabati.flows.take_result import take_result
from bawabati.money.amount import Money
from bawabati.payments.reads import bridges_with_work, list_orders_to_do
from bawabati.scope import enter_every_company

LONGEST_WAIT = 25.0

router = Router(tags=["bridges"])
room = WaitingRoom(places=settings.BRIDGES_WAITING_AT_ONCE, look=bridges_with_work)


@router.post("enrolment", auth=None, response={200: Enrolled, 404: Refusal, 409: Refusal, 422: Refusal})
def enrol(request: HttpRequest, body: Enrolment) -> Enrolled:  # noqa: ARG001 - ninja hands it over
    """A bridge joins with its one-time code and the key that it has made."""
    enter_every_company("a bridge that joins has nothing yet but its code")
    bridge = enrol_bridge(code=body.code, key=body.key, software=body.software, now=timezone.now())
    return Enrolled(bridge=bridge.id, name=bridge.name, company=bridge.company.code, agency=bridge.agency.code)


@router.get("orders", response={200: Work, 401: Refusal})
def orders(request: HttpRequest, wait: Annotated[float, Query(), Field(ge=0)] = 0) -> Work:
    """What is to be done: at once if something waits, else after up to `wait` seconds."""
    bridge = _bridge(request)
    room.wait_for(bridge.id, seconds=min(wait, LONGEST_WAIT))
    return Work(
        now=timezone.now(),
        orders=[order_words(order) for order in list_orders_to_do(bridge.id)],
        readers=[reader_words(reader) for reader in list_readers_of_bridge(bridge.id)],
        blocks=list_blocks(bridge_id=bridge.id),
    )


@router.post("orders/{int:order_id}/taken", response={200: Go, 401: Refusal, 404: Refusal})
def taken(request: HttpRequest, order_id: int, body: Nothing) -> Go:  # noqa: ARG001 - nothing stands in it
    """The bridge is about to do it. Needed before the first byte of what moves money."""
    return Go(go=take_order(bridge_id=_bridge(request).id, order_id=order_id, now=timezone.now()))


@router.post("orders/{int:order_id}/progress", response={204: None, 401: Refusal, 404: Refusal})
def progress(request: HttpRequest, order_id: int, body: Progress) -> Status[None]:
    """What the reader shows, for the cashier's eyes. Decides nothing."""
    note_progress(bridge_id=_bridge(request).id, order_id=order_id, step=body.step, now=timezone.now())
    return Status(204, None)


@router.post("orders/{int:order_id}/result", response={200: Acknowledged, 401: Refusal, 404: Refusal, 409: Refusal})
def result(request: HttpRequest, order_id: int, body: Result) -> Acknowledged:
    """What came of it. The first is kept; once this is answered, the bridge may forget it."""
    take_result(
        bridge_id=_bridge(request).id,
        order_id=order_id,
        said=said_in(body),
        extra=extra_in(body),
        now=timezone.now(),
    )
    return Acknowledged()


@router.post("contact", response={204: None, 401: Refusal})
def contact(request: HttpRequest, body: Contact) -> Status[None]:
    """How the bridge and its readers are, every half minute and when something changes."""
    hear_contact(
        bridge=_bridge(request),
        software=body.software,
        waiting_results=body.waiting_results,
        line_lost_at=body.line_lost_at,
        readers=[
            ReaderNews(poi_id=news.poi_id, status=news.status, printer=news.printer, boot=news.boot)
            for news in body.readers
        ],
        now=timezone.now(),
    )
    return Status(204, None)


@router.post("offline-receipts", response={200: TakenIn, 401: Refusal, 404: Refusal, 422: Refusal})
def offline_receipt(request: HttpRequest, body: OfflineReceipt) -> TakenIn:
    """A number of a block comes back. Once it is answered, the bridge may forget it."""
    now = timezone.now()
    taken_in = take_in_offline_receipt(
        bridge_id=_bridge(request).id,
        block_id=body.block,
        number=body.number,
        payment_number=body.payment_number,
        amount=Money(body.amount_centimes),
        stamp_duty=Money(body.stamp_duty_centimes),
        taken_at=body.taken_at or now,
        cashier=body.cashier,
        voided=body.voided,
        now=now,
    )
    return TakenIn(case=taken_in.case)


def _bridge(request: HttpRequest) -> Bridge:
    """Whose key came with the request."""
    bridge: Bridge = request.auth  # type: ignore[attr-defined]  # set by ninja after `BridgeKey`
    return bridge
