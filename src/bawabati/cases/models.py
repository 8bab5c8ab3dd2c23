"""Work items: each has an owner and a promised day, and keeps what was done about it."""

from django.db import models
from django.db.models import Q

from bawabati.cases.rules import LONGEST_BECAUSE, LONGEST_WORDS, CaseState, CaseStepKind, ClosedAs
from bawabati.companies.models import Company
from bawabati.people.models import Staff


class Case(models.Model):
    """Something that a person has to see to."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30, help_text="surplus, mismatch, …")
    reference = models.CharField(max_length=60, help_text="What it is about, e.g. payment:12.")
    amount_centimes = models.PositiveBigIntegerField(default=0)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    promised_on = models.DateField(help_text="The day by which it is promised to be settled.")
    state = models.CharField(max_length=10, default=CaseState.OPEN, help_text="open or closed.")
    details = models.JSONField(default=dict)
    step_count = models.PositiveIntegerField(default=0, help_text="How many steps stand beside it.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=24, blank=True, help_text="How it ended, from a list; empty: it is open.")
    closed_because = models.CharField(max_length=LONGEST_BECAUSE, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="case_open_once", fields=["company", "kind", "reference"], condition=Q(state=CaseState.OPEN)
            ),
            models.CheckConstraint(
                name="case_state_known", condition=Q(state__in=[state.value for state in CaseState])
            ),
            models.CheckConstraint(
                name="case_closed_with_a_reason",
                condition=Q(state=CaseState.OPEN, closed_at=None, closed_as="")
                | Q(
                    state=CaseState.CLOSED,
                    closed_at__isnull=False,
                    closed_as__in=[reason.value for reason in ClosedAs],
                ),
            ),
        )
        indexes = (
            models.Index(
                name="case_to_see_to", fields=["company", "promised_on", "id"], condition=Q(state=CaseState.OPEN)
            ),
            models.Index(
                name="case_of_owner",
                fields=["owner", "company", "promised_on", "id"],
                condition=Q(state=CaseState.OPEN),
            ),
            models.Index(
                name="case_settled", fields=["company", "closed_at", "id"], condition=Q(state=CaseState.CLOSED)
            ),
            models.Index(name="case_by_reference", fields=["company", "reference"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class CaseStep(models.Model):
    """What happened to a case, who did it, and in which words. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    step = models.CharField(max_length=14)
    by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False, help_text="Nobody: the portal by itself."
    )
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    details = models.JSONField(default=dict, help_text="Old and new owner or day; what was learnt.")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="case_step_once", fields=["case", "sequence"]),
            models.CheckConstraint(name="case_step_known", condition=Q(step__in=[step.value for step in CaseStepKind])),
        )

    def __str__(self) -> str:
        return self.step
