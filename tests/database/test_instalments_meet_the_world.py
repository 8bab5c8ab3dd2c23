"""Instalments at a desk, when the billing system changes bills, when money comes late, and all of it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agency import add_agency, cash, open_desk
from bawabati.bills.models import Agreement, Bill
from bawabati.bills.reads import facts_of, list_debts, list_tranches
from bawabati.bills.rules import AgreementState, BillNotPayable
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_instalments import accept_offer
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.decide_instalments import approve_instalments, end_agreement
from bawabati.flows.import_bills import import_bills
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.steps.agreement_moves import BillsBeingPaid, DebtChanged, debt_of
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.payments.models import Payment, PaymentLine
from bawabati.payments.rules import RefundReason
from bawabati.people.models import Staff
from debtors import agree, ask, left_of_bills, left_of_tranches, offer, offer_instalments_at
from outside import Outside
from paying import ended, reference, start
from people import AMINAS_CARD, NADIA, NOON, OMAR, SALIMA, add_arrears

pytestmark = pytest.mark.usefixtures("database")

Together = Callable[..., list[Any]]
HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"


@pytest.fixture
def bills(company: Company) -> list[Bill]:
    offer_instalments_at(company)
    return add_arrears(company, 1_000_00, 2_000_00, 3_000_00)


@pytest.fixture
def agreement(company: Company, bills: list[Bill]) -> Agreement:
    """3,000 first, then twice 1,500."""
    return agree(company, bills)


def state_of(agreement: Agreement) -> str:
    return Agreement.objects.get(id=agreement.id).state


def paid(outside: Outside, company: Company, *bills: Bill, key: str = "key") -> Payment:
    payment = start(company, *bills, key=key)
    outside.pay(reference(payment), AMINAS_CARD)
    return ended(payment)


def says(company: Company, folder: Path, bill: Bill, *, due: str, status: str = "open") -> None:
    """The billing system speaks of a bill again."""
    line = (
        f"{bill.payment_number};{bill.bill_number};{bill.customer.number};Amina Benali;{bill.period};"
        f"{bill.issued_on};{bill.due_on};{due};{status};{due}"
    )
    path = folder / f"{bill.id}-{due}-{status}.csv"
    path.write_text(f"{HEAD}\n{line}\n", encoding="utf-8")
    report = import_bills(
        company=company, path=path, reader_name="csv", received_by=Staff.objects.get(login=OMAR), now=NOON
    )
    assert report.batch.bad_count == 0


def in_order(agreement: Agreement) -> bool:
    return sum(left_of_tranches(agreement)) == left_of_bills(agreement) and check_books(now=NOON) == []


def test_a_desk_takes_a_tranche_without_knowing(company: Company, agreement: Agreement, bills: list[Bill]) -> None:
    cash(open_desk(add_agency(company)), list_tranches(agreement.id)[0])
    assert left_of_tranches(agreement) == [0, 1_500_00, 1_500_00]
    assert {line.bill_id for line in PaymentLine.objects.all()} == {bills[0].id, bills[1].id}
    assert state_of(agreement) == AgreementState.RUNNING
    assert check_books(now=NOON) == []


def test_a_lowered_bill_makes_the_next_tranche_smaller(
    company: Company, agreement: Agreement, bills: list[Bill], tmp_path: Path
) -> None:
    says(company, tmp_path, bills[2], due="2600,00")
    assert left_of_tranches(agreement) == [2_600_00, 1_500_00, 1_500_00]
    assert in_order(agreement)


def test_a_raised_bill_is_added_to_the_last_tranche(
    company: Company, agreement: Agreement, bills: list[Bill], tmp_path: Path
) -> None:
    version = list_tranches(agreement.id)[-1].version
    says(company, tmp_path, bills[0], due="1250,00")
    assert left_of_tranches(agreement) == [3_000_00, 1_500_00, 1_750_00]
    assert list_tranches(agreement.id)[-1].version == version + 1
    assert in_order(agreement)


def test_what_is_lowered_below_what_was_paid_is_credit_and_the_agreement_goes_on(
    outside: Outside, company: Company, agreement: Agreement, bills: list[Bill], tmp_path: Path
) -> None:
    paid(outside, company, list_tranches(agreement.id)[0])
    says(company, tmp_path, bills[1], due="500,00")
    assert left_of_tranches(agreement) == [0, 1_500_00, 1_500_00]
    assert Case.objects.filter(kind="surplus").count() == 1
    assert in_order(agreement)


@pytest.mark.parametrize("status", ["withdrawn", "cancelled"])
def test_bills_that_are_all_taken_back_end_the_agreement_as_that_and_not_as_paid(
    company: Company, bills: list[Bill], tmp_path: Path, status: str
) -> None:
    agreement = agree(company, bills, email="amina@example.com")
    for bill in bills:
        says(company, tmp_path, bill, due=str(bill.due_centimes // 100), status=status)
    assert state_of(agreement) == AgreementState.CANCELLED
    assert "instalments_bills_gone" in Notice.objects.values_list("kind", flat=True)
    assert list_debts(agreement.customer_id) == []
    assert check_books(now=NOON) == []


def test_the_billing_system_cannot_speak_of_a_tranche(company: Company, agreement: Agreement, tmp_path: Path) -> None:
    tranche = list_tranches(agreement.id)[0]
    path = tmp_path / "tranche.csv"
    path.write_text(
        f"{HEAD}\n;{tranche.bill_number};X;X;2026-T1;2026-01-01;2026-02-01;1,00;open;1,00\n", encoding="utf-8"
    )
    report = import_bills(
        company=company, path=path, reader_name="csv", received_by=Staff.objects.get(login=OMAR), now=NOON
    )
    assert report.batch.bad_count == 1
    assert list_tranches(agreement.id)[0].due_centimes == tranche.due_centimes


def test_money_that_began_before_the_agreement_settles_its_bill_all_the_same(
    outside: Outside, company: Company, bills: list[Bill]
) -> None:
    with outside.fault("retry_after_decline", times=1):
        early = start(company, bills[0], key="early")
        outside.pay(reference(early), AMINAS_CARD)
        confirm_payment(payment_id=early.id, now=NOON + timedelta(minutes=1))
    early.refresh_from_db()
    agreement = agree(company, bills) if early.state != "paid" else None
    if agreement is not None:
        outside.pay(reference(early), AMINAS_CARD)
        ended(early)
        assert in_order(agreement)
    assert check_books(now=NOON) == []


def test_while_a_bill_is_being_paid_nothing_is_approved_or_ended(company: Company, bills: list[Bill]) -> None:
    wish = ask(company, bills)
    start(company, bills[0])
    with pytest.raises(BillsBeingPaid):
        approve_instalments(
            company=company, agreement_id=wish.id, seen_debt=debt_of(wish.customer_id), login=SALIMA, now=NOON
        )
    assert state_of(wish) == AgreementState.ASKED


def test_a_tranche_that_is_being_paid_keeps_the_agreement_from_ending(company: Company, agreement: Agreement) -> None:
    start(company, list_tranches(agreement.id)[0])
    with pytest.raises(BillsBeingPaid):
        end_agreement(company=company, agreement_id=agreement.id, because="moves", login=SALIMA, now=NOON)


def test_an_end_frees_the_bills_with_what_is_left(outside: Outside, company: Company, agreement: Agreement) -> None:
    tranches = list_tranches(agreement.id)
    paid(outside, company, tranches[0])
    end_agreement(company=company, agreement_id=agreement.id, because="moves", login=SALIMA, now=NOON)
    assert [facts_of(bill).left.centimes for bill in list_debts(agreement.customer_id)] == [3_000_00]
    with pytest.raises(BillNotPayable):
        start(company, Bill.objects.get(id=tranches[1].id), key="another")
    assert check_books(now=NOON) == []


def test_money_given_back_is_due_again_in_its_tranche(outside: Outside, company: Company, agreement: Agreement) -> None:
    payment = paid(outside, company, list_tranches(agreement.id)[0])
    refund = ask_refund(
        payment_id=payment.id, reason=RefundReason.BILL_DUE_AGAIN, amount=Money(500_00), because="a mistake",
        login=SALIMA, now=NOON,
    )  # fmt: skip
    approve_refund(refund_id=refund.id, login=NADIA, now=NOON)
    refund_payment(refund_id=refund.id, now=NOON)
    assert left_of_tranches(agreement) == [500_00, 1_500_00, 1_500_00]
    assert in_order(agreement)


def test_credit_is_put_to_a_bill_and_never_to_a_tranche(company: Company, agreement: Agreement) -> None:
    with pytest.raises(BillNotPayable):
        apply_credit(
            company=company, payment_number=list_tranches(agreement.id)[0].payment_number, amount=None,
            because="credit", key="credit", login=SALIMA, now=NOON,
        )  # fmt: skip


def test_a_larger_debt_is_offered_anew_and_accepted(company: Company, bills: list[Bill]) -> None:
    wish = ask(company, bills[:1], email="amina@example.com")
    Agreement.objects.filter(id=wish.id).update(total_centimes=5_000_00)
    debt = debt_of(wish.customer_id)
    with pytest.raises(DebtChanged):
        approve_instalments(company=company, agreement_id=wish.id, seen_debt=debt, login=SALIMA, now=NOON)
    offer(wish, first=Money.dinars(4_000), seen_debt=debt)
    accept_offer(agreement_id=wish.id, customer_id=wish.customer_id, seen_events=2, seen_debt=debt, now=NOON)
    assert left_of_tranches(wish) == [4_000_00, 2_000_00]
    kinds = list(Notice.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["instalments_asked", "instalments_offered", "instalments_accepted"]


def test_two_tranches_started_at_once_hold_each_bill_once(
    company: Company, agreement: Agreement, together: Together
) -> None:
    first, second, _ = list_tranches(agreement.id)
    found = together(lambda: start(company, first, key="one"), lambda: start(company, second, key="two"))
    assert len([one for one in found if isinstance(one, Payment)]) == 1
    assert len([one for one in found if isinstance(one, BillNotPayable)]) == 1


def test_an_approval_pressed_by_two_people_begins_once(company: Company, bills: list[Bill], together: Together) -> None:
    wish = ask(company, bills)
    debt = debt_of(wish.customer_id)

    def approve() -> None:
        approve_instalments(company=company, agreement_id=wish.id, seen_debt=debt, login=SALIMA, now=NOON)

    together(approve, approve)
    assert len(list_tranches(wish.id)) == wish.tranches
    assert in_order(wish)


def test_paying_and_ending_and_importing_at_once_lose_nothing(
    outside: Outside, company: Company, agreement: Agreement, bills: list[Bill], together: Together, tmp_path: Path
) -> None:
    payment = start(company, list_tranches(agreement.id)[0])
    outside.pay(reference(payment), AMINAS_CARD)

    def end() -> None:
        end_agreement(company=company, agreement_id=agreement.id, because="moves", login=SALIMA, now=NOON)

    def confirm() -> object:
        return confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))

    together(confirm, end, confirm, lambda: says(company, tmp_path, bills[2], due="2900,00"))
    assert check_books(now=NOON) == []
    assert sum(bill.settled_centimes for bill in Bill.objects.filter(tranche_of=None)) == 3_000_00


def test_what_was_paid_before_the_last_bill_was_taken_back_is_still_done(
    outside: Outside, company: Company, agreement: Agreement, bills: list[Bill], tmp_path: Path
) -> None:
    paid(outside, company, list_tranches(agreement.id)[0])
    says(company, tmp_path, bills[2], due="3000,00", status="cancelled")
    assert state_of(agreement) == AgreementState.DONE
    assert check_books(now=NOON) == []
