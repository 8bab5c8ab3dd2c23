"""The rounds of crews: which customers one goes to on a day."""

from django.db import models

from bawabati.bills.models import Customer
from bawabati.companies.models import Company
from bawabati.people.models import Staff


class Round(models.Model):
    """The customers to whom a person of the crew goes on a day. A new one for the same day takes its place."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    crew = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    customer_count = models.PositiveIntegerField()
    unknown_count = models.PositiveIntegerField(default=0, help_text="Numbers that are no customer's.")
    taken_at = models.DateTimeField(null=True, help_text="When the crew last took its list along.")

    class Meta:
        indexes = (models.Index(name="round_newest", fields=["company", "day", "crew", "-id"]),)

    def __str__(self) -> str:
        return f"round of {self.day.isoformat()}"


class RoundCustomer(models.Model):
    """A customer of a round, in its order."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="round_customer_once", fields=["round", "customer"]),)

    def __str__(self) -> str:
        return f"{self.place}"
