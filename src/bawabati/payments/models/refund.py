"""Money of a payment that goes back, or has gone back."""

from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Company
from bawabati.payments.models.payment import Payment, PaymentLine
from bawabati.payments.rules import AT_WORK, FINAL_REFUND, RefundKind, RefundReason, RefundState
from bawabati.people.models import Staff

OPEN = sorted(state.value for state in RefundState if state not in FINAL_REFUND)


class Refund(models.Model):
    """A refund through the gateway, or a reversal that others made and that two people write down."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=20)
    because = models.CharField(max_length=500, help_text="Why, in the words of whoever asked for it.")
    amount_centimes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, default=RefundState.REQUESTED)
    requested_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    event_count = models.PositiveIntegerField(default=0, help_text="How many events stand beside it.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was claimed to be sent.")
    baseline_centimes = models.PositiveBigIntegerField(
        null=True, help_text="What the gateway held of the order just before the refund was sent, centimes."
    )
    unchanged_since = models.DateTimeField(null=True, help_text="Since when readings show that it did not happen.")
    next_step_at = models.DateTimeField(null=True, help_text="When the worker goes on with it; none without its work.")
    last_reason = models.CharField(max_length=40, blank=True, help_text="Why the last step brought no end.")
    past_the_gateway = models.BooleanField(default=False, help_text="Given back in another way than to the card.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="refund_one_open", fields=["payment"], condition=Q(state__in=OPEN)),
            models.CheckConstraint(name="refund_moves_something", condition=Q(amount_centimes__gt=0)),
            models.CheckConstraint(
                name="refund_state_known", condition=Q(state__in=[state.value for state in RefundState])
            ),
            models.CheckConstraint(name="refund_kind_known", condition=Q(kind__in=[kind.value for kind in RefundKind])),
            models.CheckConstraint(
                name="refund_reason_known", condition=Q(reason__in=[reason.value for reason in RefundReason])
            ),
            models.CheckConstraint(
                name="refund_two_people",
                condition=Q(state__in=[RefundState.REQUESTED, RefundState.REFUSED])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
            ),
            models.CheckConstraint(
                name="refund_due_while_at_work",
                condition=Q(state__in=sorted(AT_WORK), next_step_at__isnull=False)
                | (~Q(state__in=sorted(AT_WORK)) & Q(next_step_at=None)),
            ),
            models.CheckConstraint(
                name="refund_sent_with_baseline",
                condition=~Q(state=RefundState.REFUNDING) | Q(baseline_centimes__isnull=False),
            ),
        )
        indexes = (models.Index(name="refund_due", fields=["next_step_at"], condition=Q(next_step_at__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class RefundPart(models.Model):
    """What of a refund makes the bill of one line due again. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    line = models.ForeignKey(PaymentLine, models.PROTECT, related_name="+", db_constraint=False)
    amount_centimes = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="refund_part_once", fields=["refund", "line"]),
            models.CheckConstraint(name="refund_part_moves_something", condition=Q(amount_centimes__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.line_id}"


class RefundEvent(models.Model):
    """What happened to a refund, who did it, and on what evidence. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    evidence = models.JSONField(default=dict, help_text="What the outside said, or what a person wrote, no secrets.")
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_refundevent"
        constraints = (models.UniqueConstraint(name="refund_event_once", fields=["refund", "sequence"]),)

    def __str__(self) -> str:
        return self.event
