"""Cash and cheques at a desk: with the stamp duty of the day, settled at once, once, and in the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agency import FLOAT, FLOAT_CENTIMES, At, add_agency, cash, cheque, open_desk
from bawabati.bills.models import Bill
from bawabati.bills.rules import BillChanged, BillNotPayable
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.desks.models import DeskSession
from bawabati.desks.reads import report_of
from bawabati.desks.rules import SessionNotOpen
from bawabati.flows.check_books import check_books
from bawabati.flows.close_session import close_session
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.steps.typed_words import WordsMissing
from bawabati.flows.take_cash import TooLittleCash, take_cash
from bawabati.flows.take_cheque import ChequeNumberWrong
from bawabati.flows.x_report import x_report
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, Sale
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import Facts
from outside import Outside
from paying import reference, seen_now, start
from people import AMINAS_CARD, NOON, add_bill

pytestmark = pytest.mark.usefixtures("database")

DUE = 1_430_50
DUTY = 15_00
LATER = NOON + timedelta(hours=5)


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


@pytest.fixture
def session(at: At) -> DeskSession:
    return open_desk(at)


def facts_of(sale: Sale) -> Facts:
    return Facts.from_json(Receipt.objects.get(payment__sale=sale).facts)


def posted() -> set[tuple[str, str, str, int]]:
    moved = Transfer.objects.select_related("debit", "credit")
    return {(one.reason, one.debit.code, one.credit.code, one.amount_centimes) for one in moved}


def test_cash_settles_the_bill_with_its_stamp_duty_on_top(session: DeskSession, bill: Bill) -> None:
    sale = cash(session, bill)
    bill.refresh_from_db()
    assert (sale.state, sale.stamp_duty_centimes, sale.tendered_centimes) == ("settled", DUTY, 10_000_00)
    assert (bill.settled_centimes, Hold.objects.count()) == (DUE, 0)
    assert posted() == {("capture", "53", "411", DUE), ("stamp_duty", "53", "447", DUTY)}
    assert check_books(now=LATER) == []


def test_the_receipt_says_where_who_how_and_the_duty(session: DeskSession, bill: Bill) -> None:
    facts = facts_of(cash(session, bill))
    assert (facts.number, facts.way, facts.desk_code, facts.cashier_name) == (
        "2026-AG07-0000001",
        "cash",
        "AG07-C1",
        "Warda",
    )
    assert (facts.amount_centimes, facts.stamp_duty_centimes, facts.tendered_centimes) == (DUE, DUTY, 10_000_00)
    assert facts.amount_in_words == "mille quatre cent quarante-cinq dinars algériens et cinquante centimes"


def test_receipts_of_an_agency_are_one_series(at: At, session: DeskSession, company: Company) -> None:
    other = open_desk(at, second=True)
    numbers = [
        facts_of(sale).number
        for sale in (
            cash(session, add_bill(company, seed=1)),
            cheque(other, add_bill(company, seed=2)),
            cash(session, add_bill(company, seed=3)),
        )
    ]
    assert numbers == ["2026-AG07-0000001", "2026-AG07-0000002", "2026-AG07-0000003"]


def test_several_bills_of_a_customer_carry_one_duty_on_their_sum(session: DeskSession, company: Company) -> None:
    bills = [
        add_bill(company, seed=seed, due_centimes=250_00, customer_number="C1", quarters_ago=seed) for seed in (1, 2)
    ]
    assert cash(session, *bills).stamp_duty_centimes == 5_00
    assert cash(session, add_bill(company, seed=3, due_centimes=300_00)).stamp_duty_centimes == 0


def test_the_duty_is_that_of_the_day(at: At, company: Company) -> None:
    then = datetime(2024, 12, 30, 9, 0, tzinfo=UTC)
    session = open_desk(at, now=then)
    assert cash(session, add_bill(company, due_centimes=100_00), now=then).stamp_duty_centimes == 5_00


def test_too_little_cash_takes_nothing_and_says_what_is_missing(session: DeskSession, bill: Bill) -> None:
    with pytest.raises(TooLittleCash) as told:
        take_cash(
            session_id=session.id,
            seen=[seen_now(bill)],
            start_key="key",
            tendered=Money(1_445_00),
            language="fr",
            in_spite_of="",
            staff=session.cashier,
            now=NOON,
        )
    assert told.value.details == {"missing": Money(50), "to_pay": Money(1_445_50)}
    assert not Sale.objects.exists()


def test_a_cheque_settles_and_waits_to_be_collected(session: DeskSession, bill: Bill) -> None:
    sale = cheque(session, bill, number=" 00123ab ")
    assert (sale.state, sale.stamp_duty_centimes, sale.cheque_number) == ("settled", 0, "00123AB")
    assert posted() == {("capture", "5112", "411", DUE)}
    assert facts_of(sale).cheque_number == "00123AB"
    assert check_books(now=LATER) == []


def test_a_cheque_carries_the_duty_where_the_company_says_so(
    session: DeskSession, company: Company, bill: Bill
) -> None:
    Company.objects.filter(id=company.id).update(cheques_carry_stamp_duty=True)
    assert cheque(session, bill).stamp_duty_centimes == DUTY
    assert ("stamp_duty", "5112", "447", DUTY) in posted()


@pytest.mark.parametrize(("number", "refusal"), [("12", ChequeNumberWrong), ("6280581110007215", LooksLikeACardNumber)])
def test_what_is_no_cheque_is_not_taken(
    session: DeskSession, bill: Bill, number: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        cheque(session, bill, number=number)


def test_a_cheque_has_a_bank(session: DeskSession, bill: Bill) -> None:
    from bawabati.flows.take_cheque import take_cheque  # noqa: PLC0415 - beside its helper

    with pytest.raises(WordsMissing):
        take_cheque(
            session_id=session.id,
            seen=[seen_now(bill)],
            start_key="key",
            cheque_number="0012345",
            cheque_bank=" ",
            language="fr",
            in_spite_of="",
            staff=session.cashier,
            now=NOON,
        )


def test_who_presses_twice_takes_once(session: DeskSession, bill: Bill, together: Callable[..., list[Any]]) -> None:
    seen = [seen_now(bill)]

    def press() -> Sale:
        return take_cash(
            session_id=session.id,
            seen=seen,
            start_key="one press",
            tendered=Money(2_000_00),
            language="fr",
            in_spite_of="",
            staff=session.cashier,
            now=NOON,
        )

    assert len({sale.id for sale in together(*[press] * 8)}) == 1
    assert press() == Sale.objects.get()
    assert (Receipt.objects.count(), Payment.objects.count()) == (1, 1)


def test_two_desks_at_once_take_a_bill_once(
    at: At, session: DeskSession, company: Company, together: Callable[..., list[Any]]
) -> None:
    other = open_desk(at, second=True)
    for seed in range(4):
        bill = add_bill(company, seed=seed)
        answers = together(
            *[lambda bill=bill: cash(session, bill)] * 4,
            *[lambda bill=bill: cheque(other, bill)] * 4,
        )
        assert sum(isinstance(answer, Sale) for answer in answers) == 1, answers
        refused = [answer for answer in answers if not isinstance(answer, Sale)]
        assert all(isinstance(answer, BillNotPayable | BillChanged) for answer in refused), refused
    assert Receipt.objects.count() == 4
    assert check_books(now=LATER) == []


def test_online_and_at_the_desk_at_once_settle_a_bill_once(
    session: DeskSession, company: Company, together: Callable[..., list[Any]]
) -> None:
    for seed in range(4):
        bill = add_bill(company, seed=seed)
        answers = together(
            *[lambda bill=bill: cash(session, bill)] * 3,
            *[lambda bill=bill, seed=seed, n=n: start(company, bill, key=f"{seed} {n}") for n in range(3)],
        )
        taken = [answer for answer in answers if isinstance(answer, Sale | Payment)]
        assert len(taken) == 1, answers
        others = [answer for answer in answers if not isinstance(answer, Sale | Payment)]
        assert all(isinstance(answer, BillNotPayable | BillChanged) for answer in others), others
    assert check_books(now=NOON) == []


def test_a_payment_online_stands_in_the_way_unless_there_is_a_reason(
    outside: Outside, session: DeskSession, company: Company, bill: Bill
) -> None:
    payment = start(company, bill)
    with pytest.raises(BillNotPayable) as refusal:
        cash(session, bill)
    assert refusal.value.details["payment_id"] == payment.id
    sale = cash(session, bill, in_spite_of="the customer has closed the page")
    assert sale.in_spite_of
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=2))
    bill.refresh_from_db()
    assert bill.settled_centimes == DUE
    assert check_books(now=LATER) == []


def test_nobody_takes_money_into_another_cashiers_session(at: At, session: DeskSession, bill: Bill) -> None:
    for staff in (at.reda, at.houria, at.samir):
        with pytest.raises(NotAllowed):
            take_cash(
                session_id=session.id,
                seen=[seen_now(bill)],
                start_key="key",
                tendered=Money(2_000_00),
                language="fr",
                in_spite_of="",
                staff=staff,
                now=NOON,
            )


def test_nothing_is_taken_into_a_closed_session(session: DeskSession, bill: Bill) -> None:
    close(session)
    with pytest.raises(SessionNotOpen):
        cash(session, bill)
    assert not Sale.objects.exists()


def close(session: DeskSession, *, more: int = 0, because: str = "") -> Any:  # noqa: ANN401 - a ZReport or a refusal
    counted = dict(FLOAT) | {500_00: 0, 10_00: FLOAT[10_00] + more // 10_00}
    return close_session(
        session_id=session.id,
        counted=counted,
        because=because,
        staff=session.cashier,
        now=LATER,
        handing_over=False,
    )


def test_taking_and_closing_at_once_leave_nothing_outside_the_z(
    session: DeskSession, company: Company, together: Callable[..., list[Any]]
) -> None:
    bills = [add_bill(company, seed=seed, due_centimes=1_000_00) for seed in range(6)]
    answers = together(
        *[lambda bill=bill: cash(session, bill) for bill in bills],
        *[lambda: close(session, because="counted while people paid")] * 2,
    )
    surprises = [one for one in answers if isinstance(one, Exception) and not isinstance(one, SessionNotOpen)]
    assert surprises == []
    z = answers[-1]
    said = report_of(z)
    taken = Sale.objects.filter(state="settled")
    assert sorted(said.sales) == sorted(taken.values_list("id", flat=True))
    assert said.expected_cash_centimes == FLOAT_CENTIMES + 1_010_00 * taken.count()
    assert check_books(now=LATER) == []


def test_a_z_says_what_each_way_took_and_what_the_drawer_should_hold(session: DeskSession, company: Company) -> None:
    cash(session, add_bill(company, seed=1, due_centimes=1_000_00))
    cash(session, add_bill(company, seed=2, due_centimes=250_00))
    cheque(session, add_bill(company, seed=3))
    x = x_report(session_id=session.id, staff=session.cashier, now=LATER)
    said = report_of(close(session, more=1_260_00))
    assert x.ways == said.ways
    assert [(way.way, way.count, way.amount_centimes, way.stamp_duty_centimes) for way in said.ways] == [
        ("cash", 2, 1_250_00, 10_00),
        ("cheque", 1, DUE, 0),
    ]
    assert (said.expected_cash_centimes, said.cash_difference_centimes) == (FLOAT_CENTIMES + 1_260_00, 0)
    assert check_books(now=LATER) == []
