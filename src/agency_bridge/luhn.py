"""The check digit that card numbers end with."""

_TWO_DIGITS = 10


def luhn_holds(digits: str) -> bool:
    """Whether `digits`, 0 to 9 only, end with the right one."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled if doubled < _TWO_DIGITS else doubled - 9
    return total % 10 == 0
