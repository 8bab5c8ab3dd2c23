"""A cast of strangers before every door: each role, at each place, for each act, generated from the table of rules.

The company has two agencies, Here and There, and there is another company. A door is a page for one act at one place;
it opens exactly when the table says that a role held at that place allows the act there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from bawabati.companies.models import Agency, Company
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import ALLOWED, FROM_ANY_AGENCY, Action, Factor, Level, NotAllowed, Role, Where
from bawabati.people.sessions import SessionStore
from bawabati.web.shared.staff_session import FACTOR, PLACE, SIGNED_IN_AT
from bawabati.web.shared.who import StaffRequest, staff_page
from people import add_company
from staff import add_agency, add_person

pytestmark = pytest.mark.usefixtures("collected")
HELD = ("here", "there", "company", "nation", "elsewhere")


@dataclass(frozen=True)
class World:
    here: Agency
    there: Agency
    company: Company
    strangers: dict[tuple[Role, str], Staff]


@pytest.fixture
def world(company: Company) -> World:
    """Every role, held at every kind of place, each by a person of its own."""
    here, there, tafna = add_agency(company, "here"), add_agency(company, "there"), add_company("tafna")
    at: dict[str, tuple[Company | None, Agency | None]] = {
        "here": (company, here),
        "there": (company, there),
        "company": (company, None),
        "nation": (None, None),
        "elsewhere": (tafna, None),
    }
    strangers = {
        (role, held): add_person(f"{role}.{held}@example.org", role, company=at[held][0], agency=at[held][1])
        for role in Role
        for held in HELD
    }
    return World(here, there, company, strangers)


def should_open(action: Action, role: Role, held: str, *, at: Level) -> bool:
    """What the table says, in other words than the code's."""
    if role not in ALLOWED[action] or held == "elsewhere":
        return False
    if held in {"company", "nation"}:
        return True
    return held == "here" if at is Level.AGENCY else action in FROM_ANY_AGENCY


def door(action: Action, at: Level) -> Callable[..., HttpResponse]:
    @staff_page(action, at=at)
    def page(request: StaffRequest) -> HttpResponse:
        return HttpResponse(f"{request.staff.id} {request.place.company.code} {request.place.of_agency}")

    return page


def answer(person: Staff | AnonymousUser, action: Action, at: Level, where: Where) -> HttpResponse:
    request = RequestFactory().get("/fr/counter/")
    request.session = SessionStore()
    request.session[SIGNED_IN_AT] = ""
    request.session[FACTOR] = Factor.PASSKEY.value
    request.session[PLACE] = [where.company_id, where.agency_id]
    request.user = person
    return door(action, at)(request)


@pytest.mark.parametrize("at", [Level.AGENCY, Level.COMPANY])
def test_a_door_opens_exactly_to_whom_the_table_lets_in(world: World, at: Level) -> None:
    agency = world.here if at is Level.AGENCY else None
    where = Where(world.company.id, agency.id if agency else None)
    wrong = []
    for action in Action:
        for (role, held), person in world.strangers.items():
            met = answer(person, action, at, where)
            works_here = met.content == f"{person.id} {world.company.code} {agency}".encode()
            if works_here != should_open(action, role, held, at=at):
                wrong.append((action, role, held, met.status_code))
    assert wrong == []


@pytest.mark.parametrize("at", [Level.AGENCY, Level.COMPANY])
def test_a_flow_refuses_whom_the_door_refuses(world: World, at: Level) -> None:
    agency_id = world.here.id if at is Level.AGENCY else None
    wrong = []
    for action in Action:
        for (role, held), person in world.strangers.items():
            try:
                get_staff_allowed(login=person.login, action=action, company_id=world.company.id, agency_id=agency_id)
                allowed = True
            except NotAllowed:
                allowed = False
            if allowed != should_open(action, role, held, at=at):
                wrong.append((action, role, held))
    assert wrong == []


def test_who_works_elsewhere_is_led_to_the_own_place_never_to_this_one(world: World) -> None:
    """A forged or left-over place in the session is worth nothing."""
    cashier = world.strangers[Role.CASHIER, "there"]
    met = answer(cashier, Action.TAKE_PAYMENT, Level.AGENCY, Where(world.company.id, world.here.id))
    assert met.status_code == 200
    request = RequestFactory().get("/fr/counter/")
    request.session = SessionStore()
    request.session[FACTOR] = Factor.PASSKEY.value
    request.session[PLACE] = [world.company.id, world.here.id]
    request.user = cashier
    seen = []

    @staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)
    def page(request: StaffRequest) -> HttpResponse:
        seen.append(request.place.agency)
        return HttpResponse()

    page(request)
    assert seen == [world.there]


@pytest.mark.parametrize("action", Action)
def test_a_door_of_no_place_opens_to_whoever_may_do_that_somewhere(world: World, action: Action) -> None:
    @staff_page(action, at=Level.ANYWHERE)
    def page(request: StaffRequest) -> HttpResponse:
        return HttpResponse(str(request.staff.id))

    for (role, _held), person in world.strangers.items():
        request = RequestFactory().get("/fr/office/")
        request.session = SessionStore()
        request.session[FACTOR] = Factor.PASSKEY.value
        request.user = person
        assert (page(request).status_code == 200) is (role in ALLOWED[action]), (role, _held)


def test_nobody_comes_in_without_signing_in_or_without_a_role(world: World) -> None:
    nobody = add_person("nobody@example.org")
    where = Where(world.company.id, world.here.id)
    for action in Action:
        assert answer(AnonymousUser(), action, Level.AGENCY, where).status_code == 303
        assert answer(nobody, action, Level.AGENCY, where).status_code == 403
