"""Small stories about closed days and what leaves the company as files; see `scenarios.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.flows.check_closings import check_closings
from bawabati.flows.close_day import close_company_day
from bawabati.flows.export_journal import export_journal
from bawabati.flows.export_payments import export_payments, issue_payment_file
from bawabati.payments.models import Payment
from bawabati.people.models import Staff
from bawabati.reports.models import CompanyClosing, PaymentFile, PaymentFileLine
from bawabati.reports.rules import JournalStyle
from faults.real.scenarios import insist, passes, somebody_has_paid
from faults.real.world import World
from people import SALIMA


def a_paid_bill(world: World) -> Payment:
    with world.nobody_dies_yet():
        return somebody_has_paid(world)


def later(payment: Payment) -> datetime:
    """When the day of a payment is over."""
    assert payment.ended_at is not None
    return payment.ended_at + timedelta(days=1)


@passes("close_day: closed")
def finance_closes_a_day(world: World) -> None:
    payment = a_paid_bill(world)
    assert payment.accounted_on is not None
    close = partial(
        close_company_day,
        company_id=world.company.id,
        day=payment.accounted_on,
        staff=Staff.objects.get(login=SALIMA),
        owners={"files": SALIMA},
        now=later(payment),
    )
    for _ in range(2):
        insist(world, "Salima", "closes the day", close)
    assert CompanyClosing.objects.count() == 1
    assert AuditEntry.objects.filter(action="close_day").count() == 1
    assert not check_closings(company=world.company).bad


@passes("export_payments: told")
def the_billing_system_is_told(world: World) -> None:
    now = later(a_paid_bill(world))
    tell = partial(export_payments, company_id=world.company.id, staff=None, now=now)
    for _ in range(2):
        insist(world, "the worker", "tells the billing system", tell)
    assert [file.number for file in PaymentFile.objects.all()] == [1]
    assert PaymentFileLine.objects.count() == 1
    assert issue_payment_file(company_id=world.company.id, number=1, form="csv").content


@passes("export_journal: noted")
def somebody_takes_the_journal(world: World) -> None:
    payment = a_paid_bill(world)
    assert payment.accounted_on is not None
    take = partial(
        export_journal,
        company=world.company,
        first=payment.accounted_on,
        last=payment.accounted_on,
        style=JournalStyle.DETAILED,
        form="csv",
        language="fr",
        translate=str,
        staff=Staff.objects.get(login=SALIMA),
        now=later(payment),
    )

    def read() -> bytes:
        with take() as journal:
            return journal.read()

    told = insist(world, "Salima", "takes the journal", read)
    assert isinstance(told, bytes)
    assert told.count(b"payment_line:") == 2
    assert AuditEntry.objects.filter(action="export_journal").exists()
