"""Money: whole centimes of Algerian dinar."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in whole centimes (100 centimes = 1 dinar), never negative.

    A debt is a direction, not a sign: who owes whom is said by the place where the amount stands.

    Raises:
        TypeError: `centimes` is not a whole number.
        ValueError: `centimes` is negative.
    """

    centimes: int

    def __post_init__(self) -> None:
        if not isinstance(self.centimes, int) or isinstance(self.centimes, bool):
            raise TypeError(f"centimes must be a whole number, not {type(self.centimes).__name__}")
        if self.centimes < 0:
            raise ValueError("money is never negative: say who owes whom instead")

    @classmethod
    def dinars(cls, dinars: int) -> "Money":
        """Whole dinars as money."""
        return cls(dinars * 100)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.centimes + other.centimes)

    def __sub__(self, other: "Money") -> "Money":
        """The difference. Raises ValueError when `other` is larger."""
        return Money(self.centimes - other.centimes)

    def __bool__(self) -> bool:
        return self.centimes != 0


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum, zero when there is nothing to add."""
    return Money(sum(amount.centimes for amount in amounts))
