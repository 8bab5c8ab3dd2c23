"""Places where the bridge may die between two side effects. They do nothing, but for a harness that dies there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_dies_at: Callable[[str], None] | None = None


def crashpoint(name: str) -> None:
    """Nothing at all, unless somebody dies here."""
    if _dies_at is not None:
        _dies_at(name)


@contextmanager
def dying_at(dies_at: Callable[[str], None]) -> Iterator[None]:
    """While the block lasts, every crashpoint of this process asks `dies_at`. For a harness alone."""
    global _dies_at  # noqa: PLW0603 - one process, one harness
    before, _dies_at = _dies_at, dies_at
    try:
        yield
    finally:
        _dies_at = before
