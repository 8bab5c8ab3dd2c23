"""Messages waiting to leave, and where they went."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Company
from bawabati.notices.rules import Means, NoticeState
from bawabati.people.models import Staff


class Notice(models.Model):
    """One message to one person. The address stands in a row of its own, which the law may erase."""

    company = models.ForeignKey(
        Company,
        models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        help_text="Nobody's: an invitation to work nationally.",
    )
    means = models.CharField(max_length=5, default=Means.EMAIL, help_text="The way it leaves: email or sms.")
    kind = models.CharField(max_length=30, help_text="receipt, …")
    reference = models.CharField(max_length=60, help_text="What it tells about, e.g. receipt:12.")
    language = models.CharField(max_length=2)
    state = models.CharField(
        max_length=10, default=NoticeState.WAITING, help_text="waiting, sent, rejected, given_up or called_off."
    )
    tries = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0, help_text="Of how many an SMS was made; 0 of what is none.")
    last_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    tried_since = models.DateTimeField(
        null=True, help_text="When somebody let it leave once more: giving up is counted from there."
    )
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="notice_state_known", condition=Q(state__in=[state.value for state in NoticeState])
            ),
            models.CheckConstraint(name="notice_way_known", condition=Q(means__in=[way.value for way in Means])),
        )
        indexes = (
            models.Index(name="notice_waiting", fields=["next_try_at"], condition=Q(state=NoticeState.WAITING)),
            models.Index(
                name="notice_undelivered",
                fields=["company", "id"],
                condition=Q(state__in=[NoticeState.REJECTED, NoticeState.GIVEN_UP]),
            ),
            models.Index(name="notice_newest", fields=["company", "id"]),
            models.Index(name="notice_by_reference", fields=["company", "reference"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class NoticeAddress(models.Model):
    """Where a notice goes: an e-mail address, or a telephone number in E.164."""

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="address_row", primary_key=True)
    address = models.CharField(max_length=254)

    def __str__(self) -> str:
        return "address of a notice"


class PayerPhone(models.Model):
    """The telephone number that a payer left to be told by SMS, in a row of its own, which the law may erase."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=60, help_text="What it was left for, e.g. payment:12.")
    phone = models.CharField(max_length=16, help_text="E.164, e.g. +213551234567.")
    language = models.CharField(max_length=2)
    left_with = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, help_text="Who wrote it down; nobody: the payer did."
    )
    left_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="payer_phone_once", fields=["company", "reference"]),)
        indexes = (models.Index(name="payer_phone_by_age", fields=["left_at"]),)

    def __str__(self) -> str:
        return "telephone of a payer"
