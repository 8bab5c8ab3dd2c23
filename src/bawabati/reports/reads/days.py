"""An accounting day by its sources: our payments, our books, the agencies."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from bawabati.ledger.rules import AccountRole
from bawabati.payments.rules.ways import Way
from bawabati.reports.rules import AgencyOfDay, Sums, WayOfDay
from bawabati.workdays import begins_at

HELD_IN = {
    Way.WEB: AccountRole.CARDS_TO_COLLECT,
    Way.CARD: AccountRole.READER_CARDS_TO_COLLECT,
    Way.CASH: AccountRole.CASH,
    Way.CHEQUE: AccountRole.CHEQUES_TO_COLLECT,
    Way.CHANNEL: AccountRole.CHANNELS_TO_COLLECT,
}
PAYMENTS = """
SELECT p.way, count(*), sum(p.amount_centimes), coalesce(sum(s.stamp_duty_centimes), 0)
FROM payments_payment p LEFT JOIN payments_sale s ON s.id = p.sale_id
WHERE p.company_id = %s AND p.accounted_on = %s AND p.state = 'paid' GROUP BY p.way
"""
GIVEN_BACK = """
SELECT CASE WHEN r.past_the_gateway THEN 'bank' ELSE p.way END, count(*), sum(r.amount_centimes)
FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
WHERE r.company_id = %s AND r.state = 'done' AND r.ended_at >= %s AND r.ended_at < %s GROUP BY 1
"""
# What a line brought in stands in one transfer or two: payments are counted, not transfers.
BOOKS = """
SELECT d.code, count(DISTINCT l.payment_id),
       coalesce(sum(t.amount_centimes) FILTER (WHERE t.reason <> 'stamp_duty'), 0),
       coalesce(sum(t.amount_centimes) FILTER (WHERE t.reason = 'stamp_duty'), 0)
FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id
LEFT JOIN payments_paymentline l
  ON t.reason <> 'stamp_duty' AND l.id = CAST(substring(t.reference FROM '^payment_line:([0-9]+)$') AS bigint)
WHERE t.company_id = %s AND t.accounted_on = %s
  AND (t.reason IN ('capture', 'surplus') OR (t.reason = 'stamp_duty' AND t.reference LIKE 'payment:%%'))
GROUP BY d.code
"""
# A refund of a bill moves in parts, and the rest out of credit: refunds are counted, not transfers.
BOOKS_BACK = """
SELECT c.code,
       count(DISTINCT coalesce(part.refund_id, CAST(substring(t.reference FROM '^refund:([0-9]+)$') AS bigint))),
       sum(t.amount_centimes)
FROM ledger_transfer t JOIN ledger_account c ON c.id = t.credit_id
LEFT JOIN payments_refundpart part ON part.id = CAST(substring(t.reference FROM '^refund_part:([0-9]+)$') AS bigint)
WHERE t.company_id = %s AND t.accounted_on = %s AND t.reason = 'refund'
GROUP BY c.code
"""
ENTRIES = """
SELECT count(*), coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE company_id = %s AND accounted_on = %s
"""
AGENCIES = """
SELECT a.code, a.name_ar, a.name_fr, coalesce(c.number, 0), coalesce(p.name, ''), coalesce(c.sha256, ''),
       coalesce((SELECT sum((way ->> 'amount_centimes')::bigint + (way ->> 'stamp_duty_centimes')::bigint)
                 FROM jsonb_array_elements(c.facts::jsonb -> 'ways') way), 0),
       coalesce(jsonb_array_length(c.facts::jsonb -> 'unknown'), 0)
FROM companies_agency a LEFT JOIN desks_dayclosing c ON c.agency_id = a.id AND c.day = %s
LEFT JOIN people_staff p ON p.id = c.signed_by_id
WHERE a.company_id = %s
  AND (c.id IS NOT NULL OR EXISTS (SELECT FROM desks_desksession s WHERE s.agency_id = a.id AND s.opened_on = %s))
ORDER BY a.code
"""
MOVED_DAYS = """
SELECT p.accounted_on, count(*), sum(p.amount_centimes) FROM payments_payment p
WHERE p.company_id = %s AND p.accounted_on BETWEEN %s AND %s AND p.state = 'paid' GROUP BY p.accounted_on
"""


def ways_of_day(*, company_id: int, day: date) -> tuple[WayOfDay, ...]:
    """Each way of paying, also one by which nothing came: what payments say and what the books say.

    What went back past the gateway stands under a way of its own, "bank", where there was any.
    """
    begins = begins_at(day)
    payments = _rows(PAYMENTS, company_id, day)
    given_back = _rows(GIVEN_BACK, company_id, begins, begins + timedelta(days=1))
    books = _rows(BOOKS, company_id, day)
    books_back = _rows(BOOKS_BACK, company_id, day)
    codes = {str(way): settings.ACCOUNT_CODES[role] for way, role in HELD_IN.items()}
    bank = settings.ACCOUNT_CODES[AccountRole.BANK]
    if "bank" in given_back or bank in books_back:
        codes["bank"] = bank
    return tuple(
        WayOfDay(
            way=way,
            payments=_sums(payments.get(way)),
            books=_sums(books.get(code)),
            stamp_duty_payments=int(payments[way][2]) if way in payments else 0,
            stamp_duty_books=int(books[code][2]) if code in books else 0,
            given_back=_sums(given_back.get(way)),
            given_back_books=_sums(books_back.get(code)),
        )
        for way, code in codes.items()
    )


def sum_of_entries(*, company_id: int, day: date) -> Sums:
    """Every transfer of the day, whatever it moved."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [company_id, day])
        count, centimes = cursor.fetchone()
    return Sums(count=count, centimes=int(centimes))


def list_agencies_of_day(*, company_id: int, day: date) -> tuple[AgencyOfDay, ...]:
    """The agencies where a desk was opened that day, and what their heads have signed, by code."""
    with connection.cursor() as cursor:
        cursor.execute(AGENCIES, [day, company_id, day])
        return tuple(
            AgencyOfDay(
                code=code,
                name_ar=name_ar,
                name_fr=name_fr,
                number=number,
                signed_by=signed_by,
                sha256=sha256,
                total_centimes=int(centimes),
                unknown_count=unknown,
            )
            for code, name_ar, name_fr, number, signed_by, sha256, centimes, unknown in cursor.fetchall()
        )


def list_moved_days(*, company_id: int, first: date, last: date) -> dict[date, Sums]:
    """What was paid on each day of a period; a day without payments is missing."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED_DAYS, [company_id, first, last])
        return {day: Sums(count=count, centimes=int(centimes)) for day, count, centimes in cursor.fetchall()}


def _rows(sql: str, *values: int | date | datetime) -> dict[str, tuple[Any, ...]]:
    """First column → the others."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _sums(row: tuple[Any, ...] | None) -> Sums:
    return Sums(count=row[0], centimes=int(row[1])) if row else Sums()
