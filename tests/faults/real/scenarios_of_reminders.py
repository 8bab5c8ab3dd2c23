"""Small stories about reminders and about crews at doors; see `scenarios.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill, CustomerContact
from bawabati.flows.ask_at_door import ask_at_door
from bawabati.flows.bring_round import bring_round
from bawabati.flows.end_reminders import end_reminders, end_reminders_at_desk
from bawabati.flows.forget_old_contacts import forget_old_contacts
from bawabati.flows.keep_reminders import NewPlan, NothingChanged, keep_plan, switch_reminders, write_reminder
from bawabati.flows.plan_reminders import plan_reminders
from bawabati.flows.send_notice import send_notice
from bawabati.flows.send_reminders import send_reminders
from bawabati.flows.take_round import take_round
from bawabati.flows.wish_reminders import confirm_wish, wish_reminders
from bawabati.guard.rules import Visitor
from bawabati.jobs.letters import letter
from bawabati.notices.models import Notice
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.reminders.models import (
    OptOut,
    Reminder,
    ReminderMessage,
    ReminderPlan,
    ReminderRun,
    ReminderText,
    Round,
)
from bawabati.reminders.rules import Stage, Timing, code_of
from faults.real.scenarios import TRIES, insist, passes, until_quiet_for_now
from faults.real.world import World
from people import NOON, SALIMA
from reminding import EMAIL, add_contact, add_lina, switched_on
from staff import add_person

WORDS = dict.fromkeys(("ar", "fr", "en"), "{company} {amount} {link}")
NEVER_WRITTEN = dict.fromkeys(WORDS, 0)


def a_bill(world: World) -> Bill:
    """Due in three days."""
    world.found_company()
    (bill,) = world.add_bills(1)
    bill.due_on = NOON.date() + timedelta(days=3)
    bill.save()
    return bill


def a_plan(world: World) -> ReminderPlan:
    """Of a company with a bill whose customer has an e-mail address."""
    add_contact(a_bill(world).customer)
    return switched_on(world.company)


@passes("plan_reminders: planned")
def a_day_is_planned(world: World) -> None:
    plan = a_plan(world)
    for _ in range(2):
        insist(world, "the worker", "plans the day", lambda: plan_reminders(plan, now=NOON) is None or True)
    assert (ReminderRun.objects.count(), Reminder.objects.count(), ReminderMessage.objects.count()) == (1, 1, 1)


@passes("send_reminders: handed on")
def a_reminder_is_handed_on(world: World) -> None:
    plan = a_plan(world)
    with world.nobody_dies_yet():
        plan_reminders(plan, now=NOON)
    for _ in range(2):
        insist(world, "the worker", "hands on", lambda: send_reminders(plan, now=NOON) + 1)
    notice = Notice.objects.get(kind="reminder")
    send = partial(send_notice, notice_id=notice.id, write_letter=letter, now=NOON)
    for _ in range(2):
        insist(world, "the worker", "sends it", lambda: send() or True)
    assert len(world.outside.mails) == 1


def a_message(world: World) -> ReminderMessage:
    """That waits for its minute."""
    plan = a_plan(world)
    with world.nobody_dies_yet():
        plan_reminders(plan, now=NOON)
    return ReminderMessage.objects.get()


@passes("end_reminders: ended")
def a_customer_ends_them_by_the_link(world: World) -> None:
    message = a_message(world)
    insist(world, "Amina", "ends them", lambda: end_reminders(message=message, now=NOON) or True)
    assert 1 <= OptOut.objects.count() <= TRIES
    send_reminders(ReminderPlan.objects.get(), now=NOON)
    assert not Notice.objects.filter(kind="reminder").exists()


@passes("end_reminders_at_desk: ended")
def a_customer_ends_them_at_a_desk(world: World) -> None:
    message = a_message(world)
    end = partial(
        end_reminders_at_desk,
        company_id=world.company.id,
        agency_id=None,
        words=code_of(message.id),
        staff=Staff.objects.get(login=SALIMA),
        now=NOON,
    )
    insist(world, "Salima", "ends them", lambda: end() or True)
    assert OptOut.objects.count() == AuditEntry.objects.filter(action="end_reminders").count()


@passes("keep_plan: kept")
def days_are_kept(world: World) -> None:
    world.found_company()
    lina = add_lina(world.company)
    new = NewPlan(timing=Timing(), by_sms=False, by_email=True, a_minute=10, part_price_centimes=450, campaign_code="")
    for _ in range(2):
        insist(world, "Lina", "keeps them", lambda: keep_plan(new, company_id=world.company.id, staff=lina, now=NOON))
    assert ReminderPlan.objects.get().a_minute == 10
    assert AuditEntry.objects.filter(action="keep_reminder_plan").count() == 1


@passes("switch_reminders: switched")
def they_are_switched_on(world: World) -> None:
    world.found_company()
    lina = add_lina(world.company)
    switch = partial(switch_reminders, on=True, company_id=world.company.id, staff=lina, now=NOON)
    for _ in range(2):
        insist(world, "Lina", "switches them on", switch)
    assert ReminderPlan.objects.get().is_on
    assert AuditEntry.objects.filter(action="switch_reminders").count() == 1


@passes("write_reminder: written")
def words_are_written(world: World) -> None:
    world.found_company()
    lina = add_lina(world.company)
    write = partial(
        write_reminder,
        stage=Stage.AT_DUE,
        bodies=WORDS,
        seen=NEVER_WRITTEN,
        company_id=world.company.id,
        staff=lina,
        now=NOON,
    )
    for _ in range(2):
        told = insist(world, "Lina", "writes", write)
    assert isinstance(told, NothingChanged)
    assert ReminderText.objects.count() == len(WORDS)


@passes("wish_reminders: wished")
def a_payer_wishes_to_be_reminded(world: World) -> None:
    bill = a_bill(world)
    wish = partial(
        wish_reminders,
        customer=bill.customer,
        words=EMAIL,
        language="fr",
        visitor=Visitor("192.0.2.1"),
        challenge_passed=True,
        now=NOON,
    )
    insist(world, "Amina", "wishes it", wish)
    assert CustomerContact.objects.get().confirmed_at is None
    assert 1 <= Notice.objects.filter(kind="reminder_wish").count() <= TRIES
    until_quiet_for_now(world)
    assert world.outside.mails


@passes("confirm_wish: confirmed")
def a_wish_is_confirmed(world: World) -> None:
    contact = add_contact(a_bill(world).customer, source="payer")
    for _ in range(2):
        insist(world, "Amina", "confirms it", lambda: confirm_wish(contact=contact, now=NOON))
    contact.refresh_from_db()
    assert contact.confirmed_at == NOON


@passes("forget_old_contacts: erased")
def old_wishes_are_forgotten(world: World) -> None:
    add_contact(a_bill(world).customer, source="payer")
    later = NOON + timedelta(days=8)
    insist(world, "the worker", "forgets old wishes", lambda: forget_old_contacts(now=later) + 1)
    assert not CustomerContact.objects.exists()


def a_crew(world: World) -> tuple[Bill, Staff]:
    """Samir, and a bill whose customer he goes to."""
    return a_bill(world), add_person("samir@oran.example", Role.CREW, company=world.company)


@passes("ask_at_door: look-up written down")
def a_crew_asks(world: World) -> None:
    bill, samir = a_crew(world)
    asking = partial(
        ask_at_door, company_id=world.company.id, agency_id=None, words=bill.payment_number, staff=samir, now=NOON
    )
    assert insist(world, "Samir", "asks", asking)
    assert 1 <= AuditEntry.objects.filter(action="check_customer").count() <= TRIES


def bring(world: World, bill: Bill, samir: Staff) -> partial[object]:
    return partial(
        bring_round,
        company_id=world.company.id,
        agency_id=None,
        day=NOON.date(),
        crew=samir,
        text=bill.customer.number,
        staff=Staff.objects.get(login=SALIMA),
        now=NOON,
    )


@passes("bring_round: kept")
def a_round_is_brought_in(world: World) -> None:
    bill, samir = a_crew(world)
    insist(world, "Salima", "brings a round in", bring(world, bill, samir))
    assert Round.objects.count() == AuditEntry.objects.filter(action="bring_round").count() <= TRIES


@passes("take_round: taken")
def a_round_is_taken_along(world: World) -> None:
    bill, samir = a_crew(world)
    with world.nobody_dies_yet():
        bring(world, bill, samir)()
    take = partial(take_round, company_id=world.company.id, agency_id=None, staff=samir, now=NOON)
    assert insist(world, "Samir", "takes it along", take)
    assert Round.objects.get().taken_at == NOON
