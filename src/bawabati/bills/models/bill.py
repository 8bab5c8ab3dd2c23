"""Bills and their versions."""

from django.db import models
from django.db.models import F, Q

from bawabati.bills.models.agreement import Agreement
from bawabati.bills.models.batches import BillBatch
from bawabati.bills.models.customer import Customer
from bawabati.bills.rules import BillStatus
from bawabati.companies.models import Company


class Bill(models.Model):
    """A bill as it stands now. What is due comes from the billing system; what is settled only from payments."""

    # The customer is of the same company (sql_guards): checking the company once more would cost each import a lookup.
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_constraint=False)
    payment_number = models.CharField(max_length=30, help_text="Printed on the bill; what the payer types.")
    bill_number = models.CharField(max_length=30, help_text="The billing system's own number.")
    period = models.CharField(max_length=20, help_text="E.g. 2026-T3.")
    issued_on = models.DateField()
    due_on = models.DateField()
    is_estimated = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default=BillStatus.OPEN)
    replaced_by = models.CharField(max_length=30, blank=True, help_text="Payment number of the bill that replaces it.")
    version = models.PositiveIntegerField(help_text="The current version.")
    due_centimes = models.PositiveBigIntegerField(help_text="What the current version says is due, centimes.")
    settled_centimes = models.PositiveBigIntegerField(default=0, help_text="What payments have settled, centimes.")
    settled_at = models.DateTimeField(null=True, help_text="When nothing was left to settle.")
    as_of = models.DateTimeField(help_text="When the billing system last told us about it.")
    in_agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
        help_text="Paid by the tranches of this agreement while it runs, and in no other way.",
    )
    tranche_of = models.ForeignKey(
        Agreement,
        models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
        help_text="Not a bill of the billing system: a tranche that stands for a part of the agreement's bills.",
    )
    tranche_place = models.PositiveSmallIntegerField(null=True, help_text="Of a tranche: the first is 1.")
    agreed_centimes = models.PositiveBigIntegerField(null=True, help_text="Of a tranche: what was agreed, centimes.")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="bill_or_tranche",
                condition=Q(tranche_of=None, tranche_place=None, agreed_centimes=None)
                | Q(tranche_of__isnull=False, tranche_place__gte=1, agreed_centimes__gt=0, in_agreement=None),
            ),
            models.UniqueConstraint(
                name="tranche_place_once",
                fields=["tranche_of", "tranche_place"],
                condition=Q(tranche_of__isnull=False),
            ),
            models.UniqueConstraint(name="bill_payment_number_once", fields=["company", "payment_number"]),
            models.UniqueConstraint(name="bill_number_once", fields=["company", "bill_number"]),
            models.CheckConstraint(
                name="bill_settled_within_due", condition=Q(settled_centimes__lte=F("due_centimes"))
            ),
            models.CheckConstraint(
                name="bill_status_known", condition=Q(status__in=[status.value for status in BillStatus])
            ),
        )
        indexes = (
            models.Index(name="bill_in_agreement", fields=["in_agreement"], condition=Q(in_agreement__isnull=False)),
            models.Index(
                name="bill_by_amount",
                fields=["company", "due_centimes"],
                condition=Q(status=BillStatus.OPEN, tranche_of=None),
            ),
        )

    def __str__(self) -> str:
        return self.bill_number


class BillVersion(models.Model):
    """What the billing system said of a bill at one time. Never changed: another word is another version."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    version = models.PositiveIntegerField()
    batch = models.ForeignKey(BillBatch, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    due_centimes = models.PositiveBigIntegerField()
    lines = models.JSONField(help_text='[["label", centimes], …] in the order of the bill, never recomputed.')
    fingerprint = models.CharField(max_length=64, help_text="Digest of the line, to see whether a bill has changed.")

    class Meta:
        constraints = (models.UniqueConstraint(name="bill_version_once", fields=["bill", "version"]),)

    def __str__(self) -> str:
        return f"version {self.version}"


class AgreementBill(models.Model):
    """A bill that an agreement is about, as it stood when it was agreed. Never changed."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_constraint=False)
    bill_version = models.PositiveIntegerField()
    left_centimes = models.PositiveBigIntegerField(help_text="What was left to pay of it then, centimes.")

    class Meta:
        constraints = (models.UniqueConstraint(name="agreement_bill_once", fields=["agreement", "bill"]),)

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.bill_id}"
