"""Between any two side effects of any flow the process dies once, and the world is as if it had not."""

from __future__ import annotations

from collections import defaultdict

import pytest

from faults.awaited import AWAITED
from faults.passed import bridge_boundaries, scenarios
from house.side_effects import boundaries, side_effects

pytestmark = pytest.mark.usefixtures("database")

PASSED_IN = defaultdict(list)
for _effect, _scenario in scenarios():
    PASSED_IN[_effect].append(_scenario)


def _effect_of(boundary: str) -> str:
    return boundary.rpartition(": ")[0]


@pytest.mark.parametrize("times", [1, 2], ids=["once", "and once more"])
@pytest.mark.parametrize(
    ("boundary", "scenario"),
    [(boundary, scenario) for boundary in boundaries() for scenario in PASSED_IN[_effect_of(boundary)]],
)
def test_whoever_dies_here_leaves_nothing_undone_and_nothing_done_twice(
    boundary: str, scenario: str, times: int
) -> None:
    from faults.real.scenarios import SCENARIOS  # noqa: PLC0415 - settings first
    from faults.real.swarm import NOTHING_GOES_WRONG  # noqa: PLC0415
    from faults.real.world import Crashes, World  # noqa: PLC0415

    world = World(1, rates=NOTHING_GOES_WRONG, crashes=Crashes(chosen=boundary, times=times))
    try:
        with world.running():
            SCENARIOS[_effect_of(boundary)][scenario](world)
    except BaseException:
        print(world.story)  # noqa: T201 - read with the failure
        raise
    assert world.crashes.died_at[boundary], f"{scenario} does not pass {boundary!r}"


@pytest.mark.parametrize("times", [1, 2], ids=["once", "and once more"])
@pytest.mark.parametrize("boundary", bridge_boundaries())
def test_a_bridge_that_dies_here_loses_no_sale_and_sends_none_twice(boundary: str, times: int) -> None:
    from faults.real.scenarios import scenarios_at_desks as at_desks  # noqa: PLC0415 - settings first; all at once
    from faults.real.swarm import NOTHING_GOES_WRONG  # noqa: PLC0415
    from faults.real.world import Crashes, World  # noqa: PLC0415

    world = World(1, rates=NOTHING_GOES_WRONG, crashes=Crashes(chosen=boundary, times=times))
    is_about_the_disk = boundary == "bridge: journal: lost"
    with world.running():
        if is_about_the_disk:
            at_desks.a_journal_is_lost_while_the_reader_waits(world)
        else:
            at_desks.a_card_is_taken_and_given_back(world)
    assert world.crashes.passed[boundary], f"the story does not pass {boundary!r}"


def test_each_side_effect_is_passed_by_a_scenario() -> None:
    effects = {effect.name for effect in side_effects()}
    missing = effects - set(PASSED_IN) - AWAITED
    assert not missing, f"no scenario of faults/real/scenarios.py passes {sorted(missing)}: write one"


def test_no_scenario_is_for_a_side_effect_that_is_gone(database: None) -> None:  # noqa: ARG001
    from faults.real.scenarios import SCENARIOS  # noqa: PLC0415 - settings first

    said = {(effect, name) for effect, named in SCENARIOS.items() for name in named}
    assert said == set(scenarios())
    assert set(SCENARIOS) <= {effect.name for effect in side_effects()}
    assert not AWAITED & set(SCENARIOS), "somebody has written what was awaited"
