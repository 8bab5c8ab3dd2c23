"""Keys are made and shown once, addresses are told, and whoever may only look changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bawabati.companies.models import Company
from bawabati.flows.deliver_events import lay_out_events
from bawabati.notices.models import Delivery, Endpoint
from bawabati.notices.rules import DeliveryState, EventKind
from bawabati.notices.writes import Happened, disable_endpoint, note_try, write_events
from bawabati.people.models import ApiKey, Staff
from bawabati.people.rules import Role
from machines import Machine
from people import AMINAS_CARD, OMAR, SALIMA
from staff import add_person, signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.usefixtures("collected")
KEY = re.compile(r"bwk_\d+_[A-Za-z0-9_-]{43}")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


def address(name: str, *args: object) -> str:
    return reverse(name, args=["en", *args])


def words(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def omar(company: Company) -> Client:  # noqa: ARG001 - where he works
    return signed_in(Staff.objects.get(login=OMAR))


@pytest.fixture
def told(company: Company, omar: Client) -> Endpoint:
    """An address with an event that it has not taken yet."""
    omar.post(address("office_add_webhook"), {"url": "https://billing.example/hook", "kind": ["credit.used"]})
    endpoint = Endpoint.objects.get()
    body = {"accounted_on": "2026-11-22", "amount_centimes": 1, "bills": []}
    write_events(company_id=company.id, happened=[Happened(EventKind.CREDIT_USED, body)], now=timezone.now())
    lay_out_events(endpoint, now=timezone.now())
    delivery = Delivery.objects.get()
    note_try(delivery, status=503, reason="answered", milliseconds=12, now=timezone.now())
    return endpoint


def test_a_key_is_made_shown_once_and_opens(omar: Client) -> None:
    asked = {
        "name": "GESTAB",
        "scope": ["bills:read", "bills:write"],
        "channel": "",
        "networks": "127.0.0.1, 10.0.0.0/8",
    }
    shown = omar.post(address("office_make_key"), asked)
    found = KEY.search(shown.content.decode())
    assert found is not None
    key = ApiKey.objects.get()
    assert Machine(found[0], key).post("bills/query", {}).status_code == 200
    again = omar.get(address("office_keys"))
    assert "GESTAB" in words(again)
    assert not KEY.search(again.content.decode())
    assert omar.post(address("office_end_key", key.id)).status_code == 303
    assert Machine(found[0], key).post("bills/query", {}).status_code == 401
    assert "ended" in words(omar.get(address("office_keys")))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Give the machine a name"),
        ({"scope": []}, "Choose at least one thing"),
        ({"scope": ["channel"]}, "needs the channel&#x27;s name"),
        ({"networks": "anywhere"}, "Write addresses or networks"),
        ({"name": AMINAS_CARD.number}, "card number"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_and_what_was_good_is_kept(
    omar: Client, wrong: dict[str, object], sentence: str
) -> None:
    asked = {"name": "GESTAB", "scope": ["bills:read"], "channel": "", "networks": "10.0.0.0/8"} | wrong
    refused = omar.post(address("office_make_key"), asked)
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert AMINAS_CARD.number not in refused.content.decode()
    assert "networks" in wrong or "10.0.0.0/8" in refused.content.decode()
    assert not ApiKey.objects.exists()


def test_an_address_is_added_and_its_secret_shown_once(omar: Client) -> None:
    form = omar.get(address("office_add_webhook"))
    assert form.content.decode().count("checked") == len(EventKind)
    shown = omar.post(address("office_add_webhook"), {"url": "https://billing.example/", "kind": ["payment.paid"]})
    assert SECRET.search(shown.content.decode())
    endpoint = Endpoint.objects.get()
    page = omar.get(address("office_webhook", endpoint.id))
    assert not SECRET.search(page.content.decode())
    other = omar.post(address("office_webhook_secret", endpoint.id))
    assert SECRET.findall(other.content.decode()) != SECRET.findall(shown.content.decode())
    assert "The former secret signs until" in words(omar.get(address("office_webhook", endpoint.id)))


def test_an_address_inside_or_without_tls_is_refused(omar: Client) -> None:
    refused = omar.post(address("office_add_webhook"), {"url": "http://127.0.0.1/", "kind": ["payment.paid"]})
    assert (refused.status_code, "https://" in words(refused)) == (422, True)
    assert not Endpoint.objects.exists()


def test_what_came_of_an_event_is_shown_and_it_leaves_again(omar: Client, told: Endpoint) -> None:
    delivery = Delivery.objects.get()
    assert "it answered, but not with yes" in words(omar.get(address("office_webhook", told.id)))
    page = words(omar.get(address("office_delivery", delivery.id)))
    assert "503" in page
    assert "credit.used" in page
    Delivery.objects.update(state=DeliveryState.GIVEN_UP, next_try_at=None, ended_at=timezone.now())
    assert omar.get(address("office_webhook", told.id) + "?state=waiting").content.decode().count("No event fits") == 1
    assert omar.post(address("office_delivery_again", delivery.id)).status_code == 303
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 0)


def test_events_after_a_number_leave_again(omar: Client, told: Endpoint) -> None:
    Delivery.objects.update(state=DeliveryState.DELIVERED, next_try_at=None, ended_at=timezone.now())
    omar.post(address("office_webhook_again", told.id), {"after": "x"})
    assert Delivery.objects.get().state == "delivered"
    omar.post(address("office_webhook_again", told.id), {"after": "0"})
    assert Delivery.objects.get().state == "waiting"


def test_events_that_were_given_up_are_seen_and_sent_again(omar: Client, told: Endpoint) -> None:
    assert "Send again what was given up" not in words(omar.get(address("office_webhook", told.id)))
    Delivery.objects.update(state=DeliveryState.GIVEN_UP, next_try_at=None, ended_at=timezone.now())
    assert 'class="state is-given_up">1<' in omar.get(address("office_keys")).content.decode()
    assert "Send again what was given up" in words(omar.get(address("office_webhook", told.id)))
    omar.post(address("office_webhook_again", told.id), {"which": "given_up"})
    assert Delivery.objects.get().state == "waiting"
    assert 'class="state is-given_up">1<' not in omar.get(address("office_keys")).content.decode()


def test_one_that_was_given_up_is_opened_again(omar: Client, told: Endpoint) -> None:
    disable_endpoint(told, now=timezone.now())
    assert "told no more" in words(omar.get(address("office_keys")))
    assert "Open it again" in words(omar.get(address("office_webhook", told.id)))
    omar.post(address("office_webhook_open", told.id))
    told.refresh_from_db()
    assert told.disabled_at is None
    omar.post(address("office_webhook_end", told.id))
    assert omar.get(address("office_webhook", told.id)).status_code == 404


def test_an_auditor_looks_and_changes_nothing(company: Company, told: Endpoint) -> None:
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=company))
    page = words(auditor.get(address("office_keys")))
    assert "billing.example" in page
    assert "Make a key" not in page
    assert auditor.get(address("office_webhook", told.id)).status_code == 200
    for name, args in (("office_make_key", ()), ("office_add_webhook", ()), ("office_webhook_end", (told.id,))):
        assert auditor.post(address(name, *args)).status_code == 403


@pytest.mark.usefixtures("company")
def test_finance_sees_no_keys() -> None:
    assert signed_in(Staff.objects.get(login=SALIMA)).get(address("office_keys")).status_code == 403
