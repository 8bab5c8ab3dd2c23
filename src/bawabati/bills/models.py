"""Customers, files received, bills and their versions."""

from django.db import models
from django.db.models import F, Q

from bawabati.bills.rules import LINE_OUTCOMES, UPLOAD_IS_OPEN, BillStatus, UploadState
from bawabati.companies.models import Company
from bawabati.people.models import Staff


class Customer(models.Model):
    """A customer of a company, as its billing system knows him."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    name = models.CharField(max_length=120, blank=True, help_text="Never shown whole to the public: initials only.")

    class Meta:
        constraints = (models.UniqueConstraint(name="customer_number_once", fields=["company", "number"]),)

    def __str__(self) -> str:
        return self.number


class BillBatch(models.Model):
    """A file of bills received. The same content is taken once."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    line_count = models.PositiveIntegerField()
    created_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    unchanged_count = models.PositiveIntegerField()
    bad_count = models.PositiveIntegerField()
    due_centimes = models.PositiveBigIntegerField(help_text="Sum of what the good lines say is due, centimes.")
    head = models.TextField(blank=True, help_text="Its line of column names, for the file of its bad lines.")
    delimiter = models.CharField(max_length=1, default=";")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="batch_content_once", fields=["company", "content_sha256"]),
            models.CheckConstraint(
                name="batch_counts_every_line",
                condition=Q(line_count=F("created_count") + F("changed_count") + F("unchanged_count") + F("bad_count")),
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class BadBillLine(models.Model):
    """A line that could not be taken, with the reason. Nothing is lost."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    batch = models.ForeignKey(BillBatch, models.PROTECT, related_name="+", db_constraint=False)
    line_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(name="bad_line_once", fields=["batch", "line_number"]),)

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.reason}"


class BillLineResult(models.Model):
    """What became of one line of a file that came over the pages. Forgotten after a while; bad lines are not."""

    pk = models.CompositePrimaryKey("batch_id", "line_number")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    batch = models.ForeignKey(BillBatch, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    line_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9)
    bill_number = models.CharField(max_length=30, blank=True, help_text="Of a line that was taken.")

    class Meta:
        constraints = (
            models.CheckConstraint(name="line_outcome_known", condition=Q(outcome__in=sorted(LINE_OUTCOMES))),
        )
        indexes = (models.Index(name="line_of_outcome", fields=["batch", "outcome", "line_number"]),)

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.outcome}"


class BillUpload(models.Model):
    """A file that somebody has brought over the pages, and how far the worker has come with it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=10, help_text="Name in settings.BILLFILE_READERS.")
    content_sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=64, unique=True, help_text="Its name in the folder of uploads; ours.")
    expected_count = models.PositiveBigIntegerField(null=True, help_text="Lines that its sender announced.")
    expected_centimes = models.PositiveBigIntegerField(null=True, help_text="The sum that its sender announced.")
    uploaded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=UploadState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun with it.")
    bytes_read = models.PositiveBigIntegerField(default=0, help_text="All of them: it is being merged.")
    told_at = models.DateTimeField(null=True, help_text="When a worker last told of it.")
    batch = models.ForeignKey(BillBatch, models.PROTECT, related_name="+", null=True, db_constraint=False)
    was_known = models.BooleanField(default=False, help_text="This very content had been received before.")
    lowered_count = models.PositiveIntegerField(default=0, help_text="Bills lowered below what had been paid.")
    ignored_columns = models.JSONField(default=list)
    refusal = models.JSONField(null=True, help_text="Why nothing was imported: code, sentence, details.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="upload_of_content_open_once",
                fields=["company", "content_sha256"],
                condition=Q(state__in=sorted(UPLOAD_IS_OPEN)),
            ),
            models.CheckConstraint(
                name="upload_state_known", condition=Q(state__in=[state.value for state in UploadState])
            ),
            models.CheckConstraint(
                name="upload_done_has_batch",
                condition=Q(state=UploadState.DONE, batch__isnull=False)
                | (~Q(state=UploadState.DONE) & Q(batch__isnull=True)),
            ),
            models.CheckConstraint(
                name="upload_refused_says_why",
                condition=Q(state=UploadState.REFUSED, refusal__isnull=False)
                | (~Q(state=UploadState.REFUSED) & Q(refusal__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return self.file_name


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

    class Meta:
        constraints = (
            models.UniqueConstraint(name="bill_payment_number_once", fields=["company", "payment_number"]),
            models.UniqueConstraint(name="bill_number_once", fields=["company", "bill_number"]),
            models.CheckConstraint(
                name="bill_settled_within_due", condition=Q(settled_centimes__lte=F("due_centimes"))
            ),
            models.CheckConstraint(
                name="bill_status_known", condition=Q(status__in=[status.value for status in BillStatus])
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
