"""Who did what, and the blocks that seal it. Insert-only."""

from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Company
from bawabati.people.models import Staff


class AuditEntry(models.Model):
    """One act of a named account."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", null=True, db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=40)
    target = models.CharField(max_length=120, help_text="What it was done to, e.g. bill_batch:12.")
    details = models.JSONField(default=dict, help_text="What changed; never a secret, never a person's contact.")
    request = models.CharField(
        max_length=20, blank=True, help_text="Names the request that did it, as the log does; none for a command."
    )
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(name="audit_by_company", fields=["company", "at", "id"]),
            models.Index(name="audit_by_staff", fields=["company", "staff", "at", "id"]),
            models.Index(name="audit_by_action", fields=["company", "action", "at", "id"]),
            models.Index(name="audit_by_target", fields=["company", "target", "at", "id"]),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class AuditBlock(models.Model):
    """Every entry since the block before, under one signature. Rule: audit-sealed (failures.md 5.11)"""

    number = models.PositiveBigIntegerField(primary_key=True, help_text="From 1, without gaps.")
    previous = models.BinaryField(help_text="Hash of the block before; 32 bytes.")
    root = models.BinaryField(help_text="Root of the tree over the hashes of its entries; 32 bytes.")
    leaves = models.BinaryField(help_text="Hashes of its entries in their order, one behind the other; 32 bytes each.")
    first_id = models.BigIntegerField(help_text="Of its first entry.")
    last_id = models.BigIntegerField(help_text="Of its last entry.")
    count = models.PositiveIntegerField(help_text="How many entries; fewer than the numbers between, after rollbacks.")
    sealed_at = models.DateTimeField()
    hash = models.BinaryField(help_text="Of the block itself; kept in other places too. 32 bytes.")
    key_name = models.CharField(max_length=12, help_text="The signing key of the installation.")
    signature = models.BinaryField(help_text="Ed25519, 64 bytes.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="audit_block_last_once", fields=["last_id"]),
            models.CheckConstraint(
                name="audit_block_has_entries",
                condition=Q(number__gt=0, count__gt=0, first_id__lte=F("last_id")),
            ),
        )

    def __str__(self) -> str:
        return str(self.number)
