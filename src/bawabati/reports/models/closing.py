"""Closed accounting days of a company, and what was posted to one after it was closed."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.people.models import Staff


class CompanyClosing(models.Model):
    """One accounting day of a company, closed for good. Insert-only; each holds the hash of the one before."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(help_text="Accounting day, Africa/Algiers.")
    number = models.PositiveIntegerField(help_text="In the company, from 1, without gaps.")
    facts = models.TextField(help_text="Everything that it says: reports.rules.DayFacts, as canonical JSON.")
    previous_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the closing before; none for the first."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the one before and of `facts`.")
    key_name = models.CharField(max_length=12, help_text="Of the company's key that signed it.")
    signature = models.BinaryField(help_text="Ed25519, 64 bytes, of the hash before and of `facts`.")
    closed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="company_closing_once", fields=["company", "day"]),
            models.UniqueConstraint(name="company_closing_number_once", fields=["company", "number"]),
            models.CheckConstraint(
                name="company_closing_first_follows_none",
                condition=Q(number=1, previous_sha256="") | (Q(number__gt=1) & ~Q(previous_sha256="")),
            ),
        )

    def __str__(self) -> str:
        return f"closing {self.number}"


class LatePosting(models.Model):
    """A transfer of an accounting day that was closed before it was posted. Insert-only.

    A trigger of the database writes it together with the transfer. The next certificate tells of it.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    transfer_id = models.BigIntegerField(primary_key=True, help_text="Of the books; the trigger writes both at once.")
    entered_on = models.DateField(help_text="In whose journal it stands: the first day that was open then.")

    class Meta:
        indexes = (models.Index(name="late_posting_by_day", fields=["company", "entered_on"]),)

    def __str__(self) -> str:
        return f"late {self.transfer_id}"
