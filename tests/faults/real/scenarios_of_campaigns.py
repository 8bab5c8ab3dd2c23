"""Small stories about campaigns; see `scenarios.py`."""

from __future__ import annotations

from functools import partial

from bawabati.campaigns.reads import sum_steps
from bawabati.campaigns.rules import Step
from bawabati.flows.count_steps import count_steps
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON


@passes("count_steps: counted")
def a_step_is_counted(world: World) -> None:
    """A payer who loads the page again counts again: steps are counted, not people."""
    world.found_company()
    look = partial(count_steps, company_id=world.company.id, steps=[Step.VISIT], code="", now=NOON)
    insist(world, "a payer", "opens the page", lambda: look() or True)
    sums = sum_steps(company_id=world.company.id, first=NOON.date(), last=NOON.date())
    assert sums[Step.VISIT] in {1, 2}
