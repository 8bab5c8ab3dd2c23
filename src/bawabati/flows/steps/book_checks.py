"""What must be true of the books, each as one question about sets: the answer is what breaks it.

Every statement gives rows of (reference, what is wrong). No loop over payments: ten million are one query too.
The numbers are those of behaviour.md 1.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCheck:
    """One thing that must be true. `sql` gives (company_id, reference, finding) for whatever breaks it."""

    name: str
    invariant: str
    sql: str


BOOK_CHECKS = (
    BookCheck(
        name="paid_without_receipt",
        invariant="I3",
        sql="""
SELECT p.company_id, 'payment:' || p.id, 'paid, and no receipt'
FROM payments_payment p LEFT JOIN receipts_receipt r ON r.payment_id = p.id
WHERE p.state = 'paid' AND r.id IS NULL
""",
    ),
    BookCheck(
        name="receipt_without_money",
        invariant="I2",
        sql="""
SELECT r.company_id, 'receipt:' || r.id, 'the payment is ' || p.state
FROM receipts_receipt r JOIN payments_payment p ON p.id = r.payment_id
WHERE p.state <> 'paid'
""",
    ),
    BookCheck(
        name="receipt_says_another_amount",
        invariant="I2",
        sql="""
SELECT r.company_id, 'receipt:' || r.id,
       'says ' || (r.facts ->> 'amount_centimes') || ' centimes, paid were ' || p.amount_centimes
FROM receipts_receipt r JOIN payments_payment p ON p.id = r.payment_id
WHERE (r.facts ->> 'amount_centimes')::bigint <> p.amount_centimes
""",
    ),
    BookCheck(
        name="receipt_numbers_have_a_gap",
        invariant="I3",
        sql="""
SELECT s.company_id, 'receipt_series:' || s.id,
       'counts to ' || s.last_number || ', holds ' || count(r.id) || ' up to ' || coalesce(max(r.number), 0)
FROM receipts_receiptseries s LEFT JOIN receipts_receipt r ON r.series_id = s.id
GROUP BY s.id HAVING s.last_number <> count(r.id) OR s.last_number <> coalesce(max(r.number), 0)
""",
    ),
    BookCheck(
        name="amount_is_not_the_sum_of_its_lines",
        invariant="I1",
        sql="""
SELECT p.company_id, 'payment:' || p.id,
       p.amount_centimes || ' centimes, lines say ' || coalesce(sum(l.amount_centimes), 0)
FROM payments_payment p LEFT JOIN payments_paymentline l ON l.payment_id = p.id
GROUP BY p.id HAVING p.amount_centimes <> coalesce(sum(l.amount_centimes), 0)
""",
    ),
    BookCheck(
        name="line_not_accounted",
        invariant="I1",
        sql="""
SELECT l.company_id, 'payment_line:' || l.id, 'the payment is ' || p.state
FROM payments_paymentline l JOIN payments_payment p ON p.id = l.payment_id
WHERE (p.state = 'paid') <> (l.settled_centimes IS NOT NULL)
""",
    ),
    BookCheck(
        name="bill_settled_by_other_than_its_payments",
        invariant="I4",
        sql="""
WITH settled AS (
    SELECT bill_id, sum(settled_centimes) AS centimes FROM payments_paymentline
    WHERE settled_centimes > 0 GROUP BY bill_id
), lowered AS (
    SELECT v.bill_id, sum(t.amount_centimes) AS centimes
    FROM ledger_transfer t JOIN bills_billversion v ON t.reference = 'bill_version:' || v.id
    WHERE t.reason = 'bill_lowered' GROUP BY v.bill_id
), credited AS (
    SELECT bill_id, sum(amount_centimes) AS centimes FROM payments_credituse GROUP BY bill_id
), reopened AS (
    SELECT line.bill_id, sum(t.amount_centimes) AS centimes
    FROM ledger_transfer t
    JOIN payments_refundpart part ON t.reference = 'refund_part:' || part.id
    JOIN payments_paymentline line ON line.id = part.line_id
    WHERE t.reason = 'refund' GROUP BY line.bill_id
), told AS (
    SELECT b.id, coalesce(s.centimes, 0) + coalesce(c.centimes, 0) - coalesce(l.centimes, 0) - coalesce(r.centimes, 0)
           AS centimes
    FROM bills_bill b LEFT JOIN settled s ON s.bill_id = b.id LEFT JOIN lowered l ON l.bill_id = b.id
    LEFT JOIN credited c ON c.bill_id = b.id LEFT JOIN reopened r ON r.bill_id = b.id
    WHERE b.settled_centimes <> 0 OR s.bill_id IS NOT NULL OR c.bill_id IS NOT NULL
)
SELECT b.company_id, 'bill:' || b.id,
       'settled ' || b.settled_centimes || ' centimes, payments, credit and refunds say ' || told.centimes
FROM bills_bill b JOIN told USING (id)
WHERE b.settled_centimes <> told.centimes
""",
    ),
    BookCheck(
        name="books_differ_from_payments",
        invariant="I5",
        sql="""
WITH posted AS (
    SELECT company_id, reference, sum(amount_centimes) FILTER (WHERE reason = 'capture') AS captured,
           sum(amount_centimes) FILTER (WHERE reason = 'surplus') AS surplus
    FROM ledger_transfer WHERE reason IN ('capture', 'surplus') GROUP BY company_id, reference
), lines AS (
    SELECT company_id, 'payment_line:' || id AS reference, settled_centimes, surplus_centimes
    FROM payments_paymentline WHERE settled_centimes IS NOT NULL
)
SELECT coalesce(l.company_id, t.company_id), coalesce(l.reference, t.reference),
       'payments say ' || coalesce(l.settled_centimes, 0) || ' + ' || coalesce(l.surplus_centimes, 0)
       || ' centimes, the books ' || coalesce(t.captured, 0) || ' + ' || coalesce(t.surplus, 0)
FROM lines l FULL JOIN posted t ON t.company_id = l.company_id AND t.reference = l.reference
WHERE coalesce(l.settled_centimes, 0) <> coalesce(t.captured, 0)
   OR coalesce(l.surplus_centimes, 0) <> coalesce(t.surplus, 0)
""",
    ),
    BookCheck(
        name="surplus_without_case",
        invariant="I1",
        sql="""
SELECT DISTINCT l.company_id, 'payment:' || l.payment_id, 'has a surplus, and nobody owns it'
FROM payments_paymentline l
LEFT JOIN cases_case c
  ON c.company_id = l.company_id AND c.kind = 'surplus' AND c.reference = 'payment:' || l.payment_id
WHERE l.surplus_centimes > 0 AND c.id IS NULL
""",
    ),
    BookCheck(
        name="state_without_its_event",
        invariant="I6",
        sql="""
SELECT p.company_id, 'payment:' || p.id,
       'is ' || p.state || ', its last event says ' || coalesce(e.to_state, 'nothing')
FROM payments_payment p
LEFT JOIN LATERAL (
    SELECT to_state FROM payments_paymentevent WHERE payment_id = p.id ORDER BY sequence DESC LIMIT 1
) e ON true
WHERE e.to_state IS DISTINCT FROM p.state
""",
    ),
    BookCheck(
        name="events_are_no_path",
        invariant="I6",
        sql="""
SELECT company_id, 'payment:' || payment_id,
       'event ' || sequence || ' begins in ' || from_state || ', not in ' || before
FROM (
    SELECT company_id, payment_id, sequence, from_state,
           lag(to_state, 1, '') OVER (PARTITION BY payment_id ORDER BY sequence) AS before
    FROM payments_paymentevent
) story
WHERE from_state <> before
""",
    ),
    BookCheck(
        name="hold_without_open_attempt",
        invariant="I7",
        sql="""
SELECT h.company_id, 'bill:' || h.bill_id, 'held by payment ' || h.payment_id || ', which is ' || p.state
FROM payments_hold h JOIN payments_payment p ON p.id = h.payment_id
WHERE p.state NOT IN ('opened', 'at_gateway', 'in_doubt')
""",
    ),
    BookCheck(
        name="open_attempt_without_hold",
        invariant="I7",
        sql="""
SELECT l.company_id, 'payment:' || p.id, 'is ' || p.state || ' and does not hold bill ' || l.bill_id
FROM payments_payment p JOIN payments_paymentline l ON l.payment_id = p.id
LEFT JOIN payments_hold h ON h.bill_id = l.bill_id AND h.payment_id = p.id
WHERE p.state IN ('opened', 'at_gateway', 'in_doubt') AND h.id IS NULL
""",
    ),
    BookCheck(
        name="not_asked_in_time",
        invariant="I10",
        sql="""
SELECT company_id, 'payment:' || id, 'is ' || state || ' and should have been asked about at ' || next_ask_at
FROM payments_payment WHERE next_ask_at < %(late)s
""",
    ),
    BookCheck(
        name="in_doubt_too_long",
        invariant="I10",
        sql="""
SELECT company_id, 'payment:' || id, 'in doubt, its page was over at ' || page_ends_at
FROM payments_payment WHERE state = 'in_doubt' AND next_ask_at IS NOT NULL AND page_ends_at < %(doubtful)s
""",
    ),
    BookCheck(
        name="message_not_delivered",
        invariant="I10",
        sql="""
SELECT company_id, 'notice:' || id, kind || ' about ' || reference || ' is ' || state || ': ' || last_reason
FROM notices_notice WHERE state IN ('rejected', 'given_up') AND created_at > %(recent)s
""",
    ),
)
