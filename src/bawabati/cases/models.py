"""Work items: each has an owner and a promised day."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.people.models import Staff


class Case(models.Model):
    """Something that a person has to see to."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, help_text="surplus, mismatch, …")
    reference = models.CharField(max_length=60, help_text="What it is about, e.g. payment:12.")
    amount_centimes = models.PositiveBigIntegerField(default=0)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    promised_on = models.DateField(help_text="The day by which it is promised to be settled.")
    state = models.CharField(max_length=10, default="open", help_text="open or closed.")
    details = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="case_open_once", fields=["company", "kind", "reference"], condition=Q(state="open")
            ),
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=["open", "closed"])),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
