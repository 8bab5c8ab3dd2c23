"""Who is reminded of which bill, once for each stage; the messages in which that is said; and who wants none."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models import Bill, Customer, CustomerContact
from bawabati.companies.models import Company
from bawabati.notices.models import Notice
from bawabati.notices.rules import Means
from bawabati.people.models import Staff
from bawabati.reminders.rules import STAGES, OptedBy, Progress


class ReminderRun(models.Model):
    """A day's reminders of a company, planned in one go. One for each day."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    planned_at = models.DateTimeField()
    bill_count = models.PositiveIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="reminder_run_once", fields=["company", "day"]),)

    def __str__(self) -> str:
        return self.day.isoformat()


class Reminder(models.Model):
    """A bill of which its customer is reminded. Once for each stage, for ever."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    run = models.ForeignKey(ReminderRun, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    stage = models.CharField(max_length=14, help_text="A reminders.rules.Stage.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reminder_once", fields=["bill", "stage"]),
            models.CheckConstraint(name="reminder_stage_known", condition=Q(stage__in=list(STAGES))),
        )
        indexes = (models.Index(name="reminder_of_run", fields=["run", "customer"]),)

    def __str__(self) -> str:
        return f"{self.bill_id} {self.stage}"


class ReminderMessage(models.Model):
    """One message to one address about the bills of one customer; what it says is decided when it leaves."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(ReminderRun, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    contact = models.ForeignKey(
        CustomerContact,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        help_text="Where it goes; none once that is erased.",
    )
    means = models.CharField(max_length=5)
    language = models.CharField(max_length=2)
    progress = models.CharField(max_length=10, default=Progress.WAITING)
    reason = models.CharField(max_length=20, blank=True, help_text="Why it was called off: reminders.rules.Why.")
    send_after = models.DateTimeField()
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+", db_constraint=False)
    said = models.JSONField(
        default=dict,
        help_text="What it told when it left: stage, version of the text, what was left of each bill.",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reminder_message_once", fields=["run", "contact"]),
            models.CheckConstraint(
                name="reminder_message_progress_known", condition=Q(progress__in=[each.value for each in Progress])
            ),
            models.CheckConstraint(
                name="reminder_message_way_known", condition=Q(means__in=[way.value for way in Means])
            ),
        )
        indexes = (
            models.Index(
                name="reminder_message_waiting",
                fields=["company", "send_after", "id"],
                condition=Q(progress=Progress.WAITING),
            ),
            models.Index(name="reminder_message_of_run", fields=["run", "progress"]),
        )

    def __str__(self) -> str:
        return f"reminder {self.pk}"


class OptOut(models.Model):
    """Somebody wants no reminders at an address. Kept for ever, by a digest alone."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    digest = models.BinaryField(help_text="SHA-256 under the company's own key.")
    opted_at = models.DateTimeField()
    opted_by = models.CharField(max_length=4, help_text="link or desk.")
    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, help_text="Who was told at a desk; nobody: by the link."
    )

    class Meta:
        constraints = (
            models.CheckConstraint(name="opt_out_way_known", condition=Q(opted_by__in=[way.value for way in OptedBy])),
        )
        indexes = (models.Index(name="opt_out_by_digest", fields=["company", "digest", "opted_at"]),)

    def __str__(self) -> str:
        return "somebody who wants no reminders"
