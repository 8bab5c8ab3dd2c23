"""A cast of strangers at every address of the site, with another company's objects in it: they see and change nothing.

The addresses come from the resolver: a new one is walked as soon as it is there, and one that names a new kind of row
fails until `strangers.py` has such a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.test import Client

from bawabati.companies.models import Agency, Company
from bawabati.payments.models import ReaderOrder
from bawabati.people.rules import Role
from bawabati.web.shared import who
from payers import FormClient
from staff import add_agency, add_person, signed_in
from strangers import MARK, Place, World, add_world, addresses, digests, said_of

pytestmark = pytest.mark.usefixtures("collected", "database")
CLOSED = frozenset({303, 400, 403, 404, 405, 409, 410, 422})
OF_AN_AGENCY = frozenset({Role.CASHIER, Role.AGENCY_HEAD})
HIDDEN = re.compile(MARK, re.IGNORECASE)
NOT_YET = {"/{language}/counter/z/{session_id}/": "opens once the session is closed"}
NOT_LOOKED_AT = frozenset({"/{language}/staff/sign-out/"})
"""Ends the stranger's own session; whatever comes after would be asked by nobody."""


@dataclass(frozen=True)
class Walls:
    """What stands between two companies in a test: both walls, or the one that our own code is."""

    both: bool

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Without the second wall a page of staff sees every company, as before it had been told whose it is."""
        if self.both:
            yield
            return
        with patch.object(who, "enter_company", lambda _company_id: None):
            yield


@pytest.fixture
def ours() -> World:
    return add_world("oran")


@pytest.fixture
def theirs() -> World:
    return add_world("tafna", mark=MARK)


@pytest.fixture
def rows_of(behind_the_scenes: psycopg.Connection[Any]) -> Callable[[Company], dict[str, str]]:
    """A digest of every table's rows of a company, as PostgreSQL itself sees them."""

    return partial(digests, behind_the_scenes)


def at_work(role: Role, company: Company, agency: Agency | None) -> Client:
    """Somebody of our company in that role, signed in with a passkey, the step-up just done."""
    person = add_person(f"{role}.{'agency' if agency else 'company'}@x.example", role, company=company, agency=agency)
    return signed_in(person, client=FormClient(), agency=agency)


def walk(client: Client, theirs: World, places: list[Place]) -> list[str]:
    """What was wrong: an object of theirs that opened, or a word of theirs that was shown."""
    wrong, said = [], said_of(theirs)
    for place in places:
        address = place.at(theirs)
        for method in ("GET", "POST"):
            answer = client.get(address, said) if method == "GET" else client.post(address, said)
            shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
            answer.close()
            if place.names_an_object and answer.status_code not in CLOSED:
                wrong.append(f"{method} {place.text}: {answer.status_code}")
            if HIDDEN.search(shown.decode(errors="replace").replace(said["person"], "")):
                wrong.append(f"{method} {place.text} shows what is theirs")
    return wrong


@pytest.mark.parametrize("walls", [Walls(both=True), Walls(both=False)], ids=["both walls", "the first alone"])
@pytest.mark.parametrize("role", Role)
def test_whoever_works_for_another_company_sees_and_changes_nothing(
    ours: World, theirs: World, rows_of: Callable[[Company], dict[str, str]], role: Role, walls: Walls
) -> None:
    places = [place for place in addresses() if place.is_of_staff and place.text not in NOT_LOOKED_AT]
    before = rows_of(theirs.company)
    agency = ours.counter.agency if role in OF_AN_AGENCY else None
    with walls.standing():
        wrong = walk(at_work(role, ours.company, agency), theirs, places)
    assert not wrong, "\n".join(wrong)
    assert rows_of(theirs.company) == before


@pytest.mark.parametrize("role", sorted(OF_AN_AGENCY))
def test_whoever_works_in_another_agency_changes_nothing_there(
    theirs: World, rows_of: Callable[[Company], dict[str, str]], role: Role
) -> None:
    """What is of the company and of no agency may be seen from any; what is at a desk, not."""
    places = [place for place in addresses() if "/counter/" in place.text or "/agency/" in place.text]
    elsewhere = add_agency(theirs.company, "ELSE")
    before = rows_of(theirs.company)
    client = at_work(role, theirs.company, elsewhere)
    of_them = {name: digest for name, digest in rows_of(theirs.company).items() if name != "people_staffrole"}
    opened = [
        place.text
        for place in places
        if place.names_an_object
        for answer in (client.get(place.at(theirs)), client.post(place.at(theirs), said_of(theirs)))
        if answer.status_code not in CLOSED
    ]
    assert opened == []
    assert rows_of(theirs.company) | {"people_staffrole": before["people_staffrole"]} == before
    assert of_them


def test_nobody_signed_in_sees_and_changes_nothing(theirs: World, rows_of: Callable[[Company], dict[str, str]]) -> None:
    before = rows_of(theirs.company)
    of_staff = [place for place in addresses() if place.is_of_staff]
    of_bridges = [place for place in addresses() if place.is_of_bridges]
    assert walk(FormClient(), theirs, of_staff) == []
    for place in of_bridges:
        for answer in (FormClient().get(place.at(theirs)), FormClient().post(place.at(theirs), {}, "application/json")):
            assert answer.status_code in {401, 404, 405, 422}, place.text
    assert rows_of(theirs.company) == before


def test_a_bridge_of_another_company_sees_and_changes_nothing(
    ours: World, theirs: World, rows_of: Callable[[Company], dict[str, str]]
) -> None:
    before = rows_of(theirs.company)
    client = FormClient(headers={"Authorization": ours.bearer})
    for place in addresses():
        if place.is_of_bridges:
            for body in ({}, {"order": 1, "step": "present_card"}, _whole_result(theirs)):
                answer = client.post(place.at(theirs), body, "application/json")
                assert not HIDDEN.search(answer.content.decode()), place.text
                assert "order_id" not in place.parts or answer.status_code in {404, 422}, place.text
    told = client.get("/api/bridge/v1/orders").json()
    assert [order["id"] for order in told["orders"]] == [ours.one(ReaderOrder).id]
    assert [reader["poi_id"] for reader in told["readers"]] == [ours.counter.reader.poi_id]
    assert rows_of(theirs.company) == before


def test_a_machine_of_another_company_sees_and_changes_nothing(
    ours: World, theirs: World, rows_of: Callable[[Company], dict[str, str]]
) -> None:
    before = rows_of(theirs.company)
    client = FormClient(headers={"Authorization": f"Bearer {ours.machine}", "Idempotency-Key": "a-stranger"})
    places = [place for place in addresses() if place.is_of_machines]
    named = {"bill_numbers": [theirs.bill.bill_number], "payment_numbers": [theirs.bill.payment_number]}
    for place in places:
        for answer in (client.get(place.at(theirs)), client.post(place.at(theirs), named, "application/json")):
            assert answer.status_code < 500, place.text
            assert not HIDDEN.search(answer.content.decode()), place.text
            assert not place.names_an_object or answer.status_code in CLOSED, place.text
    assert len(places) > 8
    assert rows_of(theirs.company) == before


def test_a_machine_without_a_key_sees_and_changes_nothing(
    theirs: World, rows_of: Callable[[Company], dict[str, str]]
) -> None:
    before = rows_of(theirs.company)
    for place in addresses():
        if place.is_of_machines and place.text not in {"/api/v1/", "/api/v1/.*"}:
            for answer in (FormClient().get(place.at(theirs)), FormClient().post(place.at(theirs), {})):
                assert answer.status_code in {401, 405}, place.text
    assert rows_of(theirs.company) == before


def test_a_bill_does_not_open_under_another_companys_name(
    ours: World, theirs: World, rows_of: Callable[[Company], dict[str, str]]
) -> None:
    before = rows_of(theirs.company)
    client = FormClient(headers={"Sec-Fetch-Site": "same-origin"})
    seen = 0
    for place in addresses():
        if "code" in place.parts and not place.is_of_staff:
            address = place.at(theirs, code=ours.company.code)
            for answer in (client.get(address), client.post(address, said_of(theirs))):
                seen += 1
                assert not HIDDEN.search(answer.content.decode()), place.text
                assert "token" not in place.parts or answer.status_code in {404, 405}, place.text
    assert seen > 10
    assert rows_of(theirs.company) == before


def test_every_address_with_an_object_opens_to_somebody_of_its_own_company(ours: World) -> None:
    """Or else the strangers would be turned away from what is not there."""
    people = [at_work(role, ours.company, agency) for role in Role for agency in (None, ours.counter.agency)]
    people += [signed_in(ours.counter.cashier), signed_in(ours.counter.head)]
    never = [
        place.text
        for place in addresses()
        if place.is_of_staff and place.names_an_object and "/staff/" not in place.text and place.text not in NOT_YET
        if not any(opens(client, place, ours) for client in people)
    ]
    assert not never, "\n".join(never)


def opens(client: Client, place: Place, ours: World) -> bool:
    """Shown, or for forms alone, or leads back to the page of the same object."""
    address = place.at(ours)
    answer = client.get(address)
    if answer.status_code in {200, 405}:
        return True
    return answer.status_code in {302, 303} and address.startswith(answer.headers["Location"].partition("?")[0])


def _whole_result(world: World) -> dict[str, object]:
    return {"outcome": "approved", "service_id": "1", "poi_id": world.counter.reader.poi_id, "amount_centimes": 1}
