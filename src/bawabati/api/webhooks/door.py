"""Addresses that are told of events are added on the pages; here a machine sees what came of it, and asks again."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from bawabati.api.calls import key_of
from bawabati.api.events.words import MOST_SEQUENCE
from bawabati.api.keys import CompanyKey
from bawabati.api.problems import REFUSED, Problem
from bawabati.flows.keep_webhooks import send_again
from bawabati.keyset import At
from bawabati.notices.models import Delivery, Endpoint
from bawabati.notices.reads import count_waiting, find_endpoint, list_deliveries, list_endpoints
from bawabati.notices.rules import NoSuchEndpoint
from bawabati.people.rules import ApiScope

MOST_NUMBER = 2**63 - 1
router = Router(tags=["webhooks"], auth=CompanyKey(ApiScope.PAYMENTS_READ))


class EndpointWords(Schema):
    """An address that is told of events. `disabled`: nothing leaves for it until a person opens it again."""

    id: int
    url: str
    kinds: list[str]
    waiting: int
    failing_since: datetime | None
    disabled: bool


class EndpointsWords(Schema):
    """Every address of the company."""

    endpoints: list[EndpointWords]


class DeliveryWords(Schema):
    """One event on its way to one address. `last_status`: the HTTP status of the last answer, null when none came."""

    id: int
    sequence: int
    kind: str
    state: Literal["waiting", "delivered", "given_up"]
    tries: int
    last_status: int | None
    last_reason: str
    next_try_at: datetime | None
    ended_at: datetime | None


class DeliveriesWords(Schema):
    """The newest first. `before`: the place of the next page, empty when there is none."""

    deliveries: list[DeliveryWords]
    before: str


class Again(Schema):
    """Every event after this number leaves once more, up to 10,000."""

    after: Annotated[int, Field(ge=0, le=MOST_SEQUENCE)]
    given_up_only: Annotated[bool, Field(description="Not what was taken already.")] = False


class AgainWords(Schema):
    """How many events leave once more, and up to which number: where there are more, the next call goes on there."""

    count: int
    up_to: int


@router.get("", response={200: EndpointsWords, **REFUSED})
def endpoints(request: HttpRequest) -> EndpointsWords:
    """Where events are told."""
    company_id = key_of(request).company_id
    waiting = count_waiting(company_id)
    return EndpointsWords(
        endpoints=[_endpoint_words(endpoint, waiting.get(endpoint.id, 0)) for endpoint in list_endpoints(company_id)]
    )


@router.get("{int:endpoint_id}/deliveries", response={200: DeliveriesWords, 404: Problem, 422: Problem, **REFUSED})
def deliveries(
    request: HttpRequest,
    endpoint_id: int,
    state: Literal["", "waiting", "delivered", "given_up"] = "",
    before: Annotated[str, Query(), Field(max_length=40)] = "",
) -> DeliveriesWords:
    """What came of each event that was laid out for an address; of what is over, for 90 days."""
    endpoint = _endpoint(request, endpoint_id)
    states = [state] if state else []
    page = list_deliveries(company_id=endpoint.company_id, endpoint_id=endpoint.id, states=states, at=At(after=before))
    return DeliveriesWords(deliveries=[_delivery_words(row) for row in page.rows], before=page.after or "")


@router.post("{int:endpoint_id}/replay", response={200: AgainWords, 404: Problem, 422: Problem, **REFUSED})
def replay(request: HttpRequest, endpoint_id: int, body: Again) -> AgainWords:
    """Events leave once more, as they left the first time. Whoever only wants to read them reads `events`."""
    endpoint, key = _endpoint(request, endpoint_id), key_of(request)
    again = send_again(
        company_id=key.company_id,
        endpoint_id=endpoint.id,
        after=body.after,
        given_up_only=body.given_up_only,
        by=key.staff,
        now=timezone.now(),
    )
    return AgainWords(count=again.events, up_to=again.up_to)


def _endpoint(request: HttpRequest, endpoint_id: int) -> Endpoint:
    is_possible = endpoint_id <= MOST_NUMBER
    found = find_endpoint(company_id=key_of(request).company_id, endpoint_id=endpoint_id) if is_possible else None
    if found is None:
        raise NoSuchEndpoint
    return found


def _endpoint_words(endpoint: Endpoint, waiting: int) -> EndpointWords:
    return EndpointWords(
        id=endpoint.id,
        url=endpoint.url,
        kinds=endpoint.kinds,
        waiting=waiting,
        failing_since=endpoint.failing_since,
        disabled=endpoint.disabled_at is not None,
    )


def _delivery_words(delivery: Delivery) -> DeliveryWords:
    return DeliveryWords(
        id=delivery.id,
        sequence=delivery.sequence,
        kind=delivery.event.kind,
        state=delivery.state,  # type: ignore[arg-type]  # the database knows no other
        tries=delivery.tries,
        last_status=delivery.last_status,
        last_reason=delivery.last_reason,
        next_try_at=delivery.next_try_at,
        ended_at=delivery.ended_at,
    )
