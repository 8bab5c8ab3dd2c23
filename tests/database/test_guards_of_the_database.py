"""What the database itself refuses, whatever the code above it believes."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from bawabati.bills.models import Bill, BillVersion
from bawabati.companies.models import Agency, Company, CompanyText, GatewayAccount, Reader
from bawabati.ledger.models import Account, Transfer
from bawabati.payments.models import Hold, Payment, PaymentEvent, PaymentLine
from bawabati.receipts.models import Receipt, ReceiptSeries
from people import NOON, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")


def attempt(company: Company, number: str = "A1B2C3D4E5", **changes: object) -> Payment:
    texts = CompanyText.objects.filter(company=company)
    columns: dict[str, object] = {
        "company": company,
        "gateway_account": GatewayAccount.objects.get(company=company),
        "order_number": number,
        "start_key": f"key of {number}",
        "amount_centimes": 1_430_50,
        "language": "ar",
        "payment_terms": texts.get(kind="payment_terms", language="ar"),
        "sale_terms": texts.get(kind="sale_terms", language="ar"),
        "opened_at": NOON,
        "page_life_seconds": 720,
        "page_ends_at": NOON + timedelta(minutes=12),
        "next_ask_at": NOON,
    }
    return Payment.objects.create(**(columns | changes))


def refused(change: Callable[[], object], because: str) -> None:
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        change()


def test_the_application_owns_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_the_application_cannot_empty_a_table_or_change_its_shape() -> None:
    for statement in ("TRUNCATE ledger_transfer", "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL"):
        with connection.cursor() as cursor:
            refused(
                lambda cursor=cursor, statement=statement: cursor.execute(statement), "permission denied|must be owner"
            )


def test_a_row_cannot_point_into_another_company() -> None:
    oran, tafna = add_company("oran"), add_company("tafna")
    agency = Agency.objects.create(company=oran, code="centre", name_ar="وسط", name_fr="Centre")
    bill = add_bill(oran)
    payment = attempt(oran)
    for change in (
        lambda: Reader.objects.create(company=tafna, agency=agency, serial="1"),
        lambda: Hold.objects.create(company=tafna, bill=bill, payment=payment, held_at=NOON),
        lambda: PaymentLine.objects.create(
            company=tafna, payment=payment, bill=bill, bill_version=1, amount_centimes=1
        ),
        lambda: attempt(tafna, "ZZZZZZZZZZ", gateway_account=GatewayAccount.objects.get(company=oran)),
        lambda: Bill.objects.filter(id=bill.id).update(company=tafna),
    ):
        refused(change, "same_company|company_key")


def test_a_second_open_attempt_on_a_bill_is_impossible() -> None:
    company = add_company()
    bill = add_bill(company)
    Hold.objects.create(company=company, bill=bill, payment=attempt(company), held_at=NOON)
    another = attempt(company, "ZZZZZZZZZZ")
    refused(lambda: Hold.objects.create(company=company, bill=bill, payment=another, held_at=NOON), "bill_id")


def test_a_bill_is_never_settled_above_what_is_due() -> None:
    bill = add_bill(add_company(), due_centimes=100_00)
    refused(lambda: Bill.objects.filter(id=bill.id).update(settled_centimes=100_01), "bill_settled_within_due")


def test_an_order_number_is_never_used_again() -> None:
    company = add_company()
    attempt(company)
    refused(lambda: attempt(company, start_key="another"), "payment_order_number_once")


def test_an_attempt_moves_only_along_the_table() -> None:
    payment = attempt(add_company())
    for state in ("paid", "in_doubt", "declined", "expired"):
        refused(
            lambda state=state: Payment.objects.filter(id=payment.id).update(
                state=state,
                next_ask_at=None if state != "in_doubt" else NOON,
                confirmed_at=NOON,
                accounted_on=NOON.date(),
                gateway_reference="x" * 20,
            ),
            "does not go from opened",
        )
    refused(lambda: attempt(payment.company, "ZZZZZZZZZZ", state="at_gateway"), "starts as opened")


def test_paid_without_its_evidence_is_refused() -> None:
    payment = attempt(add_company())
    row = Payment.objects.filter(id=payment.id)
    row.update(state="at_gateway")
    refused(lambda: row.update(state="paid", next_ask_at=None), "payment_paid_has_evidence")


def test_what_is_not_final_has_a_time_to_be_asked_and_what_is_final_has_none() -> None:
    row = Payment.objects.filter(id=attempt(add_company()).id)
    refused(lambda: row.update(next_ask_at=None), "payment_asked_until_final")
    refused(lambda: row.update(state="failed"), "payment_asked_until_final")


def test_books_events_receipts_and_texts_refuse_change_and_removal() -> None:
    company = add_company()
    bill, payment = add_bill(company), attempt(company)
    debit, credit = (Account.objects.create(company=company, code=code) for code in ("511", "411"))
    rows = (
        Transfer.objects.create(
            company=company,
            debit=debit,
            credit=credit,
            amount_centimes=1,
            reason="capture",
            reference="x",
            accounted_on=NOON.date(),
            at=NOON,
        ),
        PaymentEvent.objects.create(
            company=company, payment=payment, sequence=1, event="opened", to_state="opened", at=NOON
        ),
        CompanyText.objects.filter(company=company).first(),
        BillVersion.objects.get(bill=bill),
    )
    for row in rows:
        assert row is not None
        same = type(row).objects.filter(pk=row.pk)
        refused(lambda same=same: same.update(company=company), "permission denied|insert-only")
        refused(lambda same=same: same._raw_delete("default"), "permission denied|insert-only")


def test_a_receipt_of_a_payment_that_is_not_paid_is_refused() -> None:
    company = add_company()
    series = ReceiptSeries.objects.create(company=company, year=2026, kind="web")
    payment = attempt(company)
    refused(
        lambda: Receipt.objects.create(
            company=company, payment=payment, series=series, number=1, facts={}, issued_at=NOON
        ),
        "a receipt means paid",
    )


def test_a_paid_payment_without_a_receipt_is_refused() -> None:
    row = Payment.objects.filter(id=attempt(add_company()).id)
    row.update(state="at_gateway")
    refused(
        lambda: row.update(
            state="paid", next_ask_at=None, confirmed_at=NOON, accounted_on=NOON.date(), gateway_reference="x" * 20
        ),
        "paid means a receipt",
    )


def test_what_has_ended_is_not_rewritten_and_no_attempt_is_removed() -> None:
    row = Payment.objects.filter(id=attempt(add_company()).id)
    row.update(state="failed", next_ask_at=None)
    refused(lambda: row.update(amount_centimes=1), "what has ended stays")
    refused(lambda: row._raw_delete("default"), "what has ended stays")


def test_a_series_of_receipts_never_goes_back() -> None:
    company = add_company()
    series = ReceiptSeries.objects.create(company=company, year=2026, kind="web", last_number=5)
    refused(lambda: ReceiptSeries.objects.filter(id=series.id).update(last_number=4), "what has ended stays")


def test_the_owner_too_is_refused_a_change_of_the_books(behind_the_scenes: psycopg.Connection[object]) -> None:
    company = add_company()
    PaymentEvent.objects.create(
        company=company, payment=attempt(company), sequence=1, event="opened", to_state="opened", at=NOON
    )
    for statement in ("UPDATE payments_paymentevent SET event = 'x'", "DELETE FROM payments_paymentevent"):
        with pytest.raises(Exception, match="insert-only"):
            behind_the_scenes.execute(statement)


def test_a_transfer_moves_something_between_two_accounts_once() -> None:
    company = add_company()
    debit, credit = (Account.objects.create(company=company, code=code) for code in ("511", "411"))

    def move(*, to: Account = credit, centimes: int = 1) -> Transfer:
        return Transfer.objects.create(
            company=company,
            debit=debit,
            credit=to,
            amount_centimes=centimes,
            reason="capture",
            reference="x",
            accounted_on=NOON.date(),
            at=NOON,
        )

    refused(lambda: move(centimes=0), "transfer_moves_something")
    refused(lambda: move(to=debit), "transfer_between_two_accounts")
    move()
    refused(move, "transfer_once")
