"""Customers who may be written to, and companies that remind them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from people import NOON

if TYPE_CHECKING:
    from bawabati.bills.models import Customer, CustomerContact
    from bawabati.companies.models import Company
    from bawabati.people.models import Staff
    from bawabati.reminders.models import ReminderPlan

FIVE_DAYS_BEFORE = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""Of the due day of `people.add_bill`'s bills, 5 December 2026, a Saturday: ten in the morning, on a Monday."""
PHONE = "+213551234567"
EMAIL = "amina@example.com"
LINA = "lina@oran.example"
"""The communication officer."""


def add_lina(company: Company) -> Staff:
    from bawabati.people.rules import Role  # noqa: PLC0415 - settings first
    from staff import add_person  # noqa: PLC0415

    return add_person(LINA, Role.COMMUNICATION, company=company)


def add_contact(
    customer: Customer,
    address: str = EMAIL,
    *,
    language: str = "fr",
    source: str = "file",
    confirmed_at: datetime | None = None,
) -> CustomerContact:
    """As a file of bills, or a payer's wish, leaves it."""
    from bawabati.bills.models import CustomerContact  # noqa: PLC0415 - settings first

    return CustomerContact.objects.create(
        company_id=customer.company_id,
        customer=customer,
        means="email" if "@" in address else "sms",
        address=address,
        language=language,
        source=source,
        said_at=NOON,
        confirmed_at=confirmed_at,
    )


def switched_on(company: Company, **decided: object) -> ReminderPlan:
    """The company reminds its customers, by e-mail and SMS, in the days that come with us."""
    from bawabati.reminders.models import ReminderPlan  # noqa: PLC0415 - settings first
    from bawabati.reminders.reads import digest_purpose  # noqa: PLC0415
    from bawabati.sealed import seal_bytes  # noqa: PLC0415

    return ReminderPlan.objects.create(
        company=company,
        is_on=True,
        digest_key=seal_bytes(b"k" * 32, purpose=digest_purpose(company.id)),
        changed_at=NOON,
        **decided,
    )


def one_minute(plan: ReminderPlan, *, now: datetime = FIVE_DAYS_BEFORE) -> list[int]:
    """What the job does in a minute, and then each of its notices leaves; their identifiers."""
    from bawabati.flows.plan_reminders import plan_reminders  # noqa: PLC0415 - settings first
    from bawabati.flows.send_notice import send_notice  # noqa: PLC0415
    from bawabati.flows.send_reminders import send_reminders  # noqa: PLC0415
    from bawabati.jobs.letters import letter  # noqa: PLC0415
    from bawabati.notices.models import Notice  # noqa: PLC0415

    plan_reminders(plan, now=now)
    send_reminders(plan, now=now)
    waiting = Notice.objects.filter(kind="reminder", state="waiting").values_list("id", flat=True).order_by("id")
    ids = list(waiting)
    for notice_id in ids:
        send_notice(notice_id=notice_id, write_letter=letter, now=now)
    return ids
