"""Numbering and storing receipts, in the transaction that posts the payment."""

from datetime import datetime

from bawabati.receipts.models import Receipt, ReceiptSeries
from bawabati.receipts.rules import Facts


def take_number(*, company_id: int, year: int, kind: str) -> tuple[ReceiptSeries, int]:
    """The next number of a series, locked until the transaction ends: rolled back, the number is free again.

    The last lock of the house's order. Rule: receipt-numbers (behaviour.md 2)
    """
    series = _lock_series(company_id=company_id, year=year, kind=kind)
    if series is None:
        ReceiptSeries.objects.get_or_create(company_id=company_id, year=year, kind=kind)
        series = _lock_series(company_id=company_id, year=year, kind=kind)
    assert series is not None  # noqa: S101 - made on the line above
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series, series.last_number


def write_receipt(
    *, company_id: int, payment_id: int, series: ReceiptSeries, number: int, facts: Facts, now: datetime
) -> Receipt:
    """Stores the receipt. The database refuses a second one for the same payment, and a number used before."""
    return Receipt.objects.create(
        company_id=company_id,
        payment_id=payment_id,
        series=series,
        number=number,
        facts=facts.to_json(),
        issued_at=now,
    )


def _lock_series(*, company_id: int, year: int, kind: str) -> ReceiptSeries | None:
    return ReceiptSeries.objects.select_for_update().filter(company_id=company_id, year=year, kind=kind).first()
