"""What happened since a number: a reader that keeps the last number misses nothing and reads nothing twice."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from bawabati.api.calls import key_of
from bawabati.api.events.words import MOST_SEQUENCE, EventsWords, EventWords, Kind
from bawabati.api.keys import CompanyKey
from bawabati.api.problems import REFUSED, Problem
from bawabati.flows.read_events import MOST_EVENTS, read_events
from bawabati.notices.models import Event
from bawabati.notices.rules import EventKind
from bawabati.people.rules import ApiScope

router = Router(tags=["events"], auth=CompanyKey(ApiScope.PAYMENTS_READ))


@router.get("", response={200: EventsWords, 422: Problem, **REFUSED})
def events(
    request: HttpRequest,
    after: Annotated[int, Query(), Field(ge=0, le=MOST_SEQUENCE)] = 0,
    limit: Annotated[int, Query(), Field(ge=1, le=MOST_EVENTS)] = 100,
    kind: Annotated[list[Kind], Query()] = [],  # noqa: B006 - ninja reads it, nobody changes it
) -> EventsWords:
    """Payments, refunds, credit and bills since `after`, oldest first; of these kinds alone if any are named."""
    kinds = [EventKind(one) for one in kind]
    read = read_events(company_id=key_of(request).company_id, after=after, kinds=kinds, at_most=limit)
    return EventsWords(
        events=[event_words(event) for event in read.events],
        next_sequence=read.next_sequence,
        has_more=read.has_more,
    )


def event_words(event: Event) -> EventWords:
    """An event as the wire tells it."""
    return EventWords.model_validate({"sequence": event.sequence, "kind": event.kind, "at": event.at, **event.body})
