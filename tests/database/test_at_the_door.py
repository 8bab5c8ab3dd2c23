"""A crew asks at a customer's door: one word, of this second; and the list for where there is no network."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, date, datetime, timedelta

import pytest

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.bills.reads import list_tranches
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.flows.ask_at_door import AtDoor, ask_at_door
from bawabati.flows.bring_round import RoundInThePast, bring_round
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.find_at_desk import NobodyFound
from bawabati.flows.forget_old_contacts import forget_old_contacts
from bawabati.flows.take_round import NoRound, digest_of_number, take_round
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed, Role
from bawabati.reminders.models import Round
from bawabati.reminders.rules import Answer, Door
from debtors import agree, offer_instalments_at
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, YACINES_CARD, add_arrears, add_bill, add_company
from staff import add_agency, add_person

pytestmark = pytest.mark.usefixtures("database")
OVERDUE = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
"""Ten days after the due day of `people.add_bill`'s bills."""
A_DAY = timedelta(days=1)
NOT_PAID = Answer(door=Door.NOT_PAID, left=Money(1_430_50), since=date(2026, 12, 5))


@pytest.fixture
def samir(company: Company) -> Staff:
    """Of the crew."""
    return add_person("samir@oran.example", Role.CREW, company=company)


@pytest.fixture
def head(company: Company) -> Staff:
    return add_person("head@oran.example", Role.AGENCY_HEAD, company=company, agency=add_agency(company))


def asked(samir: Staff, company: Company, words: str, now: datetime = OVERDUE) -> AtDoor:
    return ask_at_door(company_id=company.id, agency_id=None, words=words, staff=samir, now=now)


def test_not_paid_says_how_much_since_when(samir: Staff, company: Company, bill: Bill) -> None:
    for words in (
        bill.customer.number,
        bill.payment_number,
        bill.bill_number,
        f" {bill.payment_number[:7]} {bill.payment_number[7:]}",
    ):
        assert asked(samir, company, words).answer == NOT_PAID
    assert AuditEntry.objects.filter(action="check_customer", target=f"customer:{bill.customer_id}").count() == 4


def test_what_is_not_due_yet_is_no_reason_to_come(samir: Staff, company: Company, bill: Bill) -> None:
    assert asked(samir, company, bill.payment_number, now=OVERDUE - 10 * A_DAY).answer.door is Door.PAID


def test_paid_a_second_ago_is_paid(outside: Outside, samir: Staff, company: Company, bill: Bill) -> None:
    payment = start(company, bill, now=OVERDUE)
    assert asked(samir, company, bill.payment_number).answer == Answer(door=Door.BEING_CHECKED)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=OVERDUE)
    assert asked(samir, company, bill.payment_number).answer == Answer(door=Door.PAID)


def test_a_refused_card_is_being_checked_as_long_as_money_may_come(
    outside: Outside, samir: Staff, company: Company, bill: Bill
) -> None:
    payment = start(company, bill, now=OVERDUE)
    outside.pay(reference(payment), YACINES_CARD)
    confirm_payment(payment_id=payment.id, now=OVERDUE, came_back_by_fail=True)
    assert asked(samir, company, bill.payment_number).answer.door is Door.BEING_CHECKED
    assert asked(samir, company, bill.payment_number, now=OVERDUE + timedelta(hours=1)).answer == NOT_PAID


def test_being_checked_wins_over_another_bill_that_is_not_paid(samir: Staff, company: Company) -> None:
    older, newer = add_arrears(company, 1_000_00, 500_00)
    start(company, newer, now=OVERDUE)
    assert asked(samir, company, older.payment_number).answer.door is Door.BEING_CHECKED


def test_a_credit_that_would_pay_it_is_being_checked(samir: Staff, company: Company, bill: Bill) -> None:
    transfer(
        company_id=company.id,
        debit=Side(AccountRole.SUSPENSE),
        credit=Side(AccountRole.CUSTOMER_CREDIT, bill.customer.number),
        amount=Money(1_430_50),
        reason=Reason.SURPLUS,
        reference="test:1",
        accounted_on=OVERDUE.date(),
        now=OVERDUE,
    )
    assert asked(samir, company, bill.payment_number).answer.door is Door.BEING_CHECKED


def test_who_pays_by_instalments_and_is_on_time_owes_nothing_at_the_door(samir: Staff, company: Company) -> None:
    offer_instalments_at(company)
    bills = add_arrears(company, 1_000_00, 2_000_00, 3_000_00)
    assert asked(samir, company, bills[0].payment_number).answer.door is Door.NOT_PAID
    agreement = agree(company, bills)
    tranches = list_tranches(agreement.id)
    Bill.objects.filter(tranche_of=agreement).update(due_on=OVERDUE.date() + A_DAY)
    assert asked(samir, company, bills[0].payment_number).answer.door is Door.PAID
    Bill.objects.filter(id=tranches[0].id).update(due_on=OVERDUE.date() - A_DAY)
    late = asked(samir, company, bills[0].payment_number).answer
    assert (late.door, late.left) == (Door.NOT_PAID, Money(tranches[0].due_centimes))
    start(company, tranches[0], now=OVERDUE)
    assert asked(samir, company, bills[0].payment_number).answer.door is Door.BEING_CHECKED


def test_nobody_found_is_said_and_written_down(samir: Staff, company: Company) -> None:
    other = add_bill(add_company("tafna"), seed=7)
    for words in ("999", "", "Amina", other.payment_number, other.customer.number):
        with pytest.raises(NobodyFound):
            asked(samir, company, words)
    assert AuditEntry.objects.filter(action="check_customer").count() == 5
    with pytest.raises(LooksLikeACardNumber):
        asked(samir, company, "6280581110007215")


def test_only_who_may_asks(company: Company, bill: Bill) -> None:
    cashier = add_person("c@oran.example", Role.CASHIER, company=company)
    with pytest.raises(NotAllowed):
        asked(cashier, company, bill.payment_number)


# --- the round ---


def bring(head: Staff, samir: Staff, company: Company, text: str, now: datetime = OVERDUE) -> Round:
    brought = bring_round(
        company_id=company.id, agency_id=None, day=OVERDUE.date(), crew=samir, text=text, staff=head, now=now
    )
    return brought.round


def test_the_list_that_goes_along_holds_the_own_round_alone(
    outside: Outside, head: Staff, samir: Staff, company: Company
) -> None:
    unpaid, paying, paid, elsewhere = (add_bill(company, seed=seed) for seed in range(1, 5))
    start(company, paying, key="paying", now=OVERDUE)
    payment = start(company, paid, key="paid", now=OVERDUE)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=OVERDUE)
    numbers = [bill.customer.number for bill in (unpaid, paying, paid)]
    row = bring(head, samir, company, "\n".join(["code client;nom", *numbers, "C999999"]))
    assert (row.customer_count, row.unknown_count) == (3, 1)

    taken = take_round(company_id=company.id, agency_id=None, staff=samir, now=OVERDUE)
    salt = b64decode(taken.salt)
    told = [taken.rows.get(digest_of_number(number, salt=salt)) for number in [*numbers, elsewhere.customer.number]]
    assert told == [NOT_PAID, Answer(door=Door.BEING_CHECKED), Answer(door=Door.PAID), None]
    assert taken.good_until == datetime(2026, 12, 15, 23, 0, tzinfo=UTC), "midnight in Algiers"
    assert not any(number in repr(taken) for number in numbers)
    row.refresh_from_db()
    assert row.taken_at == OVERDUE


def test_what_was_brought_last_counts_and_each_has_his_own(head: Staff, samir: Staff, company: Company) -> None:
    first, second = (add_bill(company, seed=seed).customer.number for seed in (1, 2))
    other = add_person("other@oran.example", Role.CREW, company=company)
    bring(head, samir, company, first)
    bring(head, samir, company, second)
    taken = take_round(company_id=company.id, agency_id=None, staff=samir, now=OVERDUE)
    assert list(taken.rows) == [digest_of_number(second, salt=b64decode(taken.salt))]
    with pytest.raises(NoRound):
        take_round(company_id=company.id, agency_id=None, staff=other, now=OVERDUE)
    with pytest.raises(NoRound):
        take_round(company_id=company.id, agency_id=None, staff=samir, now=OVERDUE + A_DAY)


def test_a_round_of_a_day_that_is_over_is_refused(head: Staff, samir: Staff, company: Company, bill: Bill) -> None:
    with pytest.raises(RoundInThePast):
        bring(head, samir, company, bill.customer.number, now=OVERDUE + A_DAY)


def test_rounds_are_forgotten_after_thirty_days(head: Staff, samir: Staff, company: Company, bill: Bill) -> None:
    bring(head, samir, company, bill.customer.number)
    assert forget_old_contacts(now=OVERDUE + 30 * A_DAY) == 0
    assert forget_old_contacts(now=OVERDUE + 31 * A_DAY) == 1
