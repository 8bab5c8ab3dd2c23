"""What the people who run the installation have to know: backups, restorations, pulses, and papers that end."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.operations.rules import PaperKind
from bawabati.people.models import Staff


class Backup(models.Model):
    """A backup that was written, read again and found whole. Insert-only."""

    made_at = models.DateTimeField(help_text="The moment that it shows.")
    file_name = models.CharField(max_length=120)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the file as it is stored.")
    milliseconds = models.PositiveBigIntegerField(help_text="How long it took.")

    class Meta:
        indexes = (models.Index(name="backup_latest", fields=["-made_at"]),)

    def __str__(self) -> str:
        return self.file_name


class Restoration(models.Model):
    """This database was restored from a backup; until somebody has let it, it opens nothing to payers."""

    backup_made_at = models.DateTimeField(help_text="What happened after that moment is unknown here.")
    backup_file = models.CharField(max_length=120)
    restored_at = models.DateTimeField()
    series_mark = models.CharField(max_length=7, help_text="Ends the names of receipt series from then on, -R3F0K2.")
    checked_at = models.DateTimeField(null=True, help_text="When the gateway was last asked about everything.")
    found = models.JSONField(default=dict, help_text="What that found: operations.rules.Checked.")
    left_at = models.DateTimeField(null=True, help_text="When the doors were opened again.")
    left_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="restoration_left_by_a_person",
                condition=Q(left_at=None, left_by=None) | Q(left_at__isnull=False, left_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.backup_file


class Pulse(models.Model):
    """A sign of life, written over each time: that a program lives, and what it last saw."""

    name = models.CharField(max_length=60, primary_key=True, help_text="worker, books, …")
    at = models.DateTimeField()
    seen = models.JSONField(default=dict, help_text="Numbers and moments; never a person's data.")

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    """A contract, an authorisation or a declaration of a company, and its last day. The newest of a kind counts."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    ends_on = models.DateField(help_text="The last day on which it holds.")
    note = models.CharField(max_length=120, blank=True, help_text="Its number, or where it lies.")
    noted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="paper_kind_known", condition=Q(kind__in=[kind.value for kind in PaperKind])),
        )
        indexes = (models.Index(name="paper_latest", fields=["company", "kind", "-id"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.ends_on}"
