"""The company's own system is told of every event: signed, in order, until it takes it, and visibly if it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone
from pytest_django import Settings

from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.deliver_events import (
    deliver_next_event,
    forget_old_deliveries,
    give_endpoint_back,
    lay_out_events,
    take_endpoint,
)
from bawabati.flows.keep_webhooks import (
    MadeEndpoint,
    add_endpoint,
    end_endpoint,
    open_endpoint,
    renew_secret,
    send_again,
    send_delivery_again,
)
from bawabati.flows.see_health import read_figures, ringing
from bawabati.jobs.telling import tell_every_endpoint
from bawabati.notices.models import Delivery, DeliveryTry, Endpoint, Event
from bawabati.notices.rules import (
    DELIVERIES_KEPT,
    DeliveryState,
    EventKind,
    KindsWrong,
    NoSuchDelivery,
    NoSuchEndpoint,
    TooManyEndpoints,
    UrlNotAllowed,
)
from bawabati.notices.writes import Happened, write_events
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from outside import Outside
from people import NOON, OMAR, SALIMA, add_company

pytestmark = pytest.mark.usefixtures("database")

KINDS = [kind.value for kind in EventKind]


@pytest.fixture(autouse=True)
def _open_hosts(outside: Outside, settings: Settings) -> None:
    settings.WEBHOOK_OPEN_HOSTS = [outside.url.partition("://")[2]]


@pytest.fixture
def made(outside: Outside, company: Company) -> MadeEndpoint:
    return add_endpoint(company_id=company.id, url=outside.webhooks_url(), kinds=KINDS, login=OMAR, now=NOON)


def happen(company: Company, count: int = 1, *, kind: EventKind = EventKind.CREDIT_USED) -> None:
    body = {"accounted_on": "2026-11-22", "amount_centimes": 1, "bills": []}
    write_events(company_id=company.id, happened=[Happened(kind, body)] * count, now=NOON)


def tell(endpoint: Endpoint, *, now: datetime) -> list[bool]:
    """What one round of a worker brings, as it would at that moment."""
    lay_out_events(endpoint, now=now)
    brought = []
    while (taken := take_endpoint(now=now)) is not None:
        while deliver_next_event(taken, now=now):
            brought.append(True)
        give_endpoint_back(taken, now=now)
    return brought


def states() -> list[str]:
    return list(Delivery.objects.order_by("sequence").values_list("state", flat=True))


@pytest.mark.usefixtures("receipt")
def test_a_payment_is_told_signed_and_in_order(outside: Outside, company: Company, made: MadeEndpoint) -> None:
    """The address was added after the payment; what happens from then on is told."""
    outside.trust(made.secret)
    assert tell_every_endpoint() == 0
    happen(company, 3)
    assert tell_every_endpoint() == 3
    told = outside.told()
    assert [(one["sequence"], one["verdict"]) for one in told] == [(3, "good"), (4, "good"), (5, "good")]
    said = json.loads(told[0]["body"])
    assert (said["type"], said["data"]["kind"], said["data"]["sequence"]) == ("credit.used", "credit.used", 3)
    assert tell_every_endpoint() == 0
    assert Receipt.objects.count() == 1


def test_a_new_secret_signs_beside_the_former_for_a_day(outside: Outside, company: Company, made: MadeEndpoint) -> None:
    new = renew_secret(company_id=company.id, endpoint_id=made.endpoint.id, login=OMAR, now=timezone.now())
    verdicts = []
    for secret in (made.secret, new):
        outside.trust(secret)
        happen(company)
        tell_every_endpoint()
        verdicts.append(outside.told()[-1]["verdict"])
    Endpoint.objects.update(former_until=timezone.now())
    outside.trust(made.secret)
    happen(company)
    tell_every_endpoint()
    assert [*verdicts, outside.told()[-1]["verdict"]] == ["good", "good", "wrong"]


@pytest.mark.parametrize(
    ("oddity", "status", "reason"),
    [
        ({"kind": "status", "status": 500}, 500, "answered"),
        ({"kind": "status", "status": 410}, 410, "answered"),
        ({"kind": "redirect"}, 307, "redirected"),
        ({"kind": "hang_up"}, None, "no_connection"),
    ],
)
def test_what_is_not_taken_is_tried_again(
    outside: Outside, company: Company, made: MadeEndpoint, oddity: dict[str, Any], status: int | None, reason: str
) -> None:
    outside.misbehave(**oddity)
    happen(company)
    assert tell(made.endpoint, now=NOON) == []
    assert tell(made.endpoint, now=NOON + timedelta(seconds=4)) == []
    assert tell(made.endpoint, now=NOON + timedelta(seconds=10)) == [True]
    tries = list(DeliveryTry.objects.order_by("id").values_list("status", "reason"))
    assert tries == [(status, reason), (200, "")]
    assert len({one["identifier"] for one in outside.told()}) == 1


def test_one_that_is_refused_keeps_no_other_back(outside: Outside, company: Company, made: MadeEndpoint) -> None:
    outside.misbehave("status", status=422)
    happen(company, 3)
    assert tell(made.endpoint, now=NOON) == []
    assert tell(made.endpoint, now=NOON + timedelta(seconds=6)) == [True, True]
    assert states() == ["waiting", "delivered", "delivered"]
    assert tell(made.endpoint, now=NOON + timedelta(seconds=11)) == [True]


def test_a_silent_endpoint_is_knocked_at_by_one_event_alone(
    outside: Outside, company: Company, made: MadeEndpoint
) -> None:
    outside.misbehave("status", status=503, times=100)
    happen(company, 20)
    for second in range(0, 600, 5):
        tell(made.endpoint, now=NOON + timedelta(seconds=second))
    assert DeliveryTry.objects.count() < 12
    outside.behave()
    assert len(tell(made.endpoint, now=NOON + timedelta(minutes=20))) == 20


def test_two_days_without_a_success_disable_it_for_everybody_to_see(
    outside: Outside, company: Company, made: MadeEndpoint
) -> None:
    outside.misbehave("status", status=500, times=10_000)
    happen(company)
    for hour in range(0, 62, 2):
        tell(made.endpoint, now=NOON + timedelta(hours=hour))
    made.endpoint.refresh_from_db()
    assert made.endpoint.disabled_at is not None
    assert Case.objects.get(kind="webhook_silent").details["why"] == "answered"
    assert states() == ["given_up"]
    happen(company)
    assert tell(made.endpoint, now=NOON + timedelta(hours=64)) == []
    outside.behave()
    later = NOON + timedelta(hours=70)
    open_endpoint(company_id=company.id, endpoint_id=made.endpoint.id, login=OMAR, now=later)
    assert tell(made.endpoint, now=later) == [True, True]
    assert Case.objects.get(kind="webhook_silent").state == "closed"


def one_poisoned(outside: Outside, company: Company, made: MadeEndpoint) -> datetime:
    """An address that takes all events but the first, until that is given up; when that was."""
    happen(company)
    now = NOON
    for _ in range(9):
        outside.misbehave("status", status=422)
        tell(made.endpoint, now=now)
        happen(company, 1, kind=EventKind.BILL_SETTLED)
        outside.behave()
        tell(made.endpoint, now=now + timedelta(seconds=6))
        Delivery.objects.filter(state=DeliveryState.DELIVERED).delete()
        now += timedelta(hours=6)
    assert states() == ["given_up"]
    return now


def test_one_event_that_is_never_taken_is_owned_by_somebody_until_it_leaves_again(
    outside: Outside, company: Company, made: MadeEndpoint
) -> None:
    """The address takes everything else, so it is never silent."""
    now = one_poisoned(outside, company, made)
    made.endpoint.refresh_from_db()
    assert made.endpoint.disabled_at is None
    case = Case.objects.get()
    assert (case.kind, case.reference, case.state) == ("webhook_given_up", f"webhook:{made.endpoint.id}", "open")
    assert (case.details["why"], case.details["first_event"]) == ("answered", 1)
    untold = [one for one in read_figures(now=now) if one.measure == "bawabati_webhooks_untold"]
    assert [(one.labels, one.value) for one in untold] == [((company.code,), 1)]
    assert [ring.alarm.name for ring in ringing(untold)] == ["WebhooksUntold"]

    by = made.endpoint.made_by
    again = send_again(company_id=company.id, endpoint_id=made.endpoint.id, after=0, given_up_only=True, by=by, now=now)
    assert again == (1, 1)
    case.refresh_from_db()
    assert case.state == "closed"
    assert tell(made.endpoint, now=now) == [True]


def test_a_single_replay_ends_the_case_once_nothing_is_given_up(
    outside: Outside, company: Company, made: MadeEndpoint
) -> None:
    now = one_poisoned(outside, company, made)
    left = Delivery.objects.get()
    send_delivery_again(company_id=company.id, delivery_id=left.id, login=OMAR, now=now)
    assert Case.objects.get().state == "closed"


def test_what_was_taken_is_not_sent_again_with_what_was_given_up(
    outside: Outside, company: Company, made: MadeEndpoint
) -> None:
    happen(company, 3)
    tell(made.endpoint, now=NOON)
    given_up = Delivery.objects.get(sequence=2)
    Delivery.objects.filter(id=given_up.id).update(state=DeliveryState.GIVEN_UP)
    by = made.endpoint.made_by
    send_again(company_id=company.id, endpoint_id=made.endpoint.id, after=0, given_up_only=True, by=by, now=NOON)
    tell(made.endpoint, now=NOON)
    assert [one["sequence"] for one in outside.told()] == [1, 2, 3, 2]


def test_many_workers_tell_each_event_once(
    outside: Outside, company: Company, made: MadeEndpoint, together: Callable[..., list[Any]]
) -> None:
    happen(company, 30)
    now = timezone.now()  # of them all: who is behind the time in which events were laid out finds nothing due
    together(*[lambda: tell(made.endpoint, now=now)] * 6)
    assert [one["sequence"] for one in outside.told()] == list(range(1, 31))
    assert set(states()) == {DeliveryState.DELIVERED}


def test_who_died_over_an_endpoint_gives_it_back_by_time(
    outside: Outside, company: Company, made: MadeEndpoint
) -> None:
    happen(company)
    lay_out_events(made.endpoint, now=NOON)
    assert take_endpoint(now=NOON) is not None
    assert take_endpoint(now=NOON + timedelta(seconds=89)) is None
    assert tell(made.endpoint, now=NOON + timedelta(seconds=91)) == [True]
    assert len(outside.told()) == 1


def test_only_the_chosen_kinds_are_told(outside: Outside, company: Company) -> None:
    made = add_endpoint(company_id=company.id, url=outside.webhooks_url(), kinds=["bill.settled"], login=OMAR, now=NOON)
    happen(company, 2)
    happen(company, 1, kind=EventKind.BILL_SETTLED)
    assert tell(made.endpoint, now=NOON) == [True]
    assert [one["sequence"] for one in outside.told()] == [3]


def test_events_leave_once_more_when_somebody_says_so(outside: Outside, company: Company, made: MadeEndpoint) -> None:
    happen(company, 3)
    tell(made.endpoint, now=NOON)
    first = Delivery.objects.get(sequence=1)
    send_delivery_again(company_id=company.id, delivery_id=first.id, login=OMAR, now=NOON)
    tell(made.endpoint, now=NOON)
    by = made.endpoint.made_by
    assert send_again(company_id=company.id, endpoint_id=made.endpoint.id, after=1, by=by, now=NOON) == (2, 3)
    tell(made.endpoint, now=NOON)
    assert [one["sequence"] for one in outside.told()] == [1, 2, 3, 1, 2, 3]


def test_an_ended_endpoint_is_told_nothing_more(outside: Outside, company: Company, made: MadeEndpoint) -> None:
    happen(company)
    lay_out_events(made.endpoint, now=NOON)
    end_endpoint(company_id=company.id, endpoint_id=made.endpoint.id, login=OMAR, now=NOON)
    assert tell(made.endpoint, now=NOON) == []
    assert states() == ["given_up"]
    assert outside.told() == []
    with pytest.raises(NoSuchEndpoint):
        renew_secret(company_id=company.id, endpoint_id=made.endpoint.id, login=OMAR, now=NOON)


def test_the_secret_is_shown_once_and_sealed(made: MadeEndpoint, behind_the_scenes: psycopg.Connection[Any]) -> None:
    kept = behind_the_scenes.execute("SELECT encode(secret_sealed, 'escape') FROM notices_endpoint").fetchall()
    assert made.secret.removeprefix("whsec_") not in str(kept)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"url": "http://billing.example/hook"}, UrlNotAllowed),
        ({"url": "https://user:pass@billing.example/hook"}, UrlNotAllowed),
        ({"url": "https://billing.example/hook#x"}, UrlNotAllowed),
        ({"url": "https://"}, UrlNotAllowed),
        ({"url": "https://[::1"}, UrlNotAllowed),
        ({"url": "ftp://billing.example/"}, UrlNotAllowed),
        ({"url": "https://billing.example:99999/"}, UrlNotAllowed),
        ({"url": "https://billing.example/" + "x" * 300}, UrlNotAllowed),
        ({"kinds": []}, KindsWrong),
        ({"kinds": ["everything"]}, KindsWrong),
        ({"login": SALIMA}, NotAllowed),
    ],
)
def test_an_address_is_added_whole_or_not_at_all(
    company: Company, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    good = {"company_id": company.id, "url": "https://billing.example/hook", "kinds": KINDS, "login": OMAR, "now": NOON}
    with pytest.raises(refusal):
        add_endpoint(**(good | wrong))
    assert not Endpoint.objects.exists()


def test_a_company_has_ten_addresses_at_most(company: Company) -> None:
    for number in range(10):
        add_endpoint(company_id=company.id, url=f"https://b.example/{number}", kinds=KINDS, login=OMAR, now=NOON)
    with pytest.raises(TooManyEndpoints):
        add_endpoint(company_id=company.id, url="https://b.example/11", kinds=KINDS, login=OMAR, now=NOON)


def test_nobody_touches_the_addresses_of_another_company(company: Company, made: MadeEndpoint) -> None:
    happen(company)
    tell(made.endpoint, now=NOON)
    other = add_company("tlemcen")
    with pytest.raises(NoSuchEndpoint):
        end_endpoint(company_id=other.id, endpoint_id=made.endpoint.id, login=OMAR, now=NOON)
    with pytest.raises(NoSuchEndpoint):
        send_again(company_id=other.id, endpoint_id=made.endpoint.id, after=0, by=made.endpoint.made_by, now=NOON)
    with pytest.raises(NoSuchDelivery):
        send_delivery_again(company_id=other.id, delivery_id=Delivery.objects.get().id, login=OMAR, now=NOON)


def test_the_log_is_forgotten_and_the_events_stay(company: Company, made: MadeEndpoint) -> None:
    happen(company)
    tell(made.endpoint, now=NOON)
    assert forget_old_deliveries(now=NOON + DELIVERIES_KEPT) == 0
    assert forget_old_deliveries(now=NOON + DELIVERIES_KEPT + timedelta(seconds=1)) > 0
    assert not Delivery.objects.exists()
    assert Event.objects.count() == 1
