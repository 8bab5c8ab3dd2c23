"""What happened to a company's payments and bills, for its billing system."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.notices.rules import EventKind


class Event(models.Model):
    """Something that a billing system is told. Written in the transaction that makes it true; numbered afterwards.

    What it says is never rewritten, and once it has a number, nothing of it changes.
    Decision: docs/decisions/0042-the-api-of-a-company.md
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    sequence = models.PositiveBigIntegerField(null=True, help_text="In the company, from 1, without gaps.")
    kind = models.CharField(max_length=20)
    body = models.JSONField(help_text="As the API and webhooks tell it, without number, kind and moment.")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="event_sequence_once", fields=["company", "sequence"]),
            models.CheckConstraint(name="event_sequence_from_one", condition=Q(sequence=None) | Q(sequence__gt=0)),
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=[kind.value for kind in EventKind])),
        )
        indexes = (models.Index(name="event_unnumbered", fields=["company", "id"], condition=Q(sequence=None)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
