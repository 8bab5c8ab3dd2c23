"""A letter to somebody who works here."""

from datetime import datetime

from django.conf import settings

from bawabati.defer import Job, defer
from bawabati.flows.steps.over_person import company_of_person
from bawabati.notices.writes import write_notice
from bawabati.people.models import Staff
from bawabati.scope import every_company


def tell_staff(person: Staff, *, kind: str, reference: str, now: datetime) -> None:
    """Writes it and lets it leave, in the caller's transaction; nothing where there is nobody it could come from."""
    company_id = company_of_person(person)
    if company_id is None and not settings.EMAIL_FROM:
        return
    with every_company("a letter to somebody who works for several companies, or nationally, is of none"):
        notice = write_notice(
            company_id=company_id,
            kind=kind,
            reference=reference,
            language=person.language,
            address=person.login,
            now=now,
        )
    defer(Job.SEND_NOTICE, notice_id=notice.id)
