"""A message to whoever paid, by each way that was left for it; in the caller's transaction."""

from datetime import datetime

from django.conf import settings

from bawabati.defer import Job, defer
from bawabati.notices.reads import find_phone
from bawabati.notices.rules import Means
from bawabati.notices.writes import write_notice
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_contact


def write_to_payer(payment: Payment, *, kind: str, reference: str, now: datetime) -> None:
    """By e-mail and by SMS, as far as an address was left; it leaves once the transaction holds."""
    contact = find_contact(payment.id)
    if contact is not None:
        _write(payment, Means.EMAIL, kind, reference, language=payment.language, address=contact.email, now=now)
    phone = find_phone(company_id=payment.company_id, reference=f"payment:{payment.id}") if settings.SMS_URL else None
    if phone is not None:
        _write(payment, Means.SMS, kind, reference, language=phone.language, address=phone.phone, now=now)


def _write(
    payment: Payment, means: Means, kind: str, reference: str, *, language: str, address: str, now: datetime
) -> None:
    notice = write_notice(
        company_id=payment.company_id,
        means=means,
        kind=kind,
        reference=reference,
        language=language,
        address=address,
        now=now,
    )
    defer(Job.SEND_NOTICE, notice_id=notice.id)
