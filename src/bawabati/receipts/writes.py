"""Numbering and storing receipts, in the transaction that posts the payment."""

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt, ReceiptPrint
from bawabati.receipts.rules import Facts

TAKE_NUMBER = """
INSERT INTO receipts_receiptseries (company_id, year, kind, last_number) VALUES (%s, %s, %s, 1)
ON CONFLICT (company_id, year, kind) DO UPDATE SET last_number = receipts_receiptseries.last_number + 1
RETURNING id, last_number
"""
TAKE_NUMBERS = """
INSERT INTO receipts_receiptseries (company_id, year, kind, last_number) VALUES (%s, %s, %s, %s)
ON CONFLICT (company_id, year, kind)
DO UPDATE SET last_number = receipts_receiptseries.last_number + EXCLUDED.last_number
RETURNING last_number
"""
FIND_SERIES = "SELECT id FROM receipts_receiptseries WHERE company_id = %s AND year = %s AND kind = %s"
WRITE = """
WITH written AS (
    INSERT INTO receipts_receipt (company_id, payment_id, series_id, number, facts, issued_at)
    VALUES (%s, %s, %s, %s, %s, %s) RETURNING id, company_id
)
INSERT INTO receipts_receiptsignature (company_id, receipt_id, key_name, signature)
SELECT company_id, id, %s, %s FROM written RETURNING receipt_id
"""

# A receipt may not be locked: the application's role cannot even update it. Copies of one receipt wait for each other.
WAIT_FOR_OTHER_COPIES = "SELECT pg_advisory_xact_lock(hashtext('receipts_receiptprint'), hashint8(%s))"


def take_number(*, company_id: int, year: int, kind: str) -> tuple[int, int]:
    """The series and its next number, locked until the transaction ends: rolled back, the number is free again.

    The last lock of the house's order. Rule: receipt-numbers (behaviour.md 2)
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBER, [company_id, year, kind])
        series_id, number = cursor.fetchone()
    return series_id, number


def take_numbers(*, company_id: int, year: int, kind: str, count: int) -> int:
    """The last of `count` numbers that follow one another and are set aside. Rule: offline-blocks (behaviour.md 2)"""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBERS, [company_id, year, kind, count])
        (last,) = cursor.fetchone()
    return int(last)


def get_series_id(*, company_id: int, year: int, kind: str) -> int:
    """The series of numbers that were set aside before."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_SERIES, [company_id, year, kind])
        (series_id,) = cursor.fetchone()
    return int(series_id)


def write_receipt(
    *,
    company_id: int,
    payment_id: int,
    series_id: int,
    number: int,
    facts: Facts,
    key_name: str,
    signature: bytes,
    now: datetime,
) -> Receipt:
    """Stores the receipt, signed. The database refuses a second one of its payment, and a number used before."""
    written = facts.to_json()
    with connection.cursor() as cursor:
        row: list[Any] = [company_id, payment_id, series_id, number, Jsonb(written), now, key_name, signature]
        cursor.execute(WRITE, row)
        (receipt_id,) = cursor.fetchone()
    return Receipt(
        id=receipt_id,
        company_id=company_id,
        payment_id=payment_id,
        series_id=series_id,
        number=number,
        facts=written,
        issued_at=now,
    )


def write_print(*, receipt: Receipt, printed_by: Staff, now: datetime) -> ReceiptPrint:
    """Counts one more duplicate of the receipt. Not safe to repeat: each call is a copy."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT_FOR_OTHER_COPIES, [receipt.id])
    return ReceiptPrint.objects.create(
        company_id=receipt.company_id,
        receipt=receipt,
        copy_number=ReceiptPrint.objects.filter(receipt=receipt).count() + 1,
        printed_by=printed_by,
        printed_at=now,
    )
