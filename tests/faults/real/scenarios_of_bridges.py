"""A small story about how a bridge joins; see `scenarios.py`."""

from __future__ import annotations

from functools import partial

from bawabati.companies.models import Bridge
from bawabati.flows.enrol_bridge import enrol_bridge, make_enrolment_code
from bawabati.people.rules import Role
from bawabati.people.writes import add_staff, give_role
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON
from staff import add_agency

TAREK = "tarek@oran.example"
KEY = "k" * 43


@passes("enrol_bridge: code made", "enrol_bridge: enrolled")
def a_bridge_joins(world: World) -> None:
    world.found_company()
    agency = add_agency(world.company)
    tarek = add_staff(login=TAREK, name="Tarek", language="fr", now=NOON)
    give_role(staff=tarek, role=Role.OPERATOR, company=world.company)
    make = partial(make_enrolment_code, agency=agency, name="PC", login=TAREK)
    code = insist(world, "Tarek", "makes a code", lambda: make(now=world.clock.now()))
    assert isinstance(code, str)
    join = partial(enrol_bridge, code=code, key=KEY, software="0.1.0")
    for _ in range(2):
        joined = insist(world, "the bridge", "joins", lambda: join(now=world.clock.now()))
    assert isinstance(joined, Bridge)
    assert Bridge.objects.filter(name="PC").count() == 1
