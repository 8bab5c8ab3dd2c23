"""Files that somebody has brought over the pages."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models.batches import BillBatch
from bawabati.bills.rules import UPLOAD_IS_OPEN, UploadState
from bawabati.companies.models import Company
from bawabati.people.models import Staff


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
