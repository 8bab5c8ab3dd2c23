"""What a company decides about reminders, and the words that it sends."""

from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Company
from bawabati.people.models import Staff
from bawabati.reminders.rules import STAGES


class ReminderPlan(models.Model):
    """When a company reminds its customers, how, and how fast. Without a row nobody is reminded."""

    company = models.OneToOneField(Company, models.PROTECT, related_name="+", primary_key=True)
    is_on = models.BooleanField(default=False)
    before_due_days = models.PositiveSmallIntegerField(default=5, help_text="Days before the due day; 0: not sent.")
    at_due = models.BooleanField(default=True)
    before_cut_off_days = models.PositiveSmallIntegerField(
        default=5, help_text="Days before the first day of a cut-off; 0: not sent."
    )
    cut_off_after_days = models.PositiveSmallIntegerField(
        default=30, help_text="Days after the due day on which the water may be cut off at the earliest."
    )
    by_sms = models.BooleanField(default=True)
    by_email = models.BooleanField(default=True)
    from_hour = models.PositiveSmallIntegerField(default=9, help_text="Hour from which messages leave, in Algeria.")
    until_hour = models.PositiveSmallIntegerField(default=18, help_text="Hour until which they do.")
    a_minute = models.PositiveSmallIntegerField(default=300, help_text="How many messages leave in a minute at most.")
    part_price_centimes = models.PositiveIntegerField(default=0, help_text="Price of an SMS part, centimes; 0: unsaid.")
    campaign_code = models.CharField(max_length=12, blank=True, help_text="Of the wave, in the links of the messages.")
    digest_key = models.BinaryField(help_text="Encrypted: the key of the digests of those who opted out.")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="reminder_plan_hours", condition=Q(from_hour__lt=F("until_hour"), until_hour__lte=24)
            ),
            models.CheckConstraint(
                name="reminder_plan_before_cut_off", condition=Q(before_cut_off_days__lt=F("cut_off_after_days"))
            ),
            models.CheckConstraint(name="reminder_plan_has_a_pace", condition=Q(a_minute__gt=0)),
        )

    def __str__(self) -> str:
        return f"reminders of company {self.company_id}"


class ReminderText(models.Model):
    """One version of the words of a reminder in one language. Never changed: what was said stays known."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=14, help_text="A reminders.rules.Stage.")
    language = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    body = models.CharField(max_length=320, help_text="With words in braces that are filled in.")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="reminder_text_version_once", fields=["company", "stage", "language", "version"]
            ),
            models.CheckConstraint(name="reminder_text_stage_known", condition=Q(stage__in=list(STAGES))),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.language} {self.version}"
