"""Numbered files that tell a company's billing system which bills were paid, and which are due again."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.people.models import Staff
from bawabati.reports.rules.payment_files import LineKind


class PaymentFile(models.Model):
    """One file with its control totals. Insert-only: issued again at will, never composed again."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField(help_text="In the company, from 1, without gaps.")
    line_count = models.PositiveIntegerField()
    paid_centimes = models.PositiveBigIntegerField(help_text="What its lines take off bills.")
    taken_back_centimes = models.PositiveBigIntegerField(help_text="What its lines make due again.")
    surplus_centimes = models.PositiveBigIntegerField(help_text="Paid in besides, and no bill's: customers' credit.")
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="payment_file_number_once", fields=["company", "number"]),
            models.CheckConstraint(name="payment_file_number_from_one", condition=Q(number__gt=0)),
            models.CheckConstraint(name="payment_file_says_something", condition=Q(line_count__gt=0)),
        )

    def __str__(self) -> str:
        return f"payment file {self.number}"


class PaymentFileLine(models.Model):
    """One thing that the billing system is told, once. Insert-only: what it shows is kept here."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    place = models.PositiveIntegerField(help_text="In the file, from 1.")
    kind = models.CharField(max_length=12)
    reference = models.CharField(max_length=60, help_text="What is told, e.g. payment_line:12.")
    payment_number = models.CharField(max_length=30)
    bill_number = models.CharField(max_length=30)
    customer_number = models.CharField(max_length=30)
    period = models.CharField(max_length=20)
    amount_centimes = models.PositiveBigIntegerField(help_text="Taken off the bill, or due again, by its kind.")
    surplus_centimes = models.PositiveBigIntegerField(default=0, help_text="Paid with this line, more than was due.")
    accounted_on = models.DateField(help_text="Accounting day, Africa/Algiers.")
    happened_at = models.DateTimeField()
    way = models.CharField(max_length=7, blank=True)
    agency = models.CharField(max_length=20, blank=True, help_text="Its code; none for a payment online.")
    receipt_number = models.CharField(max_length=40, blank=True, help_text="As it is printed.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="payment_file_line_told_once", fields=["company", "kind", "reference"]),
            models.UniqueConstraint(name="payment_file_line_place_once", fields=["file", "place"]),
            models.CheckConstraint(
                name="payment_file_line_kind_known", condition=Q(kind__in=[kind.value for kind in LineKind])
            ),
            models.CheckConstraint(
                name="payment_file_line_says_something",
                condition=Q(amount_centimes__gt=0) | Q(surplus_centimes__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class PaymentFileCopy(models.Model):
    """A file as it went out in one format: these bytes, whenever it is asked for again. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    form = models.CharField(max_length=4, help_text="csv or xlsx.")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(name="payment_file_copy_once", fields=["file", "form"]),)

    def __str__(self) -> str:
        return f"{self.form} of {self.file_id}"
