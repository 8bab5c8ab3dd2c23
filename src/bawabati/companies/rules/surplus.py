"""What a company does with money that found its bill settled, unless the payer chooses."""

from enum import StrEnum


class SurplusBecomes(StrEnum):
    """Rule: surplus (behaviour.md 5)"""

    CREDIT = "credit"
    """It stays the customer's, for the next bill."""
    CARD = "card"
    """Its refund is asked for at once; a person still approves it."""
