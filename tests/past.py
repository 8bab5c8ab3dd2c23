"""A company with weeks behind it, as the demonstration plays them: payers online and at desks, closed days, targets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from people import add_bill
from staff import add_agency, add_person

if TYPE_CHECKING:
    from bawabati.companies.models import Company

BILLS_A_WEEK = 60


def prepare_past(company: Company, *, weeks: int) -> None:
    """Terms that held then, bills enough, and the people whom `demo_days --weeks` asks for."""
    from bawabati.bills.models import Bill  # noqa: PLC0415 - settings first
    from bawabati.companies.models import CompanyText, Desk  # noqa: PLC0415
    from bawabati.people.rules import Role  # noqa: PLC0415

    since = timezone.now() - timedelta(weeks=weeks + 2)
    for text in CompanyText.objects.filter(company=company, language="ar"):
        CompanyText.objects.create(
            company=company,
            kind=text.kind,
            language="ar",
            version=text.version + 1,
            body=text.body,
            effective_at=since,
            written_at=since,
        )
    agency = add_agency(company)
    Desk.objects.create(company=company, agency=agency, code="OC-C3")
    add_person("cashier@oran.example", Role.CASHIER, company=company, agency=agency)
    add_person("head@oran.example", Role.AGENCY_HEAD, company=company, agency=agency)
    for role in (Role.FINANCE, Role.ADMINISTRATOR, Role.OPERATOR, Role.DIRECTOR, Role.COMMUNICATION):
        add_person(f"{role}@oran.example", role, company=company)
    for seed in range(100 + weeks * BILLS_A_WEEK):
        add_bill(company, seed=seed, due_centimes=70_000 + seed * 7_919 % 240_000)
    Bill.objects.filter(company=company).update(due_on=timezone.localdate() - timedelta(days=3))
