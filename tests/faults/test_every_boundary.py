"""Between any two side effects of any flow the process dies once, and the world is as if it had not."""

from __future__ import annotations

import pytest

from house.side_effects import boundaries, side_effects

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("times", [1, 2], ids=["once", "and once more"])
@pytest.mark.parametrize("boundary", boundaries())
def test_whoever_dies_here_leaves_nothing_undone_and_nothing_done_twice(boundary: str, times: int) -> None:
    from faults.real.scenarios import SCENARIOS  # noqa: PLC0415 - settings first
    from faults.real.swarm import NOTHING_GOES_WRONG  # noqa: PLC0415
    from faults.real.world import Crashes, World  # noqa: PLC0415

    effect = boundary.rpartition(": ")[0]
    assert effect in SCENARIOS, f"no scenario of faults/real/scenarios.py passes {effect!r}: write one"
    world = World(1, rates=NOTHING_GOES_WRONG, crashes=Crashes(chosen=boundary, times=times))
    try:
        with world.running():
            SCENARIOS[effect](world)
    except BaseException:
        print(world.story)  # noqa: T201 - read with the failure
        raise
    assert world.crashes.died_at[boundary], f"the scenario of {effect!r} does not pass {boundary!r}"


def test_no_scenario_is_for_a_side_effect_that_is_gone(database: None) -> None:  # noqa: ARG001
    from faults.real.scenarios import SCENARIOS  # noqa: PLC0415 - settings first

    assert set(SCENARIOS) <= {effect.name for effect in side_effects()}
