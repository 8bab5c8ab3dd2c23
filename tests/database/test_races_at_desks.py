"""What may happen at the same moment around a desk, sixteen at a time, on connections of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agency import add_agency, cash, open_desk
from bawabati.bills.models import Bill
from bawabati.bills.rules import BillNotPayable
from bawabati.companies.models import Company
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.check_books import check_books
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.resolve_sale import confirm_resolution
from bawabati.flows.steps.open_sale import ReaderBusy
from bawabati.flows.take_order import take_order
from bawabati.flows.take_result import take_result
from bawabati.flows.type_approval import type_approval
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, ReaderOrder, Sale, SaleHappening
from bawabati.payments.rules.sales import Outcome, ReaderSaid, SaleState
from bawabati.receipts.models import Receipt
from desks import Counter, add_counter, answer_to, fetch, happened_to, order_of, report, take
from outside import Outside
from paying import start
from people import NOON, add_bill

pytestmark = pytest.mark.usefixtures("database")

Together = Callable[..., list[Any]]
AT_ONCE = 16


@pytest.fixture
def counter(company: Company) -> Counter:
    return add_counter(company)


@pytest.fixture(autouse=True)
def the_books_agree_after_it(company: Company) -> Iterator[None]:  # noqa: ARG001 - it is open
    yield
    assert check_books(now=NOON) == []
    assert Receipt.objects.count() == Payment.objects.filter(state="paid").count()


def test_two_desks_want_the_same_bill(counter: Counter, company: Company, bill: Bill, together: Together) -> None:
    other = add_counter(company, code="AG08", who="mourad@oran.example")
    ends = together(*[lambda desk=desk: take(desk, bill) for desk in (counter, other) * (AT_ONCE // 2)])
    assert sum(isinstance(end, Sale) for end in ends) == 1
    assert all(isinstance(end, Sale | BillNotPayable | ReaderBusy) for end in ends)
    assert Hold.objects.count() == 1


def test_one_desk_wants_many_bills_and_some_twice(counter: Counter, company: Company, together: Together) -> None:
    bills = [add_bill(company, seed=seed) for seed in range(2, 2 + AT_ONCE // 2)]
    ends = together(*[lambda bill=bill: take(counter, bill, key=f"k{bill.id}") for bill in bills * 2])
    assert len({end.id for end in ends if isinstance(end, Sale)}) == 1
    assert all(isinstance(end, Sale | ReaderBusy) for end in ends)


def test_the_same_bill_online_and_at_the_desk(
    counter: Counter, outside: Outside, company: Company, bill: Bill, together: Together
) -> None:
    assert outside
    calls = [lambda n=n: start(company, bill, key=f"k{n}") if n % 2 else take(counter, bill) for n in range(AT_ONCE)]
    ends = together(*calls)
    assert sum(isinstance(end, Sale | Payment) for end in ends) == 1
    assert Hold.objects.count() == 1


def test_one_reader_and_many_bills(counter: Counter, company: Company, together: Together) -> None:
    bills = [add_bill(company, seed=seed) for seed in range(10, 10 + AT_ONCE)]
    ends = together(*[lambda one=one: take(counter, one) for one in bills])
    assert sum(isinstance(end, Sale) for end in ends) == 1
    assert ReaderOrder.objects.filter(kind="pay").count() == 1


def test_one_form_sent_many_times(counter: Counter, bill: Bill, together: Together) -> None:
    ends = together(*[lambda: take(counter, bill, key="the form")] * AT_ONCE)
    assert {end.id for end in ends if isinstance(end, Sale)} == {Sale.objects.get().id}


def test_one_form_sent_at_once_for_different_bills_takes_the_cash_once(company: Company, together: Together) -> None:
    session = open_desk(add_agency(company))
    bills = [add_bill(company, seed=seed) for seed in range(10, 10 + AT_ONCE)]
    ends = together(*[lambda one=one: cash(session, one, key="the form") for one in bills])
    assert [end for end in ends if not isinstance(end, Sale)] == []
    assert {end.id for end in ends} == {Sale.objects.get().id}


def test_the_cashier_cancels_while_the_bridge_fetches(counter: Counter, bill: Bill, together: Together) -> None:
    sale = take(counter, bill)
    order = order_of(sale)

    def fetching() -> bool:
        return take_order(bridge_id=counter.bridge.id, order_id=order.id, now=NOON)

    def cancelling() -> None:
        cancel_sale(sale_id=sale.id, staff=counter.cashier, now=NOON)

    ends = together(*[fetching, cancelling] * (AT_ONCE // 2))
    state = Sale.objects.get(id=sale.id).state
    went = {end for end in ends if isinstance(end, bool)}
    assert (state, went) in [(SaleState.SENT, {True}), (SaleState.CANCELLED, {False})]


def test_a_result_arrives_many_times_beside_the_sweep(counter: Counter, bill: Bill, together: Together) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    order = order_of(sale)
    said = ReaderSaid(outcome=Outcome.APPROVED, **answer_to(sale))

    def reporting() -> None:
        take_result(bridge_id=counter.bridge.id, order_id=order.id, said=said, extra={}, now=NOON)

    def sweeping() -> None:
        go_on_with_sale(sale_id=sale.id, now=NOON)

    together(*[reporting, sweeping] * (AT_ONCE // 2))
    assert Sale.objects.get(id=sale.id).state == SaleState.SETTLED
    assert Receipt.objects.count() == 1
    events = SaleHappening.objects.filter(sale=sale).order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["opened", "sent", "approved", "settled"]


def test_contrary_answers_at_once_end_it_once(counter: Counter, bill: Bill, together: Together) -> None:
    sale = take(counter, bill)
    fetch(counter, sale)
    report(counter, sale, Outcome.UNKNOWN)
    order = order_of(sale, "ask")
    facts = answer_to(sale)
    outcomes = [Outcome.APPROVED, Outcome.IN_PROGRESS] * (AT_ONCE // 2)

    def reporting(outcome: Outcome) -> None:
        said = ReaderSaid(outcome=outcome, **facts)
        take_result(bridge_id=counter.bridge.id, order_id=order.id, said=said, extra={}, now=NOON)

    together(*[lambda outcome=outcome: reporting(outcome) for outcome in outcomes])
    assert Sale.objects.get(id=sale.id).state in {SaleState.SETTLED, SaleState.UNKNOWN}
    assert Payment.objects.count() <= 1


def test_the_same_slip_typed_many_times(company: Company, bill: Bill, together: Together) -> None:
    desk = add_counter(company, protocol="manual", code="AG08", who="mourad@oran.example")
    sale = take(desk, bill)

    def typing() -> Sale:
        return type_approval(
            sale_id=sale.id,
            approval_code="481234",
            last_four="1234",
            slip_number="7",
            slip_on=NOON.date(),
            staff=desk.cashier,
            now=NOON,
        )

    ends = together(*[typing] * AT_ONCE)
    assert sum(isinstance(end, Sale) for end in ends) == 1
    assert Receipt.objects.count() == 1


def test_two_people_confirm_at_once(company: Company, together: Together) -> None:
    desk = add_counter(company, protocol="manual", code="AG08", who="mourad@oran.example")
    sale = take(desk, add_bill(company, seed=30, due_centimes=50_000_00))
    type_approval(
        sale_id=sale.id,
        approval_code="481234",
        last_four="1234",
        slip_number="7",
        slip_on=NOON.date(),
        staff=desk.cashier,
        now=NOON,
    )
    ends = together(
        *[lambda: confirm_resolution(sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=desk.head, now=NOON)]
        * AT_ONCE
    )
    assert sum(isinstance(end, Sale) for end in ends) == 1
    assert Payment.objects.get(sale=sale).amount_centimes == Money(50_000_00).centimes
