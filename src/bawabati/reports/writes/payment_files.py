"""Composing a file of payments, once, in one statement over sets."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import connection
from django.db.models import Max

from bawabati.people.models import Staff
from bawabati.reports.models import PaymentFile, PaymentFileCopy, PaymentFileLine
from bawabati.reports.rules import total_of

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('payment_files ' || %s::bigint, 0))"
EVER = datetime(2000, 1, 1, tzinfo=UTC)
LOOKS_BACK = timedelta(days=7)
"""Longer than any transaction lasts: what the last file did not see, and happened before what it tells, is found."""

# What has happened to bills since a moment, whatever file tells it. Each branch goes by an index of its own.
HAPPENED = """
WITH happened AS (
    SELECT 'paid' AS kind, 'payment_line:' || l.id AS reference, l.bill_id, l.settled_centimes AS amount,
           l.surplus_centimes AS surplus, p.accounted_on, p.ended_at AS at, p.way, coalesce(a.code, '') AS agency,
           r.facts ->> 'number' AS receipt, l.id AS place
    FROM payments_payment p JOIN payments_paymentline l ON l.payment_id = p.id
    JOIN receipts_receipt r ON r.payment_id = p.id LEFT JOIN companies_agency a ON a.id = p.agency_id
    WHERE p.company_id = %(company)s AND p.state = 'paid' AND p.ended_at >= %(since)s
    UNION ALL
    SELECT 'credit_used', t.reference, u.bill_id, t.amount_centimes, 0, t.accounted_on, t.at, '', '', '', u.id
    FROM payments_credituse u JOIN ledger_transfer t ON t.company_id = u.company_id AND t.reason = 'credit_used'
      AND t.reference = 'credit_use:' || u.id
    WHERE u.company_id = %(company)s AND u.at >= %(since)s
    UNION ALL
    SELECT 'lowered', t.reference, v.bill_id, t.amount_centimes, 0, t.accounted_on, t.at, '', '', '', v.id
    FROM ledger_transfer t
    JOIN bills_billversion v ON v.id = CAST(substring(t.reference FROM '^bill_version:([0-9]+)$') AS bigint)
    WHERE t.company_id = %(company)s AND t.reason = 'bill_lowered' AND t.at >= %(since)s
    UNION ALL
    SELECT 'due_again', t.reference, l.bill_id, t.amount_centimes, 0, t.accounted_on, t.at, p.way,
           coalesce(a.code, ''), r.facts ->> 'number', part.id
    FROM payments_refund f JOIN payments_refundpart part ON part.refund_id = f.id
    JOIN ledger_transfer t ON t.company_id = f.company_id AND t.reason = 'refund'
      AND t.reference = 'refund_part:' || part.id
    JOIN payments_paymentline l ON l.id = part.line_id JOIN payments_payment p ON p.id = l.payment_id
    JOIN receipts_receipt r ON r.payment_id = p.id LEFT JOIN companies_agency a ON a.id = p.agency_id
    WHERE f.company_id = %(company)s AND f.state = 'done' AND f.ended_at >= %(since)s
), untold AS (
    SELECT * FROM happened h WHERE NOT EXISTS (
        SELECT FROM reports_paymentfileline told
        WHERE told.company_id = %(company)s AND told.kind = h.kind AND told.reference = h.reference
    )
    ORDER BY at, kind, place LIMIT %(most)s
)
"""
TAKE_UNTOLD = (
    HAPPENED
    + """
SELECT kind, reference, b.payment_number, b.bill_number, c.number, b.period, amount, surplus, accounted_on, at, way,
       agency, receipt
FROM untold JOIN bills_bill b ON b.id = untold.bill_id JOIN bills_customer c ON c.id = b.customer_id
ORDER BY accounted_on, at, kind, place
"""
)
COLUMNS = (
    "kind",
    "reference",
    "payment_number",
    "bill_number",
    "customer_number",
    "period",
    "amount_centimes",
    "surplus_centimes",
    "accounted_on",
    "happened_at",
    "way",
    "agency",
    "receipt_number",
)
"""What each column of `TAKE_UNTOLD` is of a line."""


def lock_payment_files(company_id: int) -> None:
    """Nobody else composes a file of the company until the transaction ends: no number is left out.

    Rule: payment-file-numbers (house.md 5)
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [company_id])


def write_payment_file(*, company_id: int, by: Staff, at_most: int, now: datetime) -> PaymentFile | None:
    """The next file: everything that no file has told yet, oldest first, at most so many lines. None: nothing.

    What happened first is told first, so that nothing older than what the last file tells is left, however long ago
    that was. The company's files are locked. Rule: payment-file-once (house.md 5)
    """
    last = PaymentFile.objects.filter(company_id=company_id).order_by("-number").first()
    lines = _untold(company_id, since=_told_until(last) - LOOKS_BACK if last else EVER, at_most=at_most)
    if not lines:
        return None
    totals = total_of(lines)
    file = PaymentFile.objects.create(
        company_id=company_id,
        number=last.number + 1 if last else 1,
        line_count=totals.line_count,
        paid_centimes=totals.paid_centimes,
        taken_back_centimes=totals.taken_back_centimes,
        surplus_centimes=totals.surplus_centimes,
        made_by=by,
        made_at=now,
    )
    for line in lines:
        line.file = file
    PaymentFileLine.objects.bulk_create(lines, batch_size=5000)
    return file


def write_copy(*, file: PaymentFile, form: str, content: bytes) -> PaymentFileCopy:
    """The file as it goes out in one format, for good. Rule: payment-file-as-issued (house.md 5)"""
    return PaymentFileCopy.objects.create(
        company_id=file.company_id, file=file, form=form, content=content, sha256=sha256(content).hexdigest()
    )


def _told_until(file: PaymentFile) -> datetime:
    """When the last thing that it tells happened; never after it was made."""
    told = PaymentFileLine.objects.filter(file_id=file.id).aggregate(last=Max("happened_at"))["last"]
    return min(told or file.made_at, file.made_at)


def _untold(company_id: int, *, since: datetime, at_most: int) -> list[PaymentFileLine]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_UNTOLD, {"company": company_id, "since": since, "most": at_most})
        return [
            PaymentFileLine(company_id=company_id, place=place, **dict(zip(COLUMNS, row, strict=True)))
            for place, row in enumerate(cursor.fetchall(), start=1)
        ]
