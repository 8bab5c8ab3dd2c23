"""What a company wants to reach, and who reads its morning page."""

from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Company
from bawabati.people.models import Staff
from bawabati.reports.rules import Measure


class Target(models.Model):
    """A figure for a period, and who set it. Insert-only: the newest row of a measure and period counts."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    measure = models.CharField(max_length=12, help_text="A reports.rules.Measure.")
    first_day = models.DateField(help_text="Accounting day, counted.")
    last_day = models.DateField(help_text="Accounting day, counted.")
    wanted = models.PositiveBigIntegerField(
        help_text="Payers or payments; of an amount, centimes. 0: what was wanted is withdrawn."
    )
    set_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="target_measure_known", condition=Q(measure__in=[measure.value for measure in Measure])
            ),
            models.CheckConstraint(name="target_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
        )
        indexes = (
            models.Index(name="target_of_company", fields=["company", "measure", "first_day", "last_day", "id"]),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.wanted}"


class MorningReader(models.Model):
    """Somebody who has chosen to have the morning page by e-mail. The row goes when he no longer wants it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="morning_reader_once", fields=["company", "staff"]),)

    def __str__(self) -> str:
        return f"morning page for {self.staff_id}"
