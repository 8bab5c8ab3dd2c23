"""Where customers may be written to: what payers wish, what they confirm, and what is erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from bawabati.bills.models import AgreementContact, CustomerContact
from bawabati.bills.rules.contacts import Source
from bawabati.notices.rules import Means

WISHES_KEPT: Final = timedelta(days=400)
"""After they were confirmed: four quarterly bills, and then whoever asked is asked again."""
UNCONFIRMED_KEPT: Final = timedelta(days=7)
ERASED_AT_ONCE: Final = 10_000


def write_wish(
    *, company_id: int, customer_id: int, means: Means, address: str, language: str, now: datetime
) -> CustomerContact:
    """Somebody who holds a bill of that customer wishes to be written to there; unconfirmed unless it was before.

    Safe to repeat.
    """
    contact, _ = CustomerContact.objects.update_or_create(
        customer_id=customer_id,
        means=means,
        address=address,
        source=Source.PAYER,
        defaults={"company_id": company_id, "language": language, "said_at": now},
    )
    return contact


def confirm_contact(contact_id: int, *, now: datetime) -> bool:
    """Whoever reads that address agreed; whether it is still there. Safe to repeat: the latest word counts."""
    return bool(CustomerContact.objects.filter(id=contact_id, source=Source.PAYER).update(confirmed_at=now))


def erase_contacts(*, company_id: int, address: str, source: Source | None = None) -> int:
    """Forgets that address for every customer of the company; how many rows. Safe to repeat."""
    there = CustomerContact.objects.filter(company_id=company_id, address=address)
    erased, _ = (there.filter(source=source) if source else there).delete()
    return erased


def erase_old_contacts(*, now: datetime) -> int:
    """Forgets wishes that nobody has confirmed, or that were confirmed long ago; how many, so many at most.

    What the billing system says is forgotten by its own word. Rule: wishes-end (law 18-07)
    """
    unconfirmed = Q(confirmed_at=None, said_at__lt=now - UNCONFIRMED_KEPT)
    over = CustomerContact.objects.filter(unconfirmed | Q(confirmed_at__lt=now - WISHES_KEPT), source=Source.PAYER)
    erased, _ = CustomerContact.objects.filter(id__in=list(over.values_list("id", flat=True)[:ERASED_AT_ONCE])).delete()
    return erased


def erase_agreement_contact(agreement_id: int) -> bool:
    """Forgets the e-mail that its payer left; whether there was one. Safe to repeat."""
    erased, _ = AgreementContact.objects.filter(agreement_id=agreement_id).delete()
    return bool(erased)
