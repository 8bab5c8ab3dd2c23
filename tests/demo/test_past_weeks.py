"""The demonstration has weeks behind it: payers online and at desks, each day closed, and the books agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from bawabati.bills.models import Agreement
from bawabati.bills.rules import AgreementState
from bawabati.campaigns.models import Campaign
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.check_closings import check_closings
from bawabati.flows.close_day import close_company_day
from bawabati.jobs.demo import past_weeks
from bawabati.payments.models import Payment
from bawabati.people.models import Staff
from bawabati.reports.models import CompanyClosing, MorningReader, Target
from bawabati.reports.reads import find_launch_day, next_day_to_close, totals_of
from bawabati.reports.reads.campaigns import report_of_campaign
from bawabati.reports.rules import Period
from debtors import offer_instalments_at
from past import prepare_past
from people import add_arrears, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def oran(monkeypatch: pytest.MonkeyPatch) -> Company:
    """One week in place of eight, in which somebody agrees to instalments and pays the first."""
    monkeypatch.setattr(past_weeks, "WEEKS", 1)
    monkeypatch.setattr(past_weeks, "AGREED_DAYS_AGO", 8)
    monkeypatch.setattr(past_weeks, "PAID_DAYS_AGO", 6)
    company = add_company()
    offer_instalments_at(company)
    add_bill(company, seed=890)
    add_arrears(company, *[1_500_00 + place for place in range(7)], seed=900)
    prepare_past(company, weeks=1)
    return company


def test_days_at_a_desk_come_first_and_are_closed_with_the_week_before_them(oran: Company) -> None:
    call_command("demo_days", "--leave-open")
    today = timezone.localdate()
    assert next_day_to_close(oran.id) == today - timedelta(days=3), "something to close before the week is told"
    call_command("demo_days", "--weeks")
    assert next_day_to_close(oran.id) == today - timedelta(days=1), "and after it"
    assert CompanyClosing.objects.count() == 7 + 2
    assert check_closings(company=oran).bad == ()
    assert check_books(now=timezone.now()) == []
    assert Agreement.objects.get().state == AgreementState.RUNNING, "one instalment is paid, the next will be due"
    known = (Payment.objects.count(), Agreement.objects.count(), CompanyClosing.objects.count())
    for again in (["--leave-open"], ["--weeks"]):
        call_command("demo_days", *again)
    assert (Payment.objects.count(), Agreement.objects.count(), CompanyClosing.objects.count()) == known


def test_whoever_closes_a_day_before_the_week_is_told_does_no_harm(oran: Company) -> None:
    call_command("demo_days", "--leave-open")
    finance = Staff.objects.get(login="finance@oran.example")
    first = timezone.localdate() - timedelta(days=3)
    close_company_day(company_id=oran.id, day=first, staff=finance, owners={}, now=timezone.now())
    call_command("demo_days", "--weeks")
    assert next_day_to_close(oran.id) == timezone.localdate() - timedelta(days=1)
    assert check_closings(company=oran).bad == ()
    assert check_books(now=timezone.now()) == []


def test_a_week_is_seen_on_the_board(oran: Company) -> None:
    call_command("demo_days", "--weeks")
    assert check_books(now=timezone.now()) == []
    first = find_launch_day(oran.id)
    assert first is not None
    totals = totals_of(company_id=oran.id, period=Period(first=first, last=timezone.localdate()))
    assert totals.payments == Payment.objects.filter(state="paid").count() > 20
    assert totals.attempts >= totals.attempts_paid > 0
    assert Target.objects.count() == 2
    assert MorningReader.objects.get().staff.login == "director@oran.example"
    report = report_of_campaign(Campaign.objects.get(), today=timezone.localdate(), hidden_below=1)
    assert report.total.payments == Payment.objects.filter(state="paid").exclude(campaign_code="").count() > 0
