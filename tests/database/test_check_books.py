"""Each check of the books finds the one difference that is planted behind everybody's back, and says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import NAMED_AT_MOST, Difference, check_books, check_what_ended, check_what_waits
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.recover_payment import recover_payment
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.steps.book_checks import BOOK_CHECKS
from bawabati.flows.steps.book_checks.of_agreements import OF_AGREEMENTS
from bawabati.flows.steps.book_checks.of_channels import OF_CHANNELS
from bawabati.flows.steps.book_checks.of_desks import OF_DESKS
from bawabati.flows.steps.book_checks.of_events import OF_EVENTS
from bawabati.flows.steps.book_checks.of_figures import OF_FIGURES
from bawabati.flows.steps.book_checks.of_reports import OF_CLOSINGS, OF_PAYMENT_FILES
from bawabati.flows.steps.book_checks.of_settlement import OF_SETTLEMENT
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, PaymentLine, RefundPart
from bawabati.payments.rules import RefundReason, RefundState
from bawabati.people.writes import system_account
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import ended_with_money, start
from people import AMINAS_CARD, NADIA, NOON, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(days=2, hours=12)
MINUTE = timedelta(minutes=1)
NOW = LATER + 5 * MINUTE

Planted = Callable[[str], None]


@pytest.fixture
def names(outside: Outside, company: Company) -> dict[str, int]:
    """Something of everything: a payment, one with a surplus, an open one, one that ended and what was recovered."""

    def paid(seed: int, **how: str) -> Payment:
        payment = start(company, add_bill(company, seed=seed), key=str(seed), now=LATER, **how)
        assert payment.gateway_reference is not None
        outside.pay(payment.gateway_reference, AMINAS_CARD)
        return payment

    first = paid(1, email="amina@example.com")
    confirm_payment(payment_id=first.id, now=LATER + MINUTE)
    surplus = paid(2)
    Bill.objects.filter(id=bill_of(surplus)).update(status="cancelled")
    confirm_payment(payment_id=surplus.id, now=LATER + MINUTE)
    ended = ended_with_money(outside, company, add_bill(company, seed=3), key="3")
    recovered = recover_payment(payment_id=ended.id, now=LATER + MINUTE)
    assert recovered is not None
    waiting = start(company, add_bill(company, seed=4), key="4", now=LATER)
    given_back = paid(5)
    confirm_payment(payment_id=given_back.id, now=LATER + MINUTE)
    refund = ask_refund(
        payment_id=given_back.id,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=Money(430_50),
        because="a mistake",
        login=SALIMA,
        now=LATER + MINUTE,
    )
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER + MINUTE)
    assert refund_payment(refund_id=refund.id, now=LATER + MINUTE) is RefundState.DONE
    asked = ask_refund(
        payment_id=surplus.id,
        reason=RefundReason.CREDIT,
        amount=Money(500_00),
        because="the payer wants it",
        login=SALIMA,
        now=LATER + MINUTE,
    )
    next_bill = add_bill(company, seed=6)
    customer_id = Bill.objects.get(id=bill_of(surplus)).customer_id
    Bill.objects.filter(id=next_bill.id).update(customer_id=customer_id)
    used = apply_credit(
        company=company,
        payment_number=next_bill.payment_number,
        amount=Money(100_00),
        because="the next bill",
        key="next",
        login=SALIMA,
        now=LATER + MINUTE,
    )
    known = {
        "first": first.id,
        "surplus": surplus.id,
        "ended": ended.id,
        "recovered": recovered.id,
        "waiting": waiting.id,
        "given_back": given_back.id,
        "given_back_line": PaymentLine.objects.get(payment=given_back).id,
        "refund": refund.id,
        "part": RefundPart.objects.get().id,
        "asked": asked.id,
        "used": used.id,
        "credited_bill": next_bill.id,
        "bill": bill_of(first),
        "line": PaymentLine.objects.get(payment=first).id,
        "receipt": Receipt.objects.get(payment=first).id,
        "system": system_account(now=LATER).id,
    }
    assert named(check_books(now=NOW)) == set()
    assert check_what_ended(since=LATER, now=NOW) == []
    return known


def bill_of(payment: Payment) -> int:
    return PaymentLine.objects.get(payment=payment).bill_id


@pytest.fixture
def plant(behind_the_scenes: psycopg.Connection[Any], names: dict[str, int]) -> Planted:
    """Runs a statement that nobody may run, past every trigger. `{first}` and its like are identifiers."""

    def change(statement: str) -> None:
        with behind_the_scenes.transaction():
            behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
            changed = behind_the_scenes.execute(statement.format(**names).encode())
            assert changed.rowcount > 0, "nothing was planted"

    return change


def named(differences: list[Difference]) -> set[str]:
    return {difference.check for difference in differences}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A change that nobody may make, the check that has to name it, and the others that see it too."""

    check: str
    sql: str
    at: str = ""
    also: tuple[str, ...] = ()


PLANTS = (
    Plant(
        check="amount_is_not_the_sum_of_its_lines",
        sql="DELETE FROM payments_paymentline WHERE id = {line}",
        at="payment:{first}",
        also=(
            "bill_settled_by_other_than_its_payments",
            "posted_without_payment",
        ),
    ),
    Plant(
        check="line_not_accounted",
        sql="UPDATE payments_paymentline SET settled_centimes = NULL, surplus_centimes = NULL WHERE id = {line}",
        at="payment_line:{line}",
        also=(
            "bill_settled_by_other_than_its_payments",
            "books_differ_from_payments",
            "posted_without_payment",
        ),
    ),
    Plant(
        check="surplus_without_case",
        sql="DELETE FROM cases_case WHERE kind = 'surplus'",
        at="payment:{surplus}",
    ),
    Plant(
        check="recovered_otherwise_than_ended",
        sql="UPDATE payments_payment SET order_number = 'ZZZZZZZZZZ' WHERE id = {ended}",
        at="payment:{recovered}",
    ),
    Plant(
        check="recovered_without_case",
        sql="DELETE FROM cases_case WHERE kind = 'paid_after_end'",
        at="payment:{recovered}",
    ),
    Plant(
        check="state_without_its_event",
        sql="UPDATE payments_payment SET event_count = event_count + 1 WHERE id = {waiting}",
        at="payment:{waiting}",
    ),
    Plant(
        check="state_without_its_event",
        sql="UPDATE payments_payment SET state = 'in_doubt' WHERE id = {waiting}",
        at="payment:{waiting}",
    ),
    Plant(
        check="events_are_no_path",
        sql="DELETE FROM payments_paymentevent WHERE payment_id = {first} AND sequence = 2",
        at="payment:{first}",
    ),
    Plant(
        check="events_are_no_path",
        sql="UPDATE payments_paymentevent SET from_state = 'watched' WHERE payment_id = {first} AND sequence = 3",
        at="payment:{first}",
    ),
    Plant(
        check="state_without_its_event",
        sql="UPDATE payments_paymentevent SET evidence = evidence || '{{\"amount_centimes\": 1}}' "
        "WHERE payment_id = {first} AND event = 'confirmed'",
        at="payment:{first}",
    ),
    Plant(
        check="state_without_its_event",
        sql="UPDATE payments_paymentevent SET evidence = evidence - 'currency' "
        "WHERE payment_id = {recovered} AND event = 'recovered'",
        at="payment:{recovered}",
    ),
    Plant(
        check="state_without_its_event",
        sql="UPDATE payments_paymentevent SET event = 'confirmed' "
        "WHERE payment_id = {recovered} AND event = 'recovered'",
        at="payment:{recovered}",
    ),
    Plant(
        check="state_without_its_event",
        sql="UPDATE payments_paymentevent SET evidence = '{{}}' "
        "WHERE payment_id = {ended} AND event = 'declined_for_good'",
        at="payment:{ended}",
    ),
    Plant(
        check="paid_without_receipt",
        sql="DELETE FROM receipts_receipt WHERE id = {receipt}",
        at="payment:{first}",
        also=("receipt_numbers_have_a_gap",),
    ),
    Plant(
        check="receipt_without_money",
        sql="UPDATE receipts_receipt SET payment_id = {waiting} WHERE id = {receipt}",
        at="receipt:{receipt}",
        also=("paid_without_receipt", "receipt_says_something_else"),
    ),
    Plant(
        check="receipt_says_something_else",
        sql="UPDATE receipts_receipt SET facts = facts || '{{\"amount_centimes\": 1}}' WHERE id = {receipt}",
        at="receipt:{receipt}",
    ),
    Plant(
        check="receipt_says_something_else",
        sql='UPDATE receipts_receipt SET facts = facts || \'{{"transaction_id": "x"}}\' WHERE id = {receipt}',
        at="receipt:{receipt}",
    ),
    Plant(
        check="receipt_says_something_else",
        sql='UPDATE receipts_receipt SET facts = facts || \'{{"number": "2026-W-0000099"}}\' WHERE id = {receipt}',
        at="receipt:{receipt}",
    ),
    Plant(
        check="receipt_lines_say_something_else",
        sql="UPDATE receipts_receipt SET facts = jsonb_set(facts, '{{lines,0,surplus_centimes}}', '1') "
        "WHERE id = {receipt}",
        at="receipt:{receipt}",
    ),
    Plant(
        check="receipt_lines_say_something_else",
        sql="UPDATE receipts_receipt SET facts = jsonb_set(facts, '{{lines}}', '[]') WHERE id = {receipt}",
        at="receipt:{receipt}",
    ),
    Plant(
        check="receipt_numbers_have_a_gap",
        sql="UPDATE receipts_receiptseries SET last_number = last_number + 1",
    ),
    Plant(
        check="receipt_numbers_have_a_gap",
        sql="UPDATE receipts_receipt SET number = 99 WHERE id = {receipt}",
        also=("receipt_says_something_else",),
    ),
    Plant(
        check="receipt_in_another_year",
        sql="UPDATE receipts_receipt SET issued_at = issued_at - interval '1 year' WHERE id = {receipt}",
        at="receipt:{receipt}",
    ),
    Plant(check="payer_not_told", sql="DELETE FROM notices_notice", at="receipt:{receipt}"),
    Plant(
        check="books_differ_from_payments",
        sql="UPDATE ledger_transfer SET amount_centimes = amount_centimes + 1 WHERE reference = 'payment_line:{line}'",
        at="payment_line:{line}",
        also=("cards_account_differs_from_captured", "customers_account_differs_from_bills"),
    ),
    Plant(
        check="books_differ_from_payments",
        sql="UPDATE ledger_transfer SET accounted_on = accounted_on - 1 WHERE reference = 'payment_line:{line}'",
        at="payment_line:{line}",
    ),
    Plant(
        check="posted_without_payment",
        sql="UPDATE ledger_transfer SET reference = 'payment_line:0' WHERE reference = 'payment_line:{line}'",
        at="payment_line:0",
        also=("books_differ_from_payments",),
    ),
    Plant(
        check="posted_to_another_account",
        sql="UPDATE ledger_transfer SET credit_id = (SELECT id FROM ledger_account WHERE code = '419') "
        "WHERE reference = 'payment_line:{line}'",
        also=("customers_account_differs_from_bills",),
    ),
    Plant(
        check="posted_to_another_account",
        sql="UPDATE ledger_account SET holder = '' WHERE code = '419'",
    ),
    Plant(
        check="posted_to_another_account",
        sql="UPDATE ledger_transfer SET reason = 'gift' WHERE reason = 'surplus'",
        also=("books_differ_from_payments",),
    ),
    Plant(
        check="cards_account_differs_from_captured",
        sql="UPDATE ledger_account SET code = '512' WHERE code = '511'",
        at="account:511",
        also=("posted_to_another_account",),
    ),
    Plant(
        check="customers_account_differs_from_bills",
        sql="UPDATE bills_bill SET settled_centimes = settled_centimes - 1 WHERE id = {bill}",
        at="account:411",
        also=("bill_settled_by_other_than_its_payments",),
    ),
    Plant(
        check="bill_settled_by_other_than_its_payments",
        sql="UPDATE bills_bill SET settled_centimes = 0 WHERE id = {bill}",
        at="bill:{bill}",
        also=("customers_account_differs_from_bills",),
    ),
    Plant(
        check="credit_below_zero",
        sql="INSERT INTO ledger_transfer "
        "(company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at) "
        "SELECT company_id, credit_id, debit_id, amount_centimes + 1, 'gift', 'x', accounted_on, at "
        "FROM ledger_transfer WHERE reason = 'surplus'",
        at="account:419 C000002",
        also=("cards_account_differs_from_captured", "posted_to_another_account"),
    ),
    Plant(
        check="hold_without_open_attempt",
        sql="UPDATE payments_hold SET payment_id = {first} WHERE payment_id = {waiting}",
        also=("open_attempt_without_hold",),
    ),
    Plant(
        check="hold_without_open_attempt",
        sql="UPDATE payments_hold SET bill_id = {bill} WHERE payment_id = {waiting}",
        at="bill:{bill}",
        also=("open_attempt_without_hold",),
    ),
    Plant(check="open_attempt_without_hold", sql="DELETE FROM payments_hold", at="payment:{waiting}"),
    Plant(
        check="refunded_more_than_captured",
        sql="UPDATE payments_refund SET payment_id = {waiting} WHERE id = {asked}",
        at="payment:{waiting}",
    ),
    Plant(
        check="refunded_more_than_captured",
        sql="UPDATE payments_refund SET amount_centimes = 143051 WHERE id = {refund}",
        at="payment:{given_back}",
        also=("cards_account_differs_from_captured", "refund_differs_from_books", "refund_not_told_once"),
    ),
    Plant(
        check="refund_differs_from_books",
        sql="UPDATE payments_refund SET amount_centimes = amount_centimes + 1 WHERE id = {refund}",
        at="refund:{refund}",
        also=("cards_account_differs_from_captured", "refund_not_told_once"),
    ),
    Plant(
        check="refund_differs_from_books",
        sql="DELETE FROM ledger_transfer WHERE reason = 'refund_set_aside'",
        at="refund:{asked}",
        also=("refunds_due_differ_from_open_refunds",),
    ),
    Plant(
        check="posted_without_refund",
        sql="UPDATE ledger_transfer SET reference = 'refund_part:0' WHERE reference = 'refund_part:{part}'",
        at="refund_part:0",
        also=("bill_settled_by_other_than_its_payments", "refund_differs_from_books"),
    ),
    Plant(
        check="refund_parts_above_their_line",
        sql="UPDATE payments_refundpart SET amount_centimes = 143051 WHERE id = {part}",
        at="payment_line:{given_back_line}",
    ),
    Plant(
        check="refund_state_without_its_event",
        sql="UPDATE payments_refund SET event_count = event_count + 1 WHERE id = {refund}",
        at="refund:{refund}",
    ),
    Plant(
        check="refund_events_are_no_path",
        sql="DELETE FROM payments_refundevent WHERE refund_id = {refund} AND sequence = 2",
        at="refund:{refund}",
    ),
    Plant(
        check="refund_by_one_person",
        sql="UPDATE payments_refundevent SET by_id = (SELECT requested_by_id FROM payments_refund WHERE id = {refund}) "
        "WHERE refund_id = {refund} AND event = 'approved'",
        at="refund:{refund}",
    ),
    Plant(
        check="credit_use_differs_from_books",
        sql="UPDATE payments_credituse SET amount_centimes = amount_centimes + 1 WHERE id = {used}",
        at="credit_use:{used}",
        also=("bill_settled_by_other_than_its_payments",),
    ),
    Plant(
        check="refunds_due_differ_from_open_refunds",
        sql="UPDATE ledger_transfer SET amount_centimes = amount_centimes - 1 WHERE reason = 'refund_set_aside'",
        at="account:467",
        also=("refund_differs_from_books",),
    ),
    Plant(
        check="refund_waits_too_long",
        sql="UPDATE payments_refund SET state = 'approved', next_step_at = '2026-11-22', decided_by_id = {system} "
        "WHERE id = {asked}",
        at="refund:{asked}",
        also=("refund_state_without_its_event",),
    ),
    Plant(check="refund_without_owner", sql="DELETE FROM cases_case WHERE kind = 'refund'", at="refund:{asked}"),
    Plant(
        check="not_asked_in_time",
        sql="UPDATE payments_payment SET next_ask_at = next_ask_at - interval '1 day' WHERE id = {waiting}",
        at="payment:{waiting}",
    ),
    Plant(
        check="in_doubt_too_long",
        sql="UPDATE payments_payment SET state = 'in_doubt', page_ends_at = opened_at - interval '1 hour' "
        "WHERE id = {waiting}",
        at="payment:{waiting}",
        also=("state_without_its_event",),
    ),
    Plant(
        check="message_not_delivered",
        sql="UPDATE notices_notice SET state = 'given_up', next_try_at = NULL",
    ),
    Plant(
        check="message_waits_too_long",
        sql="UPDATE notices_notice SET created_at = created_at - interval '50 hours'",
    ),
    Plant(
        check="case_without_owner",
        sql="UPDATE people_staff SET is_active = false WHERE id = (SELECT owner_id FROM cases_case LIMIT 1)",
    ),
    Plant(check="case_without_owner", sql="UPDATE cases_case SET owner_id = {system}"),
    Plant(check="case_past_its_promise", sql="UPDATE cases_case SET promised_on = '2026-01-01'"),
    Plant(check="job_waits_too_long", sql="UPDATE procrastinate_events SET at = now() - interval '2 hours'"),
    Plant(
        check="job_failed",
        sql="WITH failed AS (UPDATE procrastinate_jobs SET status = 'failed' RETURNING id) "
        "INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'failed', now() FROM failed",
    ),
)


CHECKS = {check.name: check for check in BOOK_CHECKS}
FIGURES = {check.name for check in OF_FIGURES}
"""Planted in test_check_books_of_figures.py. They see most of what is planted here: money that differs."""
OF_WHAT_IS_OLD_OR_OPEN = {"payment:{waiting}", "payment:{ended}"}


@pytest.mark.parametrize("one", [pytest.param(one, id=f"{one.check}-{place}") for place, one in enumerate(PLANTS)])
def test_what_is_planted_is_named(one: Plant, plant: Planted, names: dict[str, int]) -> None:
    plant(one.sql)
    found = check_books(now=NOW)
    assert named(found) - FIGURES == {one.check, *one.also}
    if one.at:
        assert one.at.format(**names) in {difference.reference for difference in found if difference.check == one.check}
    if CHECKS[one.check].invariant == "I10":
        assert named(check_what_waits(now=NOW)) == {one.check}
    if CHECKS[one.check].each_minute and one.at not in OF_WHAT_IS_OLD_OR_OPEN:
        assert one.check in named(check_what_ended(since=LATER, now=NOW)), "named within the minute"
        assert check_what_ended(since=NOW, now=NOW) == [], "older ones are left to the night"


def test_every_check_has_a_difference_that_it_finds() -> None:
    of_desks = {check.name for check in OF_DESKS}  # planted in test_check_books_of_desks.py
    of_reports = {check.name for check in (*OF_CLOSINGS, *OF_PAYMENT_FILES)}  # test_closed_days, test_payment_files
    of_settlement = {check.name for check in OF_SETTLEMENT}  # test_check_books_of_settlement
    of_agreements = {check.name for check in OF_AGREEMENTS}  # test_books_of_instalments
    of_channels = {check.name for check in OF_CHANNELS} | {"reservation_left_behind"}  # test_check_books_of_channels
    of_events = {check.name for check in OF_EVENTS}  # test_check_books_of_events
    elsewhere = of_desks | of_reports | of_settlement | of_agreements | of_channels | of_events | FIGURES
    assert {check.name for check in BOOK_CHECKS} - elsewhere == {one.check for one in PLANTS}


def test_a_hold_that_a_person_released_is_no_difference(plant: Planted) -> None:
    plant("DELETE FROM payments_hold")
    plant(
        "INSERT INTO payments_paymentevent "
        "(company_id, payment_id, sequence, event, from_state, to_state, evidence, at) "
        "SELECT company_id, id, event_count + 1, 'hold_released', state, state, '{{}}', opened_at "
        "FROM payments_payment WHERE id = {waiting}"
    )
    plant("UPDATE payments_payment SET event_count = event_count + 1 WHERE id = {waiting}")
    assert named(check_books(now=NOW)) == set()


def test_many_differences_are_counted_and_a_thousand_of_them_named(plant: Planted) -> None:
    plant(
        "INSERT INTO notices_notice "
        "(company_id, kind, means, reference, language, state, tries, parts, last_reason, created_at) "
        "SELECT id, 'receipt', 'email', n::text, 'ar', 'given_up', 1, 0, '', '2026-11-24T12:00Z' "
        "FROM companies_company, generate_series(1, 2500) n"
    )
    found = check_books(now=NOW)
    assert len(found) == NAMED_AT_MOST + 1
    assert found[-1].finding == "2500 differences in all"


def test_the_command_names_each_difference_and_fails(plant: Planted, names: dict[str, int]) -> None:
    plant("DELETE FROM receipts_receipt WHERE id = {receipt}")
    out = StringIO()
    with pytest.raises(CommandError, match="differences"):
        call_command("check_books", "--times", stdout=out)
    assert f"I3 paid_without_receipt: company {Company.objects.get().id}, payment:{names['first']}:" in out.getvalue()
    assert "s  paid_without_receipt" in out.getvalue()
