"""Receipts: numbered without gaps, never changed."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.payments.models import Payment
from bawabati.people.models import Staff


class ReceiptSeries(models.Model):
    """The counter of one series of a company and year. Locked last, in the transaction that posts the payment."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(
        max_length=20, help_text='"web", the code of an agency, or of the block that was set aside for a desk.'
    )
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="receipt_series_once", fields=["company", "year", "kind"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class Receipt(models.Model):
    """The receipt of a payment. What it shows is stored here and never computed again."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="+", db_constraint=False)
    series = models.ForeignKey(ReceiptSeries, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField(help_text="Within the series, from 1, without gaps.")
    facts = models.JSONField(help_text="Everything that the receipt shows: receipts.rules.Facts.")
    issued_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="receipt_number_once", fields=["series", "number"]),
            models.CheckConstraint(name="receipt_number_from_one", condition=Q(number__gt=0)),
        )

    def __str__(self) -> str:
        return str(self.number)


class ReceiptSignature(models.Model):
    """The company's signature under number, amount and moment of a receipt: what its QR code carries."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    receipt = models.OneToOneField(
        Receipt, models.PROTECT, related_name="signature", primary_key=True, db_constraint=False
    )
    key_name = models.CharField(max_length=12, help_text="Of companies_signingkey.")
    signature = models.BinaryField(help_text="Ed25519, 64 bytes, of receipts.rules.text_of.")

    def __str__(self) -> str:
        return self.key_name


class ReceiptPrint(models.Model):
    """One duplicate of a receipt that staff printed: the same number and content, counted."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    copy_number = models.PositiveIntegerField(help_text="Of this receipt, from 1.")
    printed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="receipt_print_once", fields=["receipt", "copy_number"]),
            models.CheckConstraint(name="receipt_print_from_one", condition=Q(copy_number__gt=0)),
        )

    def __str__(self) -> str:
        return str(self.copy_number)
