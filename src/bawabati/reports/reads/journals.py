"""The journal, line by line, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from bawabati.reports.rules import JournalLine, JournalStyle

# A transfer stands in the journal of its accounting day, but for one that was posted after that day was closed.
ENTRIES = """
WITH entry AS (
    SELECT t.id, coalesce(l.entered_on, t.accounted_on) AS entered_on, t.accounted_on, t.reason, t.reference,
           t.amount_centimes, d.code AS debit, d.holder AS debit_holder, c.code AS credit, c.holder AS credit_holder
    FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id
    LEFT JOIN reports_lateposting l ON l.transfer_id = t.id
    WHERE t.company_id = %s AND (
        (l.transfer_id IS NULL AND t.accounted_on BETWEEN %s AND %s)
        OR t.id IN (SELECT transfer_id FROM reports_lateposting WHERE company_id = %s AND entered_on BETWEEN %s AND %s)
    )
)
"""
DETAILED = """
SELECT entered_on, id, debit, debit_holder, credit, credit_holder, reason, reference, accounted_on, 1, amount_centimes
FROM entry ORDER BY entered_on, id
"""
GROUPED = """
SELECT entered_on, row_number() OVER (PARTITION BY entered_on ORDER BY accounted_on DESC, reason, debit, credit),
       debit, '', credit, '', reason, '', accounted_on, count(*), sum(amount_centimes)::bigint
FROM entry GROUP BY entered_on, accounted_on, reason, debit, credit
ORDER BY entered_on, accounted_on DESC, reason, debit, credit
"""
PAGE = 2000


def iterate_journal(*, company_id: int, first: date, last: date, style: JournalStyle) -> Iterator[JournalLine]:
    """Two lines for each entry, debit before credit, in the order of the books; inside a transaction.

    Rule: journal (algeria.md 4, 7)
    """
    sql = ENTRIES + (DETAILED if style is JournalStyle.DETAILED else GROUPED)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [company_id, first, last, company_id, first, last])
        while rows := cursor.fetchmany(PAGE):
            for row in rows:
                yield from _both_sides(_Entry(*row))


@dataclass(frozen=True, slots=True)
class _Entry:
    entered_on: date
    entry: int
    debit: str
    debit_holder: str
    credit: str
    credit_holder: str
    reason: str
    reference: str
    accounted_on: date
    count: int
    centimes: int


def _both_sides(entry: _Entry) -> Iterator[JournalLine]:
    sides = (
        (entry.debit, entry.debit_holder, entry.centimes, 0),
        (entry.credit, entry.credit_holder, 0, entry.centimes),
    )
    for account, holder, in_debit, in_credit in sides:
        yield JournalLine(
            entered_on=entry.entered_on,
            entry=entry.entry,
            account=account,
            holder=holder,
            reason=entry.reason,
            reference=entry.reference,
            accounted_on=entry.accounted_on,
            count=entry.count,
            debit_centimes=in_debit,
            credit_centimes=in_credit,
        )
