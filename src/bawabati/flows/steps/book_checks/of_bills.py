"""Bills beside what has settled them, and the holds on them."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_BILLS: Final = (
    BookCheck(
        name="bill_settled_by_other_than_its_payments",
        invariant="I4",
        each_minute=True,
        sql="""
WITH settled AS (
    SELECT bill_id, sum(settled_centimes) AS centimes FROM payments_paymentline
    WHERE settled_centimes > 0 {of_bills} GROUP BY bill_id
), lowered AS (
    SELECT v.bill_id, sum(t.amount_centimes) AS centimes
    FROM ledger_transfer t
    JOIN bills_billversion v ON t.company_id = v.company_id AND t.reference = 'bill_version:' || v.id
    WHERE t.reason = 'bill_lowered' {of_bills} GROUP BY v.bill_id
), credited AS (
    SELECT bill_id, sum(amount_centimes) AS centimes FROM payments_credituse WHERE true {of_bills} GROUP BY bill_id
), reopened AS (
    SELECT line.bill_id, sum(t.amount_centimes) AS centimes
    FROM payments_refundpart part
    JOIN payments_paymentline line ON line.id = part.line_id
    JOIN ledger_transfer t ON t.company_id = part.company_id AND t.reference = 'refund_part:' || part.id
    WHERE t.reason = 'refund' {of_bills} GROUP BY line.bill_id
), told AS (
    SELECT b.company_id, b.id, b.settled_centimes AS settled,
           coalesce(s.centimes, 0) + coalesce(c.centimes, 0) - coalesce(l.centimes, 0) - coalesce(r.centimes, 0) AS told
    FROM {bills} b LEFT JOIN settled s ON s.bill_id = b.id LEFT JOIN lowered l ON l.bill_id = b.id
    LEFT JOIN credited c ON c.bill_id = b.id LEFT JOIN reopened r ON r.bill_id = b.id
    WHERE b.tranche_of_id IS NULL
)
SELECT company_id, 'bill:' || id, 'settled ' || settled || ' centimes, payments, credit and refunds say ' || told
FROM told WHERE settled <> told
""",
    ),
    BookCheck(
        name="hold_without_open_attempt",
        invariant="I7",
        sql="""
SELECT h.company_id, 'bill:' || h.bill_id, 'held by payment ' || h.payment_id || ', which is ' || p.state
FROM payments_hold h JOIN payments_payment p ON p.id = h.payment_id
LEFT JOIN payments_paymentline l ON l.payment_id = h.payment_id AND l.bill_id = h.bill_id
WHERE p.state NOT IN ('opened', 'at_gateway', 'in_doubt') OR l.id IS NULL
UNION ALL
SELECT h.company_id, 'bill:' || h.bill_id, 'held by sale ' || h.sale_id || ', which is ' || s.state
FROM payments_hold h JOIN payments_sale s ON s.id = h.sale_id
LEFT JOIN payments_saleline l ON l.sale_id = h.sale_id AND l.bill_id = h.bill_id
WHERE s.state NOT IN ('opened', 'sent', 'approved', 'unknown', 'review', 'reversing') OR l.id IS NULL
UNION ALL
SELECT h.company_id, 'bill:' || h.bill_id, 'held by reservation ' || h.reservation_id || ', which is ' || v.state
FROM payments_hold h JOIN payments_reservation v ON v.id = h.reservation_id
LEFT JOIN payments_reservationline l ON l.reservation_id = h.reservation_id AND l.bill_id = h.bill_id
WHERE v.state NOT IN ('reserved', 'pending') OR l.id IS NULL
""",
    ),
    BookCheck(
        name="open_attempt_without_hold",
        invariant="I7",
        sql="""
SELECT l.company_id, 'payment:' || p.id, 'is ' || p.state || ' and does not hold bill ' || l.bill_id
FROM payments_payment p JOIN payments_paymentline l ON l.payment_id = p.id
LEFT JOIN payments_hold h ON h.bill_id = l.bill_id AND h.payment_id = p.id
WHERE p.next_ask_at IS NOT NULL AND p.state IN ('opened', 'at_gateway', 'in_doubt') AND h.id IS NULL
  AND NOT EXISTS (
    SELECT FROM payments_paymentevent e WHERE e.payment_id = p.id AND e.event = 'hold_released'
)
""",
    ),
)
