"""Small stories about machines of a company, events and webhooks; see `scenarios.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.flows.deliver_events import (
    deliver_next_event,
    forget_old_deliveries,
    give_endpoint_back,
    lay_out_events,
    take_endpoint,
)
from bawabati.flows.keep_keys import MadeKey, end_key, make_key
from bawabati.flows.keep_webhooks import (
    add_endpoint,
    end_endpoint,
    open_endpoint,
    renew_secret,
    send_again,
    send_delivery_again,
)
from bawabati.flows.let_in_machine import let_in_machine
from bawabati.flows.read_events import read_events
from bawabati.flows.repeat_call import KeptAnswer, begin_call, forget_call, forget_old_answers, keep_answer
from bawabati.guard.rules import Visitor
from bawabati.notices.models import Delivery, Endpoint, Event
from bawabati.notices.reads import secrets_of
from bawabati.notices.rules import DELIVERIES_KEPT, DeliveryState, EventKind, NoSuchEndpoint
from bawabati.notices.writes import Happened, disable_endpoint, write_events
from bawabati.people.models import ApiCall, ApiKey
from bawabati.people.rules import ANSWERS_KEPT, WORKS_AT_MOST, ApiScope, CallInHand
from faults.real.scenarios import TRIES, insist, passes
from faults.real.world import World
from people import NOON, OMAR

MINUTE = timedelta(minutes=1)
CALL = "night-7"


def a_machine(world: World) -> MadeKey:
    world.found_company()
    with world.nobody_dies_yet():
        return make_key(company_id=world.company.id, name="GESTAB", scopes=["bills:read"], login=OMAR, now=NOON)


def happen(world: World, count: int = 1) -> None:
    body = {"accounted_on": "2026-11-22", "amount_centimes": 1, "bills": []}
    happened = [Happened(EventKind.CREDIT_USED, body)] * count
    write_events(company_id=world.company.id, happened=happened, now=NOON)


def an_endpoint(world: World, *, events: int = 0) -> Endpoint:
    """Told of events that happen after it was added; none of them has left yet."""
    world.found_company()
    kinds = [kind.value for kind in EventKind]
    with world.nobody_dies_yet():
        made = add_endpoint(company_id=world.company.id, url="https://b.example/", kinds=kinds, login=OMAR, now=NOON)
        happen(world, events)
        if events:
            lay_out_events(made.endpoint, now=NOON)
    return made.endpoint


def a_round(world: World, *, now: datetime) -> None:
    """What a worker does, as often as it takes: who died over an address is followed when its lease is over."""

    def work() -> bool:
        while (endpoint := take_endpoint(now=now)) is not None:
            while deliver_next_event(endpoint, now=now):
                pass
            give_endpoint_back(endpoint, now=now)
        return True

    insist(world, "a worker", "tells everybody", work)


def came(world: World) -> list[str]:
    """The names of the events that the billing system was told, each time that it was."""
    return [post.headers["webhook-id"] for post in world.outside.webhooks]


@passes("make_key: opens")
def an_operator_makes_a_key(world: World) -> None:
    world.found_company()
    make = partial(make_key, company_id=world.company.id, name="G", scopes=["bills:read"], login=OMAR, now=NOON)
    made = insist(world, "Omar", "makes a key", make)
    assert isinstance(made, MadeKey)
    assert ApiKey.objects.count() <= TRIES, "who never saw one makes another, and ends the first"
    assert AuditEntry.objects.filter(action="make_key").count() == ApiKey.objects.count()
    visitor = Visitor("192.0.2.1")
    assert let_in_machine(key_text=made.text, needed=ApiScope.BILLS_READ, visitor=visitor, now=NOON).id == made.key.id


@passes("end_key: opens nothing")
def an_operator_ends_a_key(world: World) -> None:
    key = a_machine(world).key
    end = partial(end_key, company_id=world.company.id, key_id=key.id, login=OMAR, now=NOON)
    for _ in range(2):
        insist(world, "Omar", "ends the key", lambda: end() or True)
    assert ApiKey.objects.get().ended_at == NOON
    assert AuditEntry.objects.filter(action="end_key").count() == 1


@passes("let_in_machine: seen")
def a_machine_comes_in(world: World) -> None:
    made = a_machine(world)
    visitor = Visitor("192.0.2.1")
    come = partial(let_in_machine, key_text=made.text, needed=ApiScope.BILLS_READ, visitor=visitor, now=NOON)
    for _ in range(2):
        insist(world, "GESTAB", "comes in", come)
    assert ApiKey.objects.get().used_at == NOON


@passes("begin_call: in hand", "keep_answer: kept")
def a_call_comes_until_it_is_answered(world: World) -> None:
    """Each time its caller comes again, a minute has passed; the work itself is done twice at most by who died."""
    key = a_machine(world).key
    worked: list[datetime] = []
    at = NOON

    def call() -> str:
        nonlocal at
        at += WORKS_AT_MOST + MINUTE
        known = begin_call(key=key, idempotency_key=CALL, request_sha256="a" * 64, now=at)
        if isinstance(known, KeptAnswer):
            return known.body
        worked.append(at)
        keep_answer(key=key, idempotency_key=CALL, status=200, body="done")
        return "done"

    answers = {insist(world, "GESTAB", "calls", call) for _ in range(3)}
    assert answers == {"done"}
    assert ApiCall.objects.get().body == "done"
    assert 1 <= len(worked) <= TRIES


@passes("forget_call: let go")
def a_call_that_came_to_nothing_may_come_again(world: World) -> None:
    key = a_machine(world).key
    with world.nobody_dies_yet():
        begin_call(key=key, idempotency_key=CALL, request_sha256="a" * 64, now=NOON)
    for _ in range(2):
        insist(world, "the portal", "lets go", lambda: forget_call(key=key, idempotency_key=CALL) or True)
    assert not isinstance(begin_call(key=key, idempotency_key=CALL, request_sha256="b" * 64, now=NOON), CallInHand)


@passes("forget_old_answers: gone")
def old_answers_are_forgotten(world: World) -> None:
    key = a_machine(world).key
    with world.nobody_dies_yet():
        begin_call(key=key, idempotency_key=CALL, request_sha256="a" * 64, now=NOON)
    later = NOON + ANSWERS_KEPT + MINUTE
    for _ in range(2):
        insist(world, "the worker", "forgets", lambda: forget_old_answers(now=later) + 1)
    assert not ApiCall.objects.exists()


@passes("number_what_happened: numbered")
def a_reader_asks_what_happened(world: World) -> None:
    world.found_company()
    happen(world, 5)
    read = partial(read_events, company_id=world.company.id, after=0, at_most=3)
    insist(world, "GESTAB", "reads", read)
    happen(world, 2)
    insist(world, "GESTAB", "reads", read)
    assert sorted(Event.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


@passes("add_endpoint: is told")
def an_operator_adds_an_address(world: World) -> None:
    world.found_company()
    add = partial(
        add_endpoint, company_id=world.company.id, url="https://b.example/", kinds=["bill.settled"], login=OMAR,
        now=NOON,
    )  # fmt: skip
    insist(world, "Omar", "adds an address", add)
    assert 1 <= Endpoint.objects.count() <= TRIES, "who never saw the secret adds it again, and ends the first"


@passes("renew_secret: signs")
def an_operator_makes_another_secret(world: World) -> None:
    endpoint = an_endpoint(world)
    renew = partial(renew_secret, company_id=world.company.id, endpoint_id=endpoint.id, login=OMAR, now=NOON)
    secret = insist(world, "Omar", "makes another secret", renew)
    endpoint.refresh_from_db()
    assert secrets_of(endpoint, now=NOON)[0] == secret
    assert len(secrets_of(endpoint, now=NOON)) == 2


@passes("end_endpoint: told no more")
def an_operator_ends_an_address(world: World) -> None:
    endpoint = an_endpoint(world, events=2)
    end = partial(end_endpoint, company_id=world.company.id, endpoint_id=endpoint.id, login=OMAR, now=NOON)
    for _ in range(2):
        told = insist(world, "Omar", "ends the address", lambda: end() or True)
    assert isinstance(told, NoSuchEndpoint)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.GIVEN_UP}
    assert AuditEntry.objects.filter(action="end_endpoint").count() == 1


@passes("open_endpoint: is told again")
def an_operator_opens_an_address_again(world: World) -> None:
    endpoint = an_endpoint(world, events=2)
    disable_endpoint(endpoint, now=NOON)
    reopen = partial(open_endpoint, company_id=world.company.id, endpoint_id=endpoint.id, login=OMAR, now=NOON)
    insist(world, "Omar", "opens it again", lambda: reopen() + 1)
    a_round(world, now=NOON)
    assert len(came(world)) == 2


@passes("send_again: on their way")
def events_leave_once_more(world: World) -> None:
    endpoint = an_endpoint(world, events=3)
    a_round(world, now=NOON)
    again = partial(
        send_again, company_id=world.company.id, endpoint_id=endpoint.id, after=1, by=endpoint.made_by, now=NOON
    )
    assert insist(world, "Omar", "sends them again", again).events == 2
    a_round(world, now=NOON)
    assert len(came(world)) == 5


@passes("send_delivery_again: on its way")
def one_event_leaves_once_more(world: World) -> None:
    an_endpoint(world, events=2)
    a_round(world, now=NOON)
    delivery = Delivery.objects.order_by("id")[0]
    again = partial(send_delivery_again, company_id=world.company.id, delivery_id=delivery.id, login=OMAR, now=NOON)
    insist(world, "Omar", "sends it again", lambda: again() or True)
    a_round(world, now=NOON)
    assert len(came(world)) == 3


@passes("lay_out_events: on their way")
def what_happened_is_laid_out(world: World) -> None:
    endpoint = an_endpoint(world)
    happen(world, 3)
    for _ in range(2):
        insist(world, "a worker", "lays out", lambda: lay_out_events(endpoint, now=NOON) + 1)
    assert list(Delivery.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3]


@passes(
    "take_endpoint: leased",
    "give_endpoint_back: free",
    "deliver_next_event: send",
    "deliver_next_event: answer kept",
)
def events_are_told_whoever_dies_over_them(world: World) -> None:
    """Who dies between the answer and our writing it down sends the same event once more, under its own name."""
    an_endpoint(world, events=3)
    at = NOON
    for _ in range(4):
        a_round(world, now=at)
        at += 2 * MINUTE  # longer than the lease of whoever died
    names = came(world)
    assert list(dict.fromkeys(names)) == sorted(set(names), key=lambda name: int(name.removeprefix("evt_")))
    assert len(set(names)) == 3
    assert len(names) <= 3 + TRIES
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


@passes("forget_old_deliveries: gone")
def old_deliveries_are_forgotten(world: World) -> None:
    an_endpoint(world, events=2)
    a_round(world, now=NOON)
    later = NOON + DELIVERIES_KEPT + MINUTE
    for _ in range(2):
        insist(world, "the worker", "forgets", lambda: forget_old_deliveries(now=later) + 1)
    assert not Delivery.objects.exists()
    assert Event.objects.count() == 2
