"""Where customers may be written to: each address in a row of its own, which the law may erase."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models.customer import Customer
from bawabati.bills.rules.contacts import LANGUAGE_UNSAID, Source
from bawabati.companies.models import Company
from bawabati.notices.rules import Means


class CustomerContact(models.Model):
    """A telephone number or an e-mail address of a customer. Erased whole, never blanked."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    means = models.CharField(max_length=5, help_text="email or sms: notices.rules.Means.")
    address = models.CharField(max_length=254, help_text="A number in E.164, or an e-mail address in small letters.")
    language = models.CharField(max_length=2, default=LANGUAGE_UNSAID)
    source = models.CharField(max_length=5, help_text="Who said it: file (the billing system) or payer.")
    said_at = models.DateTimeField(help_text="When it was said; for what a file says, when that last changed.")
    confirmed_at = models.DateTimeField(
        null=True, help_text="When whoever reads that address agreed to be written to; a file needs no such word."
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="contact_of_file_once", fields=["customer", "means"], condition=Q(source=Source.FILE)
            ),
            models.UniqueConstraint(
                name="contact_of_payer_once", fields=["customer", "means", "address"], condition=Q(source=Source.PAYER)
            ),
            models.CheckConstraint(name="contact_way_known", condition=Q(means__in=[way.value for way in Means])),
            models.CheckConstraint(
                name="contact_source_known", condition=Q(source__in=[source.value for source in Source])
            ),
        )
        indexes = (
            models.Index(name="contact_by_address", fields=["company", "address"]),
            models.Index(name="contact_by_age", fields=["said_at"], condition=Q(source=Source.PAYER)),
        )

    def __str__(self) -> str:
        return "contact of a customer"
