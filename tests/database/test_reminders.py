"""Reminders: planned in sets, once for each bill and stage; checked against the bills in the second of sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from bawabati.bills.models import Bill, CustomerContact
from bawabati.bills.writes import erase_contacts
from bawabati.companies.models import Company, CompanyHoliday
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.end_reminders import end_reminders, end_reminders_at_desk
from bawabati.flows.forget_old_contacts import forget_old_contacts
from bawabati.flows.plan_reminders import plan_reminders
from bawabati.flows.send_notice import send_notice
from bawabati.flows.send_reminders import send_reminders
from bawabati.flows.wish_reminders import wish_reminders
from bawabati.guard.rules import TooManyTries, Visitor
from bawabati.jobs.letters import letter
from bawabati.notices.models import Notice, NoticeAddress
from bawabati.notices.reads import count_undelivered
from bawabati.notices.rules import NoticeState
from bawabati.payments.rules import State
from bawabati.people.rules import Role
from bawabati.reminders.models import OptOut, Reminder, ReminderMessage, ReminderPlan, ReminderRun
from bawabati.reminders.reads import count_by_end, expect, find_plan
from bawabati.reminders.rules import CodeWrong, code_of
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, YACINES_CARD, add_arrears, add_bill
from programs import Program
from reminding import EMAIL, FIVE_DAYS_BEFORE, PHONE, add_contact, one_minute, switched_on
from staff import add_agency, add_person

pytestmark = pytest.mark.usefixtures("database")
Together = Callable[..., list[Any]]
A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def ways_out(sandbox: Program, outside: Outside, settings: LazySettings) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"
    settings.SMS_URL, settings.SMS_KEY = f"{outside.url}/sms/messages", "key"


@pytest.fixture
def plan(company: Company) -> ReminderPlan:
    return switched_on(company)


@pytest.fixture
def amina(bill: Bill) -> CustomerContact:
    """She may be written to by e-mail, in French."""
    return add_contact(bill.customer)


def why() -> list[tuple[str, str]]:
    return list(ReminderMessage.objects.order_by("id").values_list("progress", "reason"))


def states() -> list[str]:
    return list(Notice.objects.filter(kind="reminder").order_by("id").values_list("state", flat=True))


# --- planned ---


@pytest.mark.usefixtures("amina")
def test_a_bill_is_reminded_of_with_its_amount_its_day_and_the_way_to_pay(
    outside: Outside, plan: ReminderPlan, bill: Bill
) -> None:
    one_minute(plan)
    (mail,) = outside.mails(EMAIL)
    assert "1430,50\u00a0DA" in mail["text"]
    assert "05/12/2026" in mail["text"]
    assert bill.period in mail["text"]
    assert "/m/" in mail["text"]
    assert code_of(ReminderMessage.objects.get().id) in mail["text"]
    assert "Amina" not in mail["text"] + mail["subject"], "whoever reads that mailbox learns no name"
    assert states() == [NoticeState.SENT]
    assert ReminderMessage.objects.get().said["bills"] == [[bill.id, 1, 1_430_50]]


def test_an_sms_says_the_same_in_its_readers_language(outside: Outside, plan: ReminderPlan, bill: Bill) -> None:
    add_contact(bill.customer, PHONE, language="ar")
    one_minute(plan)
    (sms,) = outside.sms(PHONE)
    assert "دج" in sms["text"]
    assert Notice.objects.get(kind="reminder").parts == 3


@pytest.mark.usefixtures("amina")
def test_a_minute_that_runs_twice_sends_once(outside: Outside, plan: ReminderPlan) -> None:
    for _ in range(3):
        one_minute(plan)
    assert len(outside.mails(EMAIL)) == 1
    assert (ReminderRun.objects.count(), Reminder.objects.count(), ReminderMessage.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("amina")
def test_the_next_day_says_nothing_again_and_the_due_day_says_the_next(outside: Outside, plan: ReminderPlan) -> None:
    one_minute(plan)
    one_minute(plan, now=FIVE_DAYS_BEFORE + A_DAY)
    assert len(outside.mails(EMAIL)) == 1
    one_minute(plan, now=FIVE_DAYS_BEFORE + 5 * A_DAY)
    assert list(Reminder.objects.order_by("id").values_list("stage", flat=True)) == ["before_due", "at_due"]
    one_minute(plan, now=FIVE_DAYS_BEFORE + 30 * A_DAY)
    assert len(outside.mails(EMAIL)) == 3
    assert "04/01/2027" in outside.mails(EMAIL)[0]["text"], "the first day of a cut-off"


def test_several_bills_of_a_customer_are_one_message_in_the_most_urgent_words(
    outside: Outside, plan: ReminderPlan, company: Company
) -> None:
    older, newer = add_arrears(company, 1_000_00, 500_00)
    Bill.objects.filter(id=older.id).update(due_on=newer.due_on - 30 * A_DAY)
    add_contact(newer.customer)
    one_minute(plan)
    (mail,) = outside.mails(EMAIL)
    assert "1500,00\u00a0DA" in mail["text"]
    assert "Coupure" in mail["text"]
    assert set(Reminder.objects.values_list("stage", flat=True)) == {"before_due", "before_cut_off"}


def test_without_an_address_nothing_is_planned(plan: ReminderPlan, bill: Bill) -> None:
    add_contact(bill.customer, source="payer")
    one_minute(plan)
    assert not Reminder.objects.exists(), "a wish that nobody has confirmed is no address"


@pytest.mark.usefixtures("amina")
@pytest.mark.parametrize("away", [-3, 9], ids=["before nine", "after eighteen"])
def test_at_night_nothing_is_planned(plan: ReminderPlan, away: int) -> None:
    one_minute(plan, now=FIVE_DAYS_BEFORE + away * AN_HOUR)
    assert not ReminderRun.objects.exists()


@pytest.mark.usefixtures("amina")
def test_a_holiday_of_the_company_is_kept_and_its_reminders_come_before(
    outside: Outside, plan: ReminderPlan, company: Company
) -> None:
    CompanyHoliday.objects.create(company=company, day=FIVE_DAYS_BEFORE.date(), is_off=True, name="")
    one_minute(plan)
    assert not ReminderRun.objects.exists()
    one_minute(plan, now=FIVE_DAYS_BEFORE - A_DAY)
    assert len(outside.mails(EMAIL)) == 1


def test_two_workers_at_once_plan_once(together: Together, plan: ReminderPlan, company: Company) -> None:
    for seed in range(20):
        add_contact(add_bill(company, seed=seed).customer, f"p{seed}@example.com")
    together(*[lambda: plan_reminders(plan, now=FIVE_DAYS_BEFORE)] * 6)
    assert (ReminderRun.objects.count(), Reminder.objects.count(), ReminderMessage.objects.count()) == (1, 20, 20)
    together(*[lambda: send_reminders(plan, now=FIVE_DAYS_BEFORE)] * 6)
    assert Notice.objects.filter(kind="reminder").count() == 20


def test_the_database_itself_refuses_the_same_stage_twice(plan: ReminderPlan, bill: Bill) -> None:
    run = ReminderRun.objects.create(company=bill.company, day=FIVE_DAYS_BEFORE.date(), planned_at=FIVE_DAYS_BEFORE)
    row = {"company": bill.company, "run": run, "customer": bill.customer, "bill": bill, "stage": "at_due"}
    Reminder.objects.create(**row)
    with pytest.raises(IntegrityError, match="reminder_once"), transaction.atomic():
        Reminder.objects.create(**row)
    assert plan.is_on


# --- the second of sending ---


def planned(plan: ReminderPlan) -> ReminderMessage:
    plan_reminders(plan, now=FIVE_DAYS_BEFORE)
    return ReminderMessage.objects.get()


def handed_on(plan: ReminderPlan) -> Notice:
    planned(plan)
    send_reminders(plan, now=FIVE_DAYS_BEFORE)
    return Notice.objects.get(kind="reminder")


def leaves(notice: Notice) -> str:
    send_notice(notice_id=notice.id, write_letter=letter, now=FIVE_DAYS_BEFORE)
    notice.refresh_from_db()
    return notice.state


@pytest.mark.usefixtures("amina")
def test_what_was_paid_between_planning_and_sending_is_called_off(
    outside: Outside, plan: ReminderPlan, company: Company, bill: Bill
) -> None:
    planned(plan)
    payment = start(company, bill, now=FIVE_DAYS_BEFORE)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=FIVE_DAYS_BEFORE)
    one_minute(plan)
    assert why() == [("called_off", "paid")]
    assert outside.mails(EMAIL) == []


@pytest.mark.usefixtures("amina")
def test_what_was_paid_after_it_was_handed_on_does_not_leave_either(
    outside: Outside, plan: ReminderPlan, company: Company, bill: Bill
) -> None:
    notice = handed_on(plan)
    payment = start(company, bill, now=FIVE_DAYS_BEFORE)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=FIVE_DAYS_BEFORE)
    assert leaves(notice) == NoticeState.CALLED_OFF
    assert notice.last_reason == "paid"
    assert outside.mails(EMAIL) == []
    assert count_undelivered(company.id) == 0, "nobody has to see to it"
    assert why() == [("written", "paid")]


@pytest.mark.usefixtures("amina")
def test_a_payment_and_its_reminder_at_the_same_moment_leave_no_word_of_debt_after_the_receipt(
    together: Together, outside: Outside, plan: ReminderPlan, company: Company, bill: Bill
) -> None:
    """Whichever comes first: a reminder that left before the payment was true, or none."""
    notice = handed_on(plan)
    payment = start(company, bill, now=FIVE_DAYS_BEFORE)
    outside.pay(reference(payment), AMINAS_CARD)

    def confirm() -> object:
        return confirm_payment(payment_id=payment.id, now=FIVE_DAYS_BEFORE)

    def send() -> object:
        return send_notice(notice_id=notice.id, write_letter=letter, now=FIVE_DAYS_BEFORE)

    ends = together(confirm, send, send, send)
    assert ends[0] == State.PAID
    notice.refresh_from_db()
    assert outside.mails(EMAIL) == [], "while it was being paid nobody was called a debtor"
    assert notice.state in {NoticeState.CALLED_OFF, NoticeState.WAITING}


@pytest.mark.usefixtures("amina")
def test_while_somebody_is_paying_it_waits_and_leaves_when_that_came_to_nothing(
    outside: Outside, plan: ReminderPlan, company: Company, bill: Bill
) -> None:
    planned(plan)
    payment = start(company, bill, now=FIVE_DAYS_BEFORE)
    one_minute(plan)
    assert why() == [("waiting", "")]
    outside.pay(reference(payment), YACINES_CARD)
    confirm_payment(payment_id=payment.id, now=FIVE_DAYS_BEFORE + timedelta(minutes=1), came_back_by_fail=True)
    one_minute(plan, now=FIVE_DAYS_BEFORE + timedelta(minutes=1))
    assert outside.mails(EMAIL) == [], "money may still come of it"
    one_minute(plan, now=FIVE_DAYS_BEFORE + AN_HOUR)
    assert len(outside.mails(EMAIL)) == 1


@pytest.mark.usefixtures("amina")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "withdrawn"}, "gone"),
        ({"status": "cancelled"}, "gone"),
        ({"status": "replaced"}, "gone"),
        ({"settled_centimes": 1_430_50}, "paid"),
        ({"due_on": FIVE_DAYS_BEFORE.date()}, "too_late"),
    ],
)
def test_what_is_not_true_any_more_is_called_off(
    plan: ReminderPlan, bill: Bill, change: dict[str, object], reason: str
) -> None:
    notice = handed_on(plan)
    Bill.objects.filter(id=bill.id).update(**change)
    assert leaves(notice) == NoticeState.CALLED_OFF
    assert notice.last_reason == reason


@pytest.mark.usefixtures("amina")
def test_an_amount_that_changed_is_said_as_it_is_now(outside: Outside, plan: ReminderPlan, bill: Bill) -> None:
    notice = handed_on(plan)
    Bill.objects.filter(id=bill.id).update(settled_centimes=430_50)
    assert leaves(notice) == NoticeState.SENT
    assert "1000,00\u00a0DA" in outside.mails(EMAIL)[0]["text"]


@pytest.mark.usefixtures("amina")
def test_switched_off_nothing_leaves_any_more(plan: ReminderPlan) -> None:
    notice = handed_on(plan)
    ReminderPlan.objects.update(is_on=False)
    assert leaves(notice) == NoticeState.CALLED_OFF


@pytest.mark.usefixtures("amina")
def test_what_the_server_did_not_take_by_evening_leaves_in_the_morning(outside: Outside, plan: ReminderPlan) -> None:
    notice = handed_on(plan)
    with outside.fault("mail_refused", status=451):
        leaves(notice)
    evening = FIVE_DAYS_BEFORE + 9 * AN_HOUR
    Notice.objects.filter(id=notice.id).update(next_try_at=evening)
    send_notice(notice_id=notice.id, write_letter=letter, now=evening)
    notice.refresh_from_db()
    assert (notice.state, notice.next_try_at) == ("waiting", FIVE_DAYS_BEFORE + 23 * AN_HOUR)
    send_notice(notice_id=notice.id, write_letter=letter, now=FIVE_DAYS_BEFORE + 23 * AN_HOUR)
    assert len(outside.mails(EMAIL)) == 1


def test_an_address_that_does_not_exist_is_visible(
    outside: Outside, plan: ReminderPlan, amina: CustomerContact
) -> None:
    notice = handed_on(plan)
    with outside.fault("mail_refused"):
        assert leaves(notice) == NoticeState.REJECTED
    run = ReminderRun.objects.get()
    assert count_by_end([run.id])[run.id]["undelivered"] == 1
    assert count_undelivered(amina.company_id) == 1


def test_no_more_leave_in_a_minute_than_the_company_says(company: Company) -> None:
    plan = switched_on(company, a_minute=3)
    for seed in range(8):
        add_contact(add_bill(company, seed=seed).customer, f"p{seed}@example.com")
    counts = [len(one_minute(plan, now=FIVE_DAYS_BEFORE + timedelta(minutes=minute))) for minute in range(4)]
    assert counts == [3, 3, 2, 0]


# --- who wants none ---


def test_who_opts_out_by_the_link_is_written_to_no_more_in_the_same_second(
    outside: Outside, plan: ReminderPlan, amina: CustomerContact
) -> None:
    notice = handed_on(plan)
    end_reminders(message=ReminderMessage.objects.get(), now=FIVE_DAYS_BEFORE)
    assert leaves(notice) == NoticeState.CALLED_OFF
    one_minute(plan, now=FIVE_DAYS_BEFORE + 5 * A_DAY)
    assert Reminder.objects.count() == 1
    assert outside.mails(EMAIL) == []
    assert amina.address.encode() not in bytes(OptOut.objects.get().digest)


def test_an_opt_out_outlives_the_address_and_whatever_a_file_says_later(
    outside: Outside, plan: ReminderPlan, amina: CustomerContact, company: Company
) -> None:
    planned(plan)
    end_reminders(message=ReminderMessage.objects.get(), now=FIVE_DAYS_BEFORE)
    customer = amina.customer
    erase_contacts(company_id=company.id, address=EMAIL)
    one_minute(plan)
    assert why() == [("called_off", "erased")]
    add_contact(customer)
    one_minute(plan, now=FIVE_DAYS_BEFORE + 5 * A_DAY)
    assert outside.mails(EMAIL) == []


def test_who_asks_for_them_again_and_confirms_gets_them_again(
    outside: Outside, plan: ReminderPlan, amina: CustomerContact
) -> None:
    planned(plan)
    end_reminders(message=ReminderMessage.objects.get(), now=FIVE_DAYS_BEFORE)
    add_contact(amina.customer, source="payer", confirmed_at=FIVE_DAYS_BEFORE + AN_HOUR)
    one_minute(plan, now=FIVE_DAYS_BEFORE + 5 * A_DAY)
    assert len(outside.mails(EMAIL)) == 1


@pytest.mark.parametrize("words", ["code", EMAIL, "Amina@Example.com "])
def test_at_a_desk_a_code_or_the_address_itself_ends_them(
    plan: ReminderPlan, amina: CustomerContact, company: Company, words: str
) -> None:
    message = planned(plan)
    agency = add_agency(company)
    cashier = add_person("c@oran.example", Role.CASHIER, company=company, agency=agency)
    end_reminders_at_desk(
        company_id=company.id,
        agency_id=agency.id,
        words=code_of(message.id) if words == "code" else words,
        staff=cashier,
        now=FIVE_DAYS_BEFORE,
    )
    one_minute(plan)
    assert why() == [("called_off", "opted_out")]
    assert amina.source == "file"


def test_a_code_of_no_message_ends_nothing(plan: ReminderPlan, company: Company) -> None:
    cashier = add_person("c@oran.example", Role.CASHIER, company=company)
    for words in (code_of(999), "12345", "", "6280581110007215"):
        with pytest.raises(CodeWrong):
            end_reminders_at_desk(
                company_id=company.id, agency_id=None, words=words, staff=cashier, now=FIVE_DAYS_BEFORE
            )
    assert not OptOut.objects.exists()
    assert plan.is_on


# --- what it would send ---


def test_the_forecast_counts_what_the_planning_then_writes(plan: ReminderPlan, company: Company) -> None:
    from bawabati.flows.plan_reminders import reaches_of  # noqa: PLC0415 - beside what it is compared with

    for seed in range(9):
        customer = add_bill(company, seed=seed).customer
        add_contact(customer, f"p{seed}@example.com", language=("ar", "fr", "en")[seed % 3])
        if seed % 2:
            add_contact(customer, f"+21355123450{seed}", language="ar")
    expected = expect(plan, reaches_of(plan, now=FIVE_DAYS_BEFORE))
    run = plan_reminders(plan, now=FIVE_DAYS_BEFORE)
    assert run is not None
    assert sum(line.messages for line in expected) == run.message_count == ReminderMessage.objects.count() == 13
    assert {(line.means, line.language): line.messages for line in expected} == {
        ("email", "ar"): 3,
        ("email", "en"): 3,
        ("email", "fr"): 3,
        ("sms", "ar"): 4,
    }
    assert run.bill_count == 9


def test_another_company_reminds_nobody_of_ours(plan: ReminderPlan, amina: CustomerContact) -> None:
    from people import add_company  # noqa: PLC0415 - a second one

    tafna = add_company("tafna")
    other = switched_on(tafna)
    one_minute(other)
    assert not Reminder.objects.exists()
    assert find_plan(amina.company_id) == plan


def test_bills_of_many_customers_do_not_make_us_write_to_one_stranger_many_times(company: Company) -> None:
    strangers = ("0551 23 45 67", "+213551234567")
    for seed in range(5):
        wish(add_bill(company, seed=seed), strangers[seed % 2], seed)
    another = add_bill(company, seed=5)
    with pytest.raises(TooManyTries):
        wish(another, strangers[0], 5)
    assert not CustomerContact.objects.filter(customer=another.customer).exists()
    assert Notice.objects.count() == 5
    wish(another, "0661 23 45 67", 5)
    assert Notice.objects.count() == 6


def test_a_stranger_who_does_nothing_is_forgotten_everywhere_within_a_week(bill: Bill) -> None:
    wish(bill, "0551 23 45 67", 1)
    forget_old_contacts(now=FIVE_DAYS_BEFORE + 7 * A_DAY)
    assert NoticeAddress.objects.count() == CustomerContact.objects.count() == 1
    forget_old_contacts(now=FIVE_DAYS_BEFORE + 7 * A_DAY + timedelta(minutes=1))
    assert not CustomerContact.objects.exists()
    assert not NoticeAddress.objects.exists()


def wish(bill: Bill, words: str, seed: int) -> None:
    """Each time somebody else, who has solved the captcha."""
    wish_reminders(
        customer=bill.customer,
        words=words,
        language="fr",
        visitor=Visitor(f"203.0.{seed}.7"),
        challenge_passed=True,
        now=FIVE_DAYS_BEFORE,
    )
