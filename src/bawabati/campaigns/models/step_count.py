"""How many steps were taken in an hour, without anybody's name."""

from django.db import models
from django.db.models import Q

from bawabati.campaigns.rules import LONGEST_CODE, Step
from bawabati.companies.models import Company


class StepCount(models.Model):
    """So many steps of one kind, within one hour, by one code. No person, no cookie, no address.

    Several rows say it together: each connection adds to its own, so that nobody waits for another's.
    Decision: docs/decisions/0040-steps-counted-without-anybody.md
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    counted_on = models.DateField(help_text="Day in Africa/Algiers.")
    hour = models.PositiveSmallIntegerField(help_text="0 to 23, Africa/Algiers.")
    code = models.CharField(max_length=LONGEST_CODE, blank=True, help_text="Of a campaign; empty: none that counts.")
    step = models.CharField(max_length=14, help_text="A campaigns.rules.Step.")
    shard = models.PositiveSmallIntegerField(help_text="Which of the rows that add up.")
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="step_count_once", fields=["company", "counted_on", "code", "step", "hour", "shard"]
            ),
            models.CheckConstraint(name="step_known", condition=Q(step__in=[step.value for step in Step])),
            models.CheckConstraint(name="step_hour_of_the_day", condition=Q(hour__lte=23)),
        )

    def __str__(self) -> str:
        return f"{self.counted_on} {self.step} {self.count}"
