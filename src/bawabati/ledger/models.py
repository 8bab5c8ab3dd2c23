"""The books: accounts, and transfers between two of them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from bawabati.companies.models import Company


class Account(models.Model):
    """An account of a company's books, by its SCF code; one for each holder where it is somebody's own."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, help_text="SCF code, e.g. 511.")
    holder = models.CharField(max_length=40, blank=True, help_text="Customer number, for a customer's own account.")

    class Meta:
        constraints = (models.UniqueConstraint(name="account_once", fields=["company", "code", "holder"]),)

    def __str__(self) -> str:
        return f"{self.code} {self.holder}".strip()


class Transfer(models.Model):
    """One amount from one account to another. Insert-only: a mistake is corrected by another transfer.

    One transfer moves one amount, so books that do not balance cannot be written.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_constraint=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_constraint=False)
    amount_centimes = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=30, help_text="capture, surplus, …")
    reference = models.CharField(max_length=60, help_text="What caused it, e.g. payment_line:12.")
    accounted_on = models.DateField(help_text="Accounting day, Africa/Algiers.")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="transfer_moves_something", condition=Q(amount_centimes__gt=0)),
            models.CheckConstraint(name="transfer_between_two_accounts", condition=~Q(debit=F("credit"))),
            models.UniqueConstraint(name="transfer_once", fields=["company", "reason", "reference"]),
        )
        indexes = (
            # Journals and closings read one day; transfers come in the order of their days, so it costs nearly nothing.
            BrinIndex(name="transfer_by_day", fields=["accounted_on", "at"], pages_per_range=32, autosummarize=True),
        )

    def __str__(self) -> str:
        return f"{self.reason} {self.reference}"
