"""What ends a seed: something that must always be true was not."""


class Violation(AssertionError):  # noqa: N818 - reads as what it is
    """An invariant is broken. `invariant` is its number in behaviour.md 1."""

    def __init__(self, invariant: str, what: str) -> None:
        self.invariant = invariant
        super().__init__(f"{invariant}: {what}")


def must(holds: object, invariant: str, what: str) -> None:
    """Raises Violation unless it holds."""
    if not holds:
        raise Violation(invariant, what)
