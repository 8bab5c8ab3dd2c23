"""Reports that stand for good: the Z of a session, and the signed day of an agency. Each holds the hash of the last."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Agency, Company, Desk
from bawabati.desks.models.session import DeskSession
from bawabati.people.models import Staff


class ZReport(models.Model):
    """What a session took, as it was when it was closed. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    session = models.OneToOneField(DeskSession, models.PROTECT, related_name="+", db_constraint=False)
    number = models.PositiveIntegerField(help_text="On its desk, from 1, without gaps.")
    facts = models.TextField(help_text="Everything that it says: desks.rules.SessionReport, as canonical JSON.")
    previous_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the desk's Z before; none for the first."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the one before and of `facts`.")
    closed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="z_number_once", fields=["desk", "number"]),
            models.CheckConstraint(name="z_number_from_one", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="z_first_follows_none",
                condition=Q(number=1, previous_sha256="") | (Q(number__gt=1) & ~Q(previous_sha256="")),
            ),
        )

    def __str__(self) -> str:
        return f"Z {self.number}"


class DayClosing(models.Model):
    """The day of an agency, signed by its head. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField(help_text="Accounting day, Africa/Algiers.")
    number = models.PositiveIntegerField(help_text="In its agency, from 1, without gaps.")
    facts = models.TextField(help_text="Everything that it says: desks.rules.DayReport, as canonical JSON.")
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the agency's closing before, and of `facts`.")
    signed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="closing_once", fields=["agency", "day"]),
            models.UniqueConstraint(name="closing_number_once", fields=["agency", "number"]),
        )

    def __str__(self) -> str:
        return f"{self.day}"
