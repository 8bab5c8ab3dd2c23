"""What somebody may learn, or be made to pay, who is not the one whose debt it is; and what is forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bawabati.bills.models import Agreement, AgreementContact, Bill, CustomerContact, DebtRules
from bawabati.bills.reads import amounts_shared, list_tranches
from bawabati.bills.rules import MOST_SHARING, AgreementState, AmountShared, NothingToShareOut
from bawabati.bills.writes import confirm_contact
from bawabati.companies.models import Company
from bawabati.flows.ask_at_door import ask_at_door
from bawabati.flows.ask_instalments import AskedAlready, DebtHasGrown, accept_offer, ask_again
from bawabati.flows.check_books import check_books
from bawabati.flows.decide_instalments import approve_instalments, refuse_instalments
from bawabati.flows.find_at_desk import NobodyFound
from bawabati.flows.find_bill import NoSuchBill
from bawabati.flows.find_debts import NoSuchDebt, find_debts
from bawabati.flows.import_bills import import_bills
from bawabati.flows.mind_instalments import mind_instalments
from bawabati.flows.see_due_bill import see_due_bill
from bawabati.flows.steps.agreement_moves import DebtChanged, debt_of
from bawabati.guard.rules import TooManyTries, Visitor
from bawabati.money.amount import ZERO, Money
from bawabati.notices.models import Notice, NoticeAddress, PayerPhone
from bawabati.people.models import Staff
from bawabati.people.rules import Role, TooManyCalls
from bill_files import HEAD, bill_file, bill_line
from channels import Partner
from debtors import agree, ask, left_of_tranches, offer, offer_instalments_at
from people import NOON, OMAR, SALIMA, add_arrears, add_bill
from reminding import EMAIL, add_contact
from staff import add_person

pytestmark = pytest.mark.usefixtures("database")
SOMEBODY = Visitor(address="41.100.1.1")


@pytest.fixture
def bills(company: Company) -> list[Bill]:
    offer_instalments_at(company, lookup_factor="bill_amount")
    return add_arrears(company, 1_000_00, 2_000_00, 3_000_00)


def state_of(agreement: Agreement) -> str:
    return Agreement.objects.get(id=agreement.id).state


def bring(company: Company, folder: Path, *lines: str, head: str = HEAD) -> None:
    path = folder / "bills.csv"
    path.write_bytes(bill_file(*lines, head=head))
    received_by = Staff.objects.get(login=OMAR)
    report = import_bills(company=company, path=path, reader_name="csv", received_by=received_by, now=NOON)
    assert report.batch.bad_count == 0


def accept(wish: Agreement, *, seen: Money | None = None) -> None:
    debt = debt_of(wish.customer_id) if seen is None else seen
    accept_offer(agreement_id=wish.id, customer_id=wish.customer_id, seen_events=2, seen_debt=debt, now=NOON)


# --- the same form, and another's ---


def test_the_same_form_gives_the_same_agreement_and_another_form_nothing_of_it(
    company: Company, bills: list[Bill]
) -> None:
    first = ask(company, bills, start_key="a" * 32)
    assert ask(company, bills, start_key="a" * 32).id == first.id
    for other in ("b" * 32, ""):
        with pytest.raises(AskedAlready) as refused:
            ask(company, bills, start_key=other)
        assert refused.value.details == {}


def test_an_agreement_that_was_asked_without_a_key_is_given_to_nobody(company: Company, bills: list[Bill]) -> None:
    ask(company, bills, start_key="")
    with pytest.raises(AskedAlready):
        ask(company, bills, start_key="")


# --- sums that changed while somebody waited ---


def test_an_offer_of_a_debt_that_shrank_is_accepted_with_the_sum_that_was_seen(
    company: Company, bills: list[Bill]
) -> None:
    wish = ask(company, bills)
    offer(wish, first=Money.dinars(4_000))
    Bill.objects.filter(id=bills[0].id).update(settled_centimes=1_000_00, settled_at=NOON)
    with pytest.raises(DebtChanged):
        accept(wish, seen=Money(6_000_00))
    assert state_of(wish) == AgreementState.OFFERED
    accept(wish, seen=Money(5_000_00))
    assert left_of_tranches(wish) == [4_000_00, 1_000_00]
    assert Agreement.objects.get(id=wish.id).total_centimes == 5_000_00


def test_an_offer_of_a_debt_that_grew_is_asked_about_again_and_never_accepted_in_silence(
    company: Company, bills: list[Bill]
) -> None:
    wish = ask(company, bills)
    offer(wish, first=Money.dinars(4_000))
    add_bill(company, seed=7, due_centimes=500_00, customer_number=bills[0].customer.number)
    with pytest.raises(DebtHasGrown):
        accept(wish)
    with pytest.raises(DebtChanged):
        ask_again(agreement_id=wish.id, seen_events=2, seen_debt=Money(6_000_00), now=NOON)
    ask_again(agreement_id=wish.id, seen_events=2, seen_debt=Money(6_500_00), now=NOON)
    assert state_of(wish) == AgreementState.ASKED
    approve_instalments(company=company, agreement_id=wish.id, seen_debt=Money(6_500_00), login=SALIMA, now=NOON)
    assert left_of_tranches(wish) == [4_000_00, 2_500_00]
    assert [problem for problem in check_books(now=NOON) if "agreement" in problem.about] == []


def test_of_a_debt_that_is_gone_nothing_is_approved_and_nobody_sees_an_error_of_the_database(
    company: Company, bills: list[Bill]
) -> None:
    wish = ask(company, bills)
    Bill.objects.update(status="cancelled")
    with pytest.raises(NothingToShareOut):
        approve_instalments(company=company, agreement_id=wish.id, seen_debt=ZERO, login=SALIMA, now=NOON)
    assert state_of(wish) == AgreementState.ASKED
    mind_instalments(agreement_id=wish.id, now=NOON)
    assert state_of(wish) == AgreementState.LAPSED


def test_of_a_debt_that_is_gone_no_offer_is_accepted(company: Company, bills: list[Bill]) -> None:
    wish = ask(company, bills)
    offer(wish, first=Money.dinars(4_000))
    Bill.objects.update(status="cancelled")
    with pytest.raises(NothingToShareOut):
        accept(wish)
    assert state_of(wish) == AgreementState.OFFERED


# --- amounts that many share ---


def find(company: Company, number: str, amount: str) -> int:
    found = find_debts(
        company=company, typed=number, typed_factor=amount, visitor=SOMEBODY, challenge_passed=True, now=NOON
    )
    return found.customer_id


def test_an_amount_that_many_bills_share_opens_nothing_and_another_bills_does(
    company: Company, bills: list[Bill]
) -> None:
    number = bills[0].customer.number
    for seed in range(MOST_SHARING - 1):
        add_bill(company, seed=300 + seed, due_centimes=1_000_00)
    assert find(company, number, "1000") == bills[0].customer_id
    add_bill(company, seed=400, due_centimes=1_000_00)
    for known in (number, "C999999"):  # of a customer nothing is learned by it
        with pytest.raises(AmountShared):
            find(company, known, "1000")
    assert find(company, number, "2000") == bills[0].customer_id
    with pytest.raises(NoSuchDebt):
        find(company, number, "2001")
    seen = amounts_shared(company.id)
    assert (seen.bills, seen.shared, seen.commonest) == (MOST_SHARING + 3, MOST_SHARING + 1, MOST_SHARING + 1)
    assert seen.percent == 85


@pytest.mark.parametrize(("status", "due", "typed"), [("replaced", 1_000_00, "1000"), ("open", 0, "0")])
def test_what_is_not_counted_among_the_amounts_that_many_share_opens_nothing_either(
    company: Company, bills: list[Bill], status: str, due: int, typed: str
) -> None:
    Bill.objects.filter(id=bills[0].id).update(status=status, due_centimes=due)
    with pytest.raises(NoSuchDebt):
        find(company, bills[0].customer.number, typed)
    assert find(company, bills[0].customer.number, "2000") == bills[0].customer_id


def test_a_company_without_bills_shares_no_amounts(company: Company) -> None:
    assert amounts_shared(company.id).percent == 0
    assert not DebtRules.objects.exists()


# --- who has moved out ---


@pytest.mark.parametrize(("name", "sources"), [("BENALI  amina", 2), ("", 2), ("Karim Haddad", 1)])
def test_a_wish_to_be_reminded_ends_when_the_customer_number_passes_to_somebody_else(
    company: Company, tmp_path: Path, name: str, sources: int
) -> None:
    bring(company, tmp_path, bill_line(1))
    customer = Bill.objects.get(company=company).customer
    add_contact(customer, EMAIL, source="payer", confirmed_at=NOON)
    add_contact(customer, "+213551234567", source="file")
    bring(company, tmp_path, bill_line(1, name=name, due="1500,00"))
    assert sorted(CustomerContact.objects.values_list("source", flat=True)) == ["file", "payer"][:sources]


def test_a_wish_that_was_erased_is_not_confirmed_afterwards(company: Company, tmp_path: Path) -> None:
    bring(company, tmp_path, bill_line(1))
    contact = add_contact(Bill.objects.get(company=company).customer, EMAIL, source="payer")
    bring(company, tmp_path, bill_line(1, name="Karim Haddad"))
    assert not confirm_contact(contact.id, now=NOON + timedelta(hours=1))


def test_where_the_payer_of_an_agreement_is_told_is_forgotten_with_its_end(
    company: Company, bills: list[Bill], settings: object
) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/"  # type: ignore[attr-defined]
    wish = ask(company, bills, email=EMAIL, phone="0551234567")
    assert (AgreementContact.objects.count(), PayerPhone.objects.count()) == (1, 1)
    refuse_instalments(company=company, agreement_id=wish.id, because="another runs", login=SALIMA, now=NOON)
    assert (AgreementContact.objects.count(), PayerPhone.objects.count()) == (0, 0)
    told = Notice.objects.filter(kind="instalments_refused").values_list("id", flat=True)
    assert set(NoticeAddress.objects.filter(notice__in=told).values_list("address", flat=True)) == {
        EMAIL,
        "+213551234567",
    }


# --- who asks too often ---


def test_a_channel_that_guesses_numbers_is_stopped_for_the_hour(company: Company, bill: Bill) -> None:
    channel = Partner.of(company).channel
    for number in range(1_000):
        with pytest.raises(NoSuchBill):
            see_due_bill(channel=channel, payment_number=f"1{number:013d}", now=NOON)
    with pytest.raises(TooManyCalls):
        see_due_bill(channel=channel, payment_number=bill.payment_number, now=NOON)
    told = see_due_bill(channel=channel, payment_number=bill.payment_number, now=NOON + timedelta(hours=1))
    assert told.left == Money(1_430_50)


def test_a_crew_that_asks_for_a_whole_street_is_stopped(company: Company, bill: Bill) -> None:
    samir = add_person("samir@oran.example", Role.CREW, company=company)

    def at_the_door(words: str) -> None:
        ask_at_door(company_id=company.id, agency_id=None, words=words, staff=samir, now=NOON)

    for number in range(60):
        with pytest.raises(NobodyFound):
            at_the_door(f"C9{number:05d}")
    with pytest.raises(TooManyTries):
        at_the_door(bill.customer.number)


def test_tranches_are_no_amounts_of_others(company: Company, bills: list[Bill]) -> None:
    agreement = agree(company, bills)
    assert list_tranches(agreement.id)
    assert amounts_shared(company.id).bills == len(bills)
