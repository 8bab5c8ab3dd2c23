"""Every message to a gateway and what came back, and what a gateway's server told us by itself."""

from django.db import models

from bawabati.companies.models import Company
from bawabati.payments.models.payment import Payment


class Exchange(models.Model):
    """One message about a payment, in or out, and its answer: only what is named here to be kept. Insert-only.

    Decision: docs/decisions/0031-every-message-is-kept.md
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    verb = models.CharField(max_length=13, help_text="register, ask, ask_by_number, refund; callback: they told us.")
    at = models.DateTimeField(help_text="When we began to ask, or were told.")
    milliseconds = models.PositiveIntegerField(help_text="How long the answer took.")
    outcome = models.CharField(max_length=60, help_text="What we made of it, e.g. paid, unknown timed_out.")
    http_status = models.PositiveSmallIntegerField(null=True, help_text="None when no whole answer came.")
    asked = models.JSONField(help_text="What we sent, by the names of the gateway; never who we are.")
    answered = models.JSONField(help_text="What we read of the answer; never who the cardholder is.")
    body = models.BinaryField(
        null=True, help_text="The whole answer without secrets, name and expiry: zlib, sealed for exchange:<company>."
    )

    class Meta:
        indexes = (models.Index(name="exchange_of_payment", fields=["payment", "id"]),)

    def __str__(self) -> str:
        return f"{self.verb}: {self.outcome}"
