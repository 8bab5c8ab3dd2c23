"""Messages waiting to leave, and where they went."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company


class Notice(models.Model):
    """One message to one person. The address stands in a row of its own, which the law may erase."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", null=True, help_text="Nobody's: an invitation to work nationally."
    )
    kind = models.CharField(max_length=30, help_text="receipt, …")
    reference = models.CharField(max_length=60, help_text="What it tells about, e.g. receipt:12.")
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, sent, rejected or given_up.")
    tries = models.PositiveSmallIntegerField(default=0)
    last_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="notice_state_known", condition=Q(state__in=["waiting", "sent", "rejected", "given_up"])
            ),
        )
        indexes = (
            models.Index(name="notice_waiting", fields=["next_try_at"], condition=Q(state="waiting")),
            models.Index(
                name="notice_undelivered", fields=["created_at"], condition=Q(state__in=["rejected", "given_up"])
            ),
            models.Index(name="notice_by_reference", fields=["company", "reference"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class NoticeAddress(models.Model):
    """Where a notice goes."""

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="address_row", primary_key=True)
    address = models.EmailField()

    def __str__(self) -> str:
        return "address of a notice"
