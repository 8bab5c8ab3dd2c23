"""The demonstration has weeks behind it: payers online and at desks, each day closed, and the books agree."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from bawabati.campaigns.models import Campaign
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.jobs.demo import past_weeks
from bawabati.payments.models import Payment
from bawabati.reports.models import CompanyClosing, MorningReader, Target
from bawabati.reports.reads import find_launch_day, totals_of
from bawabati.reports.reads.campaigns import report_of_campaign
from bawabati.reports.rules import Period
from past import prepare_past
from people import add_company

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def oran(monkeypatch: pytest.MonkeyPatch) -> Company:
    """One week in place of eight."""
    monkeypatch.setattr(past_weeks, "WEEKS", 1)
    company = add_company()
    prepare_past(company, weeks=1)
    return company


def test_a_week_is_played_closed_and_seen_on_the_board(oran: Company) -> None:
    call_command("demo_days", "--weeks")
    assert CompanyClosing.objects.count() == 7 + 2
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
    known = Payment.objects.count()
    call_command("demo_days", "--weeks")
    assert Payment.objects.count() == known, "what is played already is not played again"
