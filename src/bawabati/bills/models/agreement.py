"""Agreements to pay a debt in instalments, what happened to each, and how its payer is reached."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models.customer import Customer
from bawabati.bills.rules import OPEN_AGREEMENTS, AgreementState
from bawabati.companies.models import Company, CompanyText
from bawabati.people.models import Staff


class Agreement(models.Model):
    """A debt that is paid in tranches, from the wish of its payer to its end."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_constraint=False)
    state = models.CharField(max_length=10, default=AgreementState.ASKED)
    language = models.CharField(max_length=2)
    terms = models.ForeignKey(CompanyText, models.PROTECT, related_name="+", help_text="What its payer accepted.")
    tranches = models.PositiveSmallIntegerField(help_text="How many; as asked, or as the office offers instead.")
    first_centimes = models.PositiveBigIntegerField(help_text="The first tranche as asked or offered, centimes.")
    total_centimes = models.PositiveBigIntegerField(help_text="The debt when it was asked, and when it was agreed.")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    because = models.TextField(blank=True, help_text="What the office says to the payer: why not, or why otherwise.")
    ended_at = models.DateTimeField(null=True)
    start_key = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of the form that asked for it: who sends that form again is led to it, and nobody else is.",
    )
    event_count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="agreement_open_once", fields=["customer"], condition=Q(state__in=sorted(OPEN_AGREEMENTS))
            ),
            models.CheckConstraint(
                name="agreement_state_known", condition=Q(state__in=[state.value for state in AgreementState])
            ),
            models.CheckConstraint(
                name="agreement_ended_when_over",
                condition=Q(state__in=sorted(OPEN_AGREEMENTS), ended_at__isnull=True)
                | (~Q(state__in=sorted(OPEN_AGREEMENTS)) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="agreement_first_within_total",
                condition=Q(tranches__gte=2, first_centimes__gt=0, first_centimes__lt=models.F("total_centimes")),
            ),
        )
        indexes = (
            models.Index(name="agreement_by_state", fields=["company", "state", "id"]),
            models.Index(name="agreement_open", fields=["id"], condition=Q(ended_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"agreement {self.id}"


class AgreementEvent(models.Model):
    """What happened to an agreement, and who did it. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=12)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, help_text="Null: its payer.")
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="agreement_event_once", fields=["agreement", "sequence"]),)

    def __str__(self) -> str:
        return self.event


class AgreementContact(models.Model):
    """The e-mail that its payer left, in a row of its own, which the law may erase."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="+", primary_key=True, db_constraint=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    email = models.EmailField()

    def __str__(self) -> str:
        return "contact of an agreement"
