"""The outside world, back at its first day for every test that meets it."""

from collections.abc import Iterator

import pytest

from outside import Outside
from programs import Program


@pytest.fixture
def outside(sandbox: Program) -> Iterator[Outside]:
    world = Outside(sandbox.url)
    world.reset()
    yield world
    world.reset()
