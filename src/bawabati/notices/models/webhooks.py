"""Where events are told as webhooks, and what came of each."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.notices.models.events import Event
from bawabati.notices.rules import DeliveryState
from bawabati.people.models import Staff


class Endpoint(models.Model):
    """An address of a company's own system that wants to be told of events. Its secrets are encrypted."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    url = models.CharField(max_length=300)
    kinds = models.JSONField(help_text="Which events it is told: notices.rules.EventKind.")
    secret_sealed = models.BinaryField()
    former_sealed = models.BinaryField(null=True, help_text="Signs beside the other until `former_until`.")
    former_until = models.DateTimeField(null=True)
    told_up_to = models.PositiveBigIntegerField(help_text="Number of the last event that was laid out for it.")
    leased_until = models.DateTimeField(null=True, help_text="Until when one worker has it to itself.")
    paused_until = models.DateTimeField(null=True, help_text="Left alone until then, because it has just failed.")
    failures_in_row = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, help_text="Since when nothing was taken.")
    disabled_at = models.DateTimeField(null=True, help_text="When it was given up, until somebody opens it again.")
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="endpoint_ended_by_somebody",
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="endpoint_former_has_an_end",
                condition=Q(former_sealed=None, former_until=None)
                | Q(former_sealed__isnull=False, former_until__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="endpoint_of_company", fields=["company", "id"]),
            models.Index(name="endpoint_open", fields=["id"], condition=Q(ended_at=None, disabled_at=None)),
        )

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event on its way to one endpoint."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    sequence = models.PositiveBigIntegerField(help_text="The event's number: what is older leaves first.")
    state = models.CharField(max_length=10, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_since = models.DateTimeField(help_text="Giving up is counted from there.")
    next_try_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True, help_text="The HTTP status of the last answer.")
    last_reason = models.CharField(max_length=40, blank=True, help_text="Why there was none, or none that is good.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="delivery_once", fields=["endpoint", "sequence"]),
            models.CheckConstraint(
                name="delivery_state_known", condition=Q(state__in=[state.value for state in DeliveryState])
            ),
            models.CheckConstraint(
                name="delivery_tried_until_over",
                condition=Q(state=DeliveryState.WAITING, next_try_at__isnull=False, ended_at=None)
                | (~Q(state=DeliveryState.WAITING) & Q(next_try_at=None, ended_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                name="delivery_due", fields=["endpoint", "sequence"], condition=Q(state=DeliveryState.WAITING)
            ),
            models.Index(name="delivery_given_up", fields=["endpoint"], condition=Q(state=DeliveryState.GIVEN_UP)),
            models.Index(name="delivery_newest", fields=["company", "id"]),
            models.Index(name="delivery_by_age", fields=["ended_at"], condition=Q(ended_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}"


class DeliveryTry(models.Model):
    """What one try brought."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status; none: no answer came.")
    reason = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.status or self.reason)
