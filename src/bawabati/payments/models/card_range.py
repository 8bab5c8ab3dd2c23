"""Which numbers belong to which family of cards: data that the operator fills, for nobody publishes them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from bawabati.payments.rules.card_families import CardFamily


class CardRange(models.Model):
    """A range of card numbers by their first digits. Of no company: a card is the same card everywhere."""

    first = models.CharField(max_length=8, unique=True, help_text="The lowest first digits, 4 to 8 of them.")
    last = models.CharField(max_length=8, help_text="The highest, as many digits.")
    family = models.CharField(max_length=10)
    source = models.CharField(max_length=200, help_text="Who says so.")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="card_range_family_known", condition=Q(family__in=[family.value for family in CardFamily])
            ),
            models.CheckConstraint(name="card_range_in_order", condition=Q(first__lte=F("last"))),
            models.CheckConstraint(name="card_range_same_length", condition=Exact(Length("first"), Length("last"))),
        )

    def __str__(self) -> str:
        return f"{self.first}-{self.last} {self.family}"
