"""Files of bills received, and what became of their lines."""

from django.db import models
from django.db.models import F, Q

from bawabati.bills.rules import LINE_OUTCOMES
from bawabati.companies.models import Company
from bawabati.people.models import Staff


class BillBatch(models.Model):
    """A file of bills received. The same content is taken once."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    line_count = models.PositiveIntegerField()
    created_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    unchanged_count = models.PositiveIntegerField()
    bad_count = models.PositiveIntegerField()
    due_centimes = models.PositiveBigIntegerField(help_text="Sum of what the good lines say is due, centimes.")
    head = models.TextField(blank=True, help_text="Its line of column names, for the file of its bad lines.")
    delimiter = models.CharField(max_length=1, default=";")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="batch_content_once", fields=["company", "content_sha256"]),
            models.CheckConstraint(
                name="batch_counts_every_line",
                condition=Q(line_count=F("created_count") + F("changed_count") + F("unchanged_count") + F("bad_count")),
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class BadBillLine(models.Model):
    """A line that could not be taken, with the reason. Nothing is lost."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    batch = models.ForeignKey(BillBatch, models.PROTECT, related_name="+", db_constraint=False)
    line_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(name="bad_line_once", fields=["batch", "line_number"]),)

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.reason}"


class BillLineResult(models.Model):
    """What became of one line of a file that came over the pages. Forgotten after a while; bad lines are not."""

    pk = models.CompositePrimaryKey("batch_id", "line_number")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    batch = models.ForeignKey(BillBatch, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    line_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9)
    bill_number = models.CharField(max_length=30, blank=True, help_text="Of a line that was taken.")

    class Meta:
        constraints = (
            models.CheckConstraint(name="line_outcome_known", condition=Q(outcome__in=sorted(LINE_OUTCOMES))),
        )
        indexes = (models.Index(name="line_of_outcome", fields=["batch", "outcome", "line_number"]),)

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.outcome}"
