"""Figures of the board: counted anew, moved with a card's family, and the debt of a day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from bawabati.reports.reads.expected import Figures
from bawabati.reports.rules.ages import Age

_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('figures', 0))"
_MUCH_AT_ONCE = "SET LOCAL work_mem = '128MB'"
# Into an empty table PostgreSQL would look again for each line, through all that were just written.
_ALL_AT_ONCE = "SET LOCAL enable_nestloop = off"
_MISSING_LINES = """
INSERT INTO reports_paidline (line_id, company_id, customer_id, day, due_on)
SELECT l.id, l.company_id, b.customer_id, p.accounted_on, b.due_on
FROM payments_payment p JOIN payments_paymentline l ON l.payment_id = p.id JOIN bills_bill b ON b.id = l.bill_id
WHERE p.state = 'paid' AND NOT EXISTS (SELECT FROM reports_paidline known WHERE known.line_id = l.id)
"""
# In the order in which those who count take their locks: the ages of lines come last.
_MEND = """
INSERT INTO {table} AS known ({keys}, {measures})
SELECT {keys}, {measures} FROM ({differences}) missing ORDER BY {order}
ON CONFLICT ({keys}) DO UPDATE SET {added}
"""
_MOVE_CARDS = """
INSERT INTO reports_sharefigure AS known
    (company_id, axis, span, day, way, key, payments, centimes, returns, returned_centimes, first_payers)
SELECT company_id, 'card', span.span, span.day, way, side.family, sum(side.sign * payments), sum(side.sign * centimes),
    sum(side.sign * returns), sum(side.sign * returned), sum(side.sign * firsts)
FROM (
    SELECT p.company_id, p.accounted_on AS day, p.way, moved.before, p.card_family AS now, 1 AS payments,
        p.amount_centimes AS centimes, 0 AS returns, 0 AS returned, (
            SELECT count(*) FROM payments_paymentline l JOIN reports_paidline k ON k.line_id = l.id
            WHERE l.payment_id = p.id AND NOT EXISTS (
                SELECT FROM reports_paidline earlier
                WHERE earlier.customer_id = k.customer_id AND (earlier.day, earlier.line_id) < (k.day, k.line_id)
            )
        ) AS firsts
    FROM unnest(%(ids)s::bigint[], %(before)s::text[]) moved (id, before) JOIN payments_payment p USING (id)
    WHERE p.state = 'paid'
    UNION ALL
    SELECT p.company_id, (r.ended_at AT TIME ZONE 'Africa/Algiers')::date, p.way, moved.before, p.card_family, 0, 0, 1,
        r.amount_centimes, 0
    FROM unnest(%(ids)s::bigint[], %(before)s::text[]) moved (id, before) JOIN payments_payment p USING (id)
    JOIN payments_refund r ON r.payment_id = p.id WHERE r.state = 'done'
) counted CROSS JOIN LATERAL (VALUES (before, -1), (now, 1)) side (family, sign)
CROSS JOIN LATERAL reports_spans(counted.day) span
GROUP BY company_id, span.span, span.day, way, side.family ORDER BY company_id, span.span, span.day, way, side.family
ON CONFLICT (company_id, axis, span, day, way, key) DO UPDATE SET
    payments = known.payments + excluded.payments, centimes = known.centimes + excluded.centimes,
    returns = known.returns + excluded.returns,
    returned_centimes = known.returned_centimes + excluded.returned_centimes,
    first_payers = known.first_payers + excluded.first_payers
"""
_COUNT_DEBT = """
INSERT INTO reports_debtfigure AS known (company_id, day, age, bills, due_centimes, counted_at)
SELECT %(company_id)s, %(today)s, age, count(owed.due), coalesce(sum(owed.due), 0), %(now)s
FROM unnest(%(ages)s::text[]) age LEFT JOIN (
    SELECT reports_age(%(today)s::date - due_on) AS age, due_centimes - settled_centimes AS due FROM bills_bill
    WHERE company_id = %(company_id)s AND status = 'open' AND due_centimes > settled_centimes
      AND tranche_of_id IS NULL  -- it stands for bills that are counted themselves
) owed USING (age) GROUP BY age ORDER BY age
ON CONFLICT (company_id, day, age) DO UPDATE SET
    bills = excluded.bills, due_centimes = excluded.due_centimes, counted_at = excluded.counted_at
WHERE known.counted_at < excluded.counted_at
"""


def hold_figures() -> None:
    """Nobody else counts until the transaction ends; who is counting is waited for. After locks on payments."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)


def take_in_missing_lines() -> int:
    """Writes whose bills were paid by lines of which nothing is kept, as the bills stand now; how many. Safe to repeat.

    While `hold_figures` holds: who counts at the same time would not see them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MUCH_AT_ONCE)
        cursor.execute(_ALL_AT_ONCE)
        cursor.execute(_MISSING_LINES)
        return int(cursor.rowcount)


def mend_figures(figures: Figures) -> int:
    """Adds what is missing and takes away what is too much; how many rows were wrong. Safe to repeat and to race.

    Differences are taken at one instant and added: whoever counts meanwhile adds his own.
    """
    keys, measures = ", ".join(figures.keys), ", ".join(figures.measures)
    with connection.cursor() as cursor:
        cursor.execute(_MUCH_AT_ONCE)
        cursor.execute(
            _MEND.format(
                table=figures.table,
                keys=keys,
                measures=measures,
                differences=figures.differences,
                order=keys.replace("axis", "axis = 'age', axis"),
                added=", ".join(f"{measure} = known.{measure} + excluded.{measure}" for measure in figures.measures),
            )
        )
        return int(cursor.rowcount)


def move_cards(payment_ids: Sequence[int], *, before: Sequence[str]) -> None:
    """Moves what was counted for these payments from the families that they had `before` to those that they have.

    While `hold_figures` holds, in the transaction that told the families. Not safe to repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_CARDS, {"ids": list(payment_ids), "before": list(before)})


def count_debt(*, company_id: int, today: date, now: datetime) -> None:
    """Counts what is owed, by age, as the count of that day. Safe to repeat: the latest stays."""
    ages = [age.value for age in Age]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_DEBT, {"company_id": company_id, "today": today, "now": now, "ages": ages})
