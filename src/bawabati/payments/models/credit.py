"""What a customer's credit has paid."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models import Bill, Customer
from bawabati.companies.models import Company
from bawabati.people.models import Staff


class CreditUse(models.Model):
    """A part of a customer's credit that was put to one of his bills. Insert-only.

    Not a payment: the money came in with an earlier one, which has its receipt.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_constraint=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_constraint=False)
    amount_centimes = models.PositiveBigIntegerField()
    because = models.CharField(max_length=200, help_text="Why, in the words of whoever did it.")
    key = models.CharField(max_length=64, blank=True, help_text="Names one wish of a person; a repeated one is it.")
    applied_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="credit_use_moves_something", condition=Q(amount_centimes__gt=0)),
            models.UniqueConstraint(name="credit_use_once", fields=["company", "key"], condition=~Q(key="")),
        )

    def __str__(self) -> str:
        return f"credit for {self.bill_id}"
