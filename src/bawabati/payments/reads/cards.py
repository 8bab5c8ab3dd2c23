"""Families of cards, by the ranges that the operator has filled in."""

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.payments.models import CardRange
from bawabati.payments.rules.card_families import CardFamily, NumberRange, family_of


def list_card_ranges() -> list[NumberRange]:
    """Every range that is known, by its first digits."""
    return [
        NumberRange(first=known.first, last=known.last, family=CardFamily(known.family), source=known.source)
        for known in _ranges.list()
    ]


def card_family_of(masked_card: str) -> str:
    """The family of a masked card; empty when it is not known, and for no card at all."""
    return family_of(masked_card, list_card_ranges()) if masked_card else ""


@compiled
def _ranges() -> QuerySet[CardRange]:
    return CardRange.objects.order_by("first")
