"""Every address of the office, from the resolver: behind a passkey, read by auditors, and changed by none of them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from bawabati.people.rules import Factor, Role
from payers import FormClient
from staff import add_person, signed_in
from strangers import Place, World, add_world, addresses, digests, said_of

pytestmark = pytest.mark.usefixtures("collected", "database")
NATIONAL = "Geheimrat"


@pytest.fixture
def world() -> World:
    return add_world("oran", mark=NATIONAL)


def office() -> list[Place]:
    return [place for place in addresses() if place.text.startswith("/{language}/office/")]


def test_a_role_that_needs_a_passkey_opens_no_page_of_the_office_without_one(world: World) -> None:
    for role in (Role.FINANCE, Role.DIRECTOR, Role.ADMINISTRATOR):
        person = add_person(f"{role}@y.example", role, company=world.company)
        client = signed_in(person, client=FormClient(), factor=Factor.TOTP)
        for place in office():
            for answer in (client.get(place.at(world)), client.post(place.at(world), said_of(world))):
                answer.close()
                led_away = answer.status_code == 303 and "/staff/security/" in answer.headers["Location"]
                assert led_away or answer.status_code == 405, (role, place.text, answer.status_code)


def test_an_auditor_reads_and_changes_nothing(world: World, behind_the_scenes: psycopg.Connection[Any]) -> None:
    """What an auditor may see opens; whatever is sent to any address of the office is refused, and nothing changes.

    That he has read is itself written down.
    """
    auditor = signed_in(add_person("auditor@y.example", Role.AUDITOR, company=world.company), client=FormClient())
    opened, changed, before = 0, [], digests(behind_the_scenes, world.company)
    for place in office():
        seen = auditor.get(place.at(world))
        assert seen.status_code in {200, 303, 403, 404, 405, 409, 422}, (place.text, seen.status_code)
        opened += seen.status_code == 200
        seen.close()
        answer = auditor.post(place.at(world), said_of(world))
        answer.close()
        if answer.status_code not in {400, 403, 404, 405, 422} and place.text not in SEEKING:
            changed.append(f"{place.text}: {answer.status_code}")
    assert not changed, "\n".join(changed)
    assert opened > 8
    after = digests(behind_the_scenes, world.company)
    assert {table for table in after if after[table] != before[table]} <= {"audit_auditentry"}


SEEKING = frozenset({"/{language}/office/payments/"})
"""A form that changes nothing: what is looked for is sent, so that it stands in no address."""


def test_who_works_nationally_without_a_company_sees_no_person(world: World) -> None:
    """A coordinator's place is no company's office: sums by company are for other pages."""
    person = add_person("coordinator@y.example", Role.COORDINATOR)
    client = signed_in(person, client=FormClient())
    for place in office():
        answer = client.get(place.at(world))
        may_open = place.text.startswith("/{language}/office/nation/")
        assert answer.status_code in {303, 403, 404, 405, 409} or may_open, (place.text, answer.status_code)
        assert NATIONAL not in answer.content.decode()


def test_whoever_is_refused_or_lost_in_the_office_is_led_back_to_work(world: World) -> None:
    """Not to a payer's form, and without the payers' telephone number."""
    officer = signed_in(add_person("lost@y.example", Role.COMMUNICATION, company=world.company), client=FormClient())
    for address, status in (
        ("/fr/office/settlement/", 403),
        ("/fr/office/nowhere/", 404),
        ("/fr/office/cases/9/", 403),
    ):
        answer = officer.get(address)
        page = answer.content.decode()
        assert answer.status_code == status, address
        assert 'href="/fr/staff/"' in page
        assert "tel:3020" not in page
    assert "tel:3020" in officer.get("/fr/nowhere/").content.decode()
