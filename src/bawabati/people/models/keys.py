"""Keys of machines that come in through the API, and what was answered to calls that may come twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.people.models.staff import Staff


class ApiKey(models.Model):
    """A machine of a company: its billing system, a bank's application. Of its key we keep the digest alone."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60, help_text="What the company calls the machine.")
    staff = models.OneToOneField(
        Staff, models.PROTECT, related_name="+", help_text="The system account under which it acts."
    )
    scopes = models.JSONField(help_text='What it may do: people.rules.ApiScope, e.g. ["bills:write"].')
    channel_name = models.CharField(max_length=40, blank=True, help_text="Of a channel: what receipts call it.")
    networks = models.JSONField(default=list, help_text="From where it comes, e.g. 203.0.113.0/24; empty: anywhere.")
    key_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="The latest call, to the minute.")
    ended_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="api_key_ended_by_somebody",
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
        )
        indexes = (models.Index(name="api_key_of_company", fields=["company", "id"]),)

    def __str__(self) -> str:
        return self.name


class ApiCall(models.Model):
    """A call with an `Idempotency-Key`, and what was answered: it may come again and changes nothing then."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="+", db_index=False)
    idempotency_key = models.CharField(max_length=100, help_text="As the caller made it.")
    request_sha256 = models.CharField(max_length=64, help_text="Of method, address and body.")
    begun_at = models.DateTimeField(help_text="When somebody last began to work on it.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the answer; none: somebody works on it.")
    body = models.TextField(blank=True, help_text="The answer, byte for byte, JSON.")

    class Meta:
        constraints = (models.UniqueConstraint(name="api_call_once", fields=["key", "idempotency_key"]),)
        indexes = (models.Index(name="api_call_by_age", fields=["begun_at"]),)

    def __str__(self) -> str:
        return self.idempotency_key
