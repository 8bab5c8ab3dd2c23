"""Numbers that our own forms carry and give back."""

MOST_DIGITS = 15
"""More has no sum of centimes, and no count."""


def given_number(text: str) -> int:
    """The number that a form had of us; 0 for anything that is none of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
