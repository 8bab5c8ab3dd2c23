"""One seed from its beginning to its verdict."""

from __future__ import annotations

from collections import Counter

from faults.pure import checks
from faults.pure.people import People
from faults.pure.portal import Portal
from faults.pure.violations import Violation
from faults.pure.world import World


def play(seed: int, seen: Counter[str], *, story: list[str] | None = None) -> Violation | None:
    """What the seed broke, or None. Everything that it met is counted in `seen`."""
    world = World(seed, seen, story=story)
    portal = Portal(world)
    People(world, portal).come()
    try:
        world.run(portal.sweep)
        checks.at_rest(world, portal)
    except Violation as violation:
        return violation
    except Exception as surprise:  # noqa: BLE001 - whatever the rules raise here is a finding
        violation = Violation("surprise", f"{type(surprise).__name__}: {surprise}")
        violation.__cause__ = surprise
        return violation
    return None


def story_of(seed: int) -> tuple[Violation | None, list[str]]:
    """The seed again, with its timeline. Telling it changes nothing."""
    story: list[str] = []
    violation = play(seed, Counter(), story=story)
    return violation, story
