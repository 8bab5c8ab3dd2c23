"""Where a reminder leads, where it ends, how one asks for them; and the office that decides about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill, CustomerContact
from bawabati.companies.models import Company
from bawabati.links import Purpose, link_token
from bawabati.notices.models import Notice
from bawabati.people.rules import Role
from bawabati.reminders.models import OptOut, Reminder, ReminderMessage, ReminderPlan, ReminderRun, ReminderText
from bawabati.reminders.rules import code_of
from bawabati.web.public.bill_link import remind_address
from payers import FormClient, Payer, words
from people import NOON, add_bill
from reminding import EMAIL, PHONE, add_contact, add_lina, switched_on
from staff import add_agency, add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected", "database")


@pytest.fixture
def bill(company: Company) -> Bill:
    return add_bill(company)


@pytest.fixture
def message(company: Company, bill: Bill) -> ReminderMessage:
    contact = add_contact(bill.customer)
    run = ReminderRun.objects.create(company=company, day=NOON.date(), planned_at=NOON)
    Reminder.objects.create(company=company, run=run, customer=bill.customer, bill=bill, stage="before_due")
    return ReminderMessage.objects.create(
        company=company,
        run=run,
        customer=bill.customer,
        contact=contact,
        means="email",
        language="fr",
        send_after=NOON,
    )


@pytest.fixture
def lina(company: Company) -> Client:
    return signed_in(add_lina(company), client=FormClient())


def link_of(message: ReminderMessage, part: str = "") -> str:
    return f"/en/m/{link_token(Purpose.REMINDER, message.id)}/{part}"


def test_the_link_opens_in_the_messages_language_and_leads_to_the_bill(payer: Payer, message: ReminderMessage) -> None:
    page = payer.get(f"/m/{link_token(Purpose.REMINDER, message.id)}/")
    assert "Voir la facture et payer" in words(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    page = payer.get(link_of(message))
    assert "1,430.50 DA" in words(page)
    assert "Amina" not in words(page)
    assert code_of(message.id) in words(page)
    (address,) = [part.split('"')[0] for part in page.content.decode().split('class="button" href="')[1:]]
    assert "Your bill" in words(payer.get(address))


def test_a_paid_bill_is_said_to_be_paid(payer: Payer, message: ReminderMessage, bill: Bill) -> None:
    Bill.objects.filter(id=bill.id).update(settled_centimes=1_430_50)
    assert "This bill is paid." in words(payer.get(link_of(message)))
    Bill.objects.filter(id=bill.id).update(settled_centimes=0, status="withdrawn")
    assert "There is nothing to pay any more." in words(payer.get(link_of(message)))


def test_opening_the_link_ends_nothing_and_one_tap_does(payer: Payer, message: ReminderMessage) -> None:
    payer.get(link_of(message))
    payer.get(link_of(message, "stop/"))
    assert not OptOut.objects.exists()
    answer = payer.client.post(link_of(message, "stop/"))
    assert "You will get no more reminders at this address." in words(answer)
    assert OptOut.objects.count() == 1


@pytest.mark.parametrize("token", ["A" * 38, "B" * 38])
def test_a_made_up_link_opens_nothing(payer: Payer, message: ReminderMessage, token: str) -> None:
    assert payer.get(f"/en/m/{token}/").status_code == 404
    assert payer.get(f"/en/m/{link_token(Purpose.CONTACT, message.id)}/").status_code == 404
    assert payer.get(f"/en/m/yes/{token}/").status_code == 404


def test_a_wish_is_confirmed_by_whoever_reads_that_address(
    payer: Payer, company: Company, bill: Bill, settings: LazySettings
) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/"
    address = remind_address(company=company, bill_id=bill.id, language="en")
    assert "Be reminded of the next bills" in words(payer.get(address))
    answer = payer.client.post(address, {"address": "0551 23 45 67"})
    assert "A message is on its way" in words(answer)
    contact = CustomerContact.objects.get()
    assert (contact.address, contact.confirmed_at, contact.source) == (PHONE, None, "payer")
    assert Notice.objects.get().kind == "reminder_wish"
    agree = f"/en/m/yes/{link_token(Purpose.CONTACT, contact.id)}/"
    assert "Yes, remind me there" in words(payer.get(agree))
    contact.refresh_from_db()
    assert contact.confirmed_at is None, "telephones open links by themselves"
    assert "Reminders will come to" in words(payer.client.post(agree))
    contact.refresh_from_db()
    assert contact.confirmed_at is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type an Algerian mobile number or an e-mail address."),
        ("nobody@", "Type an Algerian mobile number or an e-mail address."),
        ("041 00 00 00", "This is not an Algerian mobile number."),
        ("6280581110007215", "This is not an Algerian mobile number."),
    ],
)
def test_what_is_no_address_is_said(
    payer: Payer, company: Company, bill: Bill, settings: LazySettings, typed: str, sentence: str
) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/"
    address = remind_address(company=company, bill_id=bill.id, language="en")
    answer = payer.client.post(address, {"address": typed})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "6280581110007215" not in answer.content.decode()
    assert not CustomerContact.objects.exists()


# --- the office ---


def test_before_switching_on_one_sees_how_many_and_how_many_parts(lina: Client, company: Company) -> None:
    today = timezone.localdate()
    for seed in range(5):
        bill = add_bill(company, seed=seed)
        Bill.objects.filter(id=bill.id).update(due_on=today + timedelta(days=5))
        add_contact(bill.customer, f"+21355123450{seed}", language="ar")
    page = lina.get("/en/office/reminders/")
    assert "Reminders are off: nobody is written to." in words(page)
    assert "Before the due day SMS العربية 5 15" in words(page)
    assert not ReminderPlan.objects.exists(), "looking decides nothing"
    lina.post("/en/office/reminders/switch/", {"to": "on"})
    assert ReminderPlan.objects.get().is_on
    assert AuditEntry.objects.filter(action="switch_reminders").count() == 1
    assert "Reminders are on" in words(lina.get("/en/office/reminders/"))
    lina.post("/en/office/reminders/switch/", {"to": "off"})
    assert not ReminderPlan.objects.get().is_on


PLAN = {
    "before_due_days": "3",
    "before_cut_off_days": "2",
    "cut_off_after_days": "20",
    "from_hour": "10",
    "until_hour": "17",
    "a_minute": "100",
    "by_email": "yes",
    "part_price": "4,50",
    "campaign_code": "",
}


def test_days_and_ways_are_kept(lina: Client) -> None:
    assert lina.get("/en/office/reminders/plan/").status_code == 200
    assert lina.post("/en/office/reminders/plan/", PLAN).status_code == 303
    plan = ReminderPlan.objects.get()
    assert (plan.before_due_days, plan.at_due, plan.by_sms, plan.by_email) == (3, False, False, True)
    assert (plan.a_minute, plan.part_price_centimes, plan.is_on) == (100, 450, False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"from_hour": "18", "until_hour": "9"}, "Some of these numbers do not go together."),
        ({"before_due_days": "many"}, "Some of these numbers do not go together."),
        ({"before_cut_off_days": "20"}, "Some of these numbers do not go together."),
        ({"a_minute": "0"}, "Some of these numbers do not go together."),
        ({"by_email": None}, "Choose SMS, e-mail or both."),
        ({"part_price": "cheap"}, ""),
    ],
)
def test_numbers_that_cannot_be_meant_are_said_and_what_was_good_is_kept(
    lina: Client, change: dict[str, str | None], sentence: str
) -> None:
    form = {name: value for name, value in (PLAN | change).items() if value is not None}
    answer = lina.post("/en/office/reminders/plan/", form)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="17"' in answer.content.decode() or "until_hour" in change
    assert not ReminderPlan.objects.exists()


def test_words_are_looked_at_with_their_parts_and_then_kept(lina: Client, company: Company) -> None:
    form = {"seen_ar": "0", "seen_fr": "0", "seen_en": "0"}
    bodies = {f"body_{code}": f"{code} {{company}} {{amount}} {{link}} {{code}}" for code in ("ar", "fr", "en")}
    page = lina.post("/en/office/reminders/words/at_due/", form | bodies | {"act": "preview"})
    assert "en Water company 1430.50" in words(page)
    assert "SMS part" in words(page)
    assert not ReminderText.objects.exists()
    assert lina.post("/en/office/reminders/words/at_due/", form | bodies | {"act": "keep"}).status_code == 303
    assert ReminderText.objects.filter(company=company, stage="at_due", version=1).count() == 3
    again = lina.post("/en/office/reminders/words/at_due/", form | bodies | {"act": "keep", "body_en": "x {link}"})
    assert "Somebody has changed these words" in words(again)


def test_words_without_the_link_are_refused(lina: Client) -> None:
    form = {"act": "keep", "body_ar": "x {link}", "body_fr": "x {link} {nom}", "body_en": "pay"}
    answer = lina.post("/en/office/reminders/words/at_due/", form)
    assert answer.status_code == 422
    assert "“{link}” is missing" in words(answer)
    assert "“{nom}” is not one of the words" in words(answer)
    assert lina.get("/en/office/reminders/words/never/").status_code == 404


def test_a_day_shows_what_was_not_delivered_without_an_address(lina: Client, message: ReminderMessage) -> None:
    notice = Notice.objects.create(
        company=message.company,
        kind="reminder",
        reference=f"reminder:{message.id}",
        language="fr",
        state="rejected",
        last_reason="550 no such user",
        created_at=NOON,
    )
    ReminderMessage.objects.update(notice=notice, progress="written")
    page = lina.get(f"/en/office/reminders/days/{message.run_id}/")
    assert message.customer.number in words(page)
    assert "550 no such user" in words(page)
    assert EMAIL not in words(page)
    assert message.customer.number not in words(lina.get("/en/office/reminders/days/"))


def test_at_a_desk_a_cashier_ends_them(company: Company, message: ReminderMessage) -> None:
    agency = add_agency(company)
    cashier = signed_in(
        add_person("c@oran.example", Role.CASHIER, company=company, agency=agency), client=FormClient(), agency=agency
    )
    wrong = cashier.post("/en/office/reminders/stop/", {"words": "123"})
    assert "No reminder has this code." in words(wrong)
    done = cashier.post("/en/office/reminders/stop/", {"words": code_of(message.id)})
    assert "Done: no reminder leaves for there any more." in words(done)
    assert EMAIL not in words(done)
    assert OptOut.objects.count() == 1
    assert cashier.get("/en/office/reminders/").status_code == 403


def test_who_may_only_look_changes_nothing(company: Company) -> None:
    switched_on(company)
    director = signed_in(add_person("d@oran.example", Role.DIRECTOR, company=company), client=FormClient())
    assert director.get("/en/office/reminders/").status_code == 200
    assert director.get("/en/office/reminders/plan/").status_code == 403
    assert director.post("/en/office/reminders/switch/", {"to": "off"}).status_code == 403
    form = {"act": "keep", **{f"body_{code}": "x {link}" for code in ("ar", "fr", "en")}}
    assert director.post("/en/office/reminders/words/at_due/", form).status_code == 422
    assert ReminderPlan.objects.get().is_on
    assert not ReminderText.objects.exists()
