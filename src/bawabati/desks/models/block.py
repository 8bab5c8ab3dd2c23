"""Receipt numbers that a desk may use while its line is cut, and what was written with them."""

from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Agency, Company, Desk
from bawabati.desks.models.session import DeskSession
from bawabati.desks.rules.blocks import SlipOutcome
from bawabati.people.models import Staff


class NumberBlock(models.Model):
    """Numbers of a series of the desk's own, set aside for one session."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=20, help_text="Of the receipt series.")
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    code_scrypt = models.CharField(max_length=100, help_text="Salt and hash of the code that was shown once.")
    set_aside_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    set_aside_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="From when the bridge is not given it any more.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="block_numbers_once", fields=["company", "kind", "year", "first"]),
            models.UniqueConstraint(name="block_one_of_a_desk", fields=["desk"], condition=Q(ended_at=None)),
            models.CheckConstraint(name="block_has_numbers", condition=Q(first__gt=0, last__gte=F("first"))),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.first}-{self.last}"


class OfflineReceipt(models.Model):
    """What became of one number of a block: a receipt that was written offline, or nothing (void). Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    block = models.ForeignKey(NumberBlock, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12)
    payment_number = models.CharField(max_length=64, blank=True, help_text="As the bridge says; nobody's, maybe.")
    amount_centimes = models.PositiveBigIntegerField(default=0)
    stamp_duty_centimes = models.PositiveBigIntegerField(default=0)
    cashier = models.CharField(max_length=120, blank=True, help_text="As the bridge says.")
    taken_at = models.DateTimeField(null=True, help_text="On the bridge's clock.")
    case_kind = models.CharField(max_length=30, blank=True, help_text="Of the work item that it has become, if one.")
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="offline_number_once", fields=["block", "number"]),
            models.CheckConstraint(
                name="offline_outcome_known", condition=Q(outcome__in=[outcome.value for outcome in SlipOutcome])
            ),
            models.CheckConstraint(
                name="offline_void_took_nothing",
                condition=Q(outcome=SlipOutcome.VOID, amount_centimes=0, stamp_duty_centimes=0, taken_at=None)
                | (~Q(outcome=SlipOutcome.VOID) & Q(amount_centimes__gt=0, taken_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
