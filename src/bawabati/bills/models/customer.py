"""Customers, as the billing system knows them."""

from django.db import models

from bawabati.companies.models import Company


class Customer(models.Model):
    """A customer of a company, as its billing system knows him."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    name = models.CharField(max_length=120, blank=True, help_text="Never shown whole to the public: initials only.")

    class Meta:
        constraints = (models.UniqueConstraint(name="customer_number_once", fields=["company", "number"]),)

    def __str__(self) -> str:
        return self.number
