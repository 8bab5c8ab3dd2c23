"""Things wait for somebody in the demonstration: a channel's day, a wish for instalments, reminders, a round."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils import timezone

from bawabati.bills.models import Agreement, Bill, CustomerContact
from bawabati.bills.reads import limits_of, list_open_bills
from bawabati.companies.models import Company
from bawabati.companies.reads import holidays_of
from bawabati.flows.check_books import check_books
from bawabati.flows.close_day import close_company_day
from bawabati.flows.compare_channel_file import compare_channel_file
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.plan_reminders import plan_reminders
from bawabati.flows.see_reminders import forecast_month
from bawabati.flows.send_reminders import send_reminders
from bawabati.notices.models import Notice
from bawabati.payments.models import ChannelDifference, ChannelFile, Payment, Reservation
from bawabati.payments.reads.channels import list_due_reservations
from bawabati.people.models import ApiKey, Staff
from bawabati.people.rules import Role
from bawabati.reminders.models import ReminderPlan, Round, RoundCustomer
from bawabati.reminders.rules import next_sending_day
from bawabati.workdays import ALGIERS
from debtors import offer_instalments_at
from people import add_arrears, add_bill, add_company
from staff import add_person

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.usefixtures("database")
IN_THE_EVENING = time(17, 30)


@pytest.fixture
def oran(settings: LazySettings, database: None) -> Company:  # noqa: ARG001 - it is there first
    settings.SMS_URL = "http://127.0.0.1:1/sms"
    company = add_company()
    offer_instalments_at(company)
    for role in (Role.FINANCE, Role.OPERATOR, Role.COMMUNICATION, Role.CREW):
        add_person(f"{role}@oran.example", role, company=company)
    for seed in range(40):
        add_bill(company, seed=seed)
    add_arrears(company, *[1_500_00 + place for place in range(7)], seed=900)
    Bill.objects.update(due_on=timezone.localdate() + timedelta(days=12))
    return company


def run(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_a_channel_has_had_a_day_and_brought_its_file(oran: Company, tmp_path: Path) -> None:
    first = list_open_bills(company_id=oran.id, limits=limits_of(oran), at_most=1)[0]
    key_file = tmp_path / "channel-key.txt"
    run("demo_channel", str(key_file))
    assert key_file.read_text().strip()
    assert sorted(Reservation.objects.values_list("state", flat=True)) == ["cancelled", *["paid"] * 5, "pending"]
    compare_channel_file(file_id=ChannelFile.objects.get().id, now=timezone.now())
    for reservation_id in list_due_reservations(now=timezone.now(), at_most=10):
        go_on_with_reservation(reservation_id=reservation_id, now=timezone.now())
    assert not ChannelDifference.objects.exists(), "what the bank says is what we were told"
    assert check_books(now=timezone.now()) == []
    assert not Payment.objects.filter(lines__bill_id=first.id).exists(), "the first screen's bill is left alone"
    yesterday, finance = timezone.localdate() - timedelta(days=1), Staff.objects.get(login="finance@oran.example")
    close_company_day(company_id=oran.id, day=yesterday, staff=finance, owners={}, now=timezone.now())
    run("demo_channel", str(key_file))
    assert (ApiKey.objects.count(), Reservation.objects.count(), ChannelFile.objects.count()) == (1, 7, 1)


@pytest.mark.usefixtures("oran")
def test_customers_ask_for_instalments_and_for_reminders_and_the_crew_has_doors() -> None:
    told = json.loads(run("demo_customers").splitlines()[-1])
    agreement = Agreement.objects.get()
    assert (agreement.state, told["asks"], told["pays"]) == ("asked", agreement.customer.number, "")
    assert Bill.objects.get(payment_number=told["older"]).customer == agreement.customer
    assert CustomerContact.objects.filter(source="payer", confirmed_at__isnull=False).count() == 6
    assert RoundCustomer.objects.filter(round=Round.objects.get()).count() > 5
    notices = Notice.objects.count()
    assert json.loads(run("demo_customers").splitlines()[-1]) == told
    assert (Agreement.objects.count(), Notice.objects.count(), Round.objects.count()) == (1, notices, 1)


def test_the_plan_has_a_forecast_and_messages_leave_when_their_day_comes(oran: Company) -> None:
    run("demo_customers")
    plan, now = ReminderPlan.objects.get(), timezone.now()
    assert plan.is_on
    assert forecast_month(plan, company=oran, now=now).messages >= 6
    holidays = holidays_of(oran.id)
    day = next_sending_day(timezone.localdate() + timedelta(days=7), holidays=holidays)
    evening = datetime.combine(day, IN_THE_EVENING, tzinfo=ALGIERS)
    assert plan_reminders(plan, now=evening) is not None
    assert send_reminders(plan, now=evening) == 6
