"""Who did what. Insert-only."""

from django.db import models

from bawabati.companies.models import Company
from bawabati.people.models import Staff


class AuditEntry(models.Model):
    """One act of a named account."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", null=True)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    target = models.CharField(max_length=120, help_text="What it was done to, e.g. bill_batch:12.")
    details = models.JSONField(default=dict, help_text="What changed; never a secret, never a person's contact.")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="audit_by_company", fields=["company", "at"]),)

    def __str__(self) -> str:
        return f"{self.action} {self.target}"
