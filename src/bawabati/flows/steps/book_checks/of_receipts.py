"""Receipts beside the payments that they are of, their numbers, and the messages that carry them."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_RECEIPTS: Final = (
    BookCheck(
        name="paid_without_receipt",
        invariant="I3",
        each_minute=True,
        sql="""
SELECT p.company_id, 'payment:' || p.id, 'paid, and no receipt'
FROM {payments} p LEFT JOIN receipts_receipt r ON r.payment_id = p.id
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
        name="receipt_says_something_else",
        invariant="I2",
        each_minute=True,
        sql="""
SELECT company_id, 'receipt:' || id, 'says number ' || coalesce(number_said, 'none') || ', order '
       || coalesce(order_said, 'none') || ', ' || coalesce(said, 'no') || ' centimes; it is ' || number
       || ', paid were ' || paid
FROM (
    SELECT r.company_id, r.id, p.amount_centimes AS paid, p.order_number,
           CASE p.way WHEN 'web' THEN p.gateway_reference WHEN 'channel' THEN v.reference
           ELSE s.poi_transaction_id END AS transaction_id,
           r.facts ->> 'amount_centimes' AS said, r.facts ->> 'order_number' AS order_said,
           r.facts ->> 'transaction_id' AS transaction_said, r.facts ->> 'number' AS number_said,
           series.year || '-' || regexp_replace(series.kind, '^web(?=$|-)', 'W') || '-'
           || lpad(r.number::text, greatest(7, length(r.number::text)), '0') AS number
    FROM {payments} p JOIN receipts_receipt r ON r.payment_id = p.id
    JOIN receipts_receiptseries series ON series.id = r.series_id LEFT JOIN payments_sale s ON s.id = p.sale_id
    LEFT JOIN payments_reservation v ON v.id = p.reservation_id
) shown
WHERE said IS DISTINCT FROM paid::text OR order_said IS DISTINCT FROM order_number
   OR transaction_said IS DISTINCT FROM transaction_id OR number_said IS DISTINCT FROM number
""",
    ),
    BookCheck(
        name="receipt_lines_say_something_else",
        invariant="I2",
        each_minute=True,
        sql="""
WITH paid AS (
    SELECT l.payment_id, count(*) AS lines, sum(l.amount_centimes) AS centimes, sum(l.surplus_centimes) AS surplus
    FROM {payments} p JOIN payments_paymentline l ON l.payment_id = p.id WHERE p.state = 'paid' GROUP BY l.payment_id
)
SELECT r.company_id, 'receipt:' || r.id,
       'says ' || said.lines || ' lines of ' || said.centimes || ' centimes, ' || said.surplus || ' of them surplus; '
       || 'paid were ' || paid.lines || ' of ' || paid.centimes || ', ' || coalesce(paid.surplus, 0)
FROM paid JOIN receipts_receipt r ON r.payment_id = paid.payment_id
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, coalesce(sum((line ->> 'amount_centimes')::bigint), 0) AS centimes,
           coalesce(sum((line ->> 'surplus_centimes')::bigint), 0) AS surplus
    FROM jsonb_array_elements(r.facts -> 'lines') line
) said
WHERE said.lines <> paid.lines OR said.centimes <> paid.centimes OR said.surplus <> coalesce(paid.surplus, 0)
""",
    ),
    BookCheck(
        name="receipt_numbers_have_a_gap",
        invariant="I3",
        sql="""
SELECT s.company_id, 'receipt_series:' || s.id,
       'counts to ' || s.last_number || ', holds ' || coalesce(r.held, 0) || ' up to ' || coalesce(r.highest, 0)
FROM receipts_receiptseries s
LEFT JOIN (
    SELECT series_id, count(*) AS held, max(number) AS highest FROM receipts_receipt GROUP BY series_id
) r ON r.series_id = s.id
LEFT JOIN desks_numberblock b ON b.company_id = s.company_id AND b.kind = s.kind AND b.year = s.year
WHERE b.id IS NULL AND (s.last_number <> coalesce(r.held, 0) OR s.last_number <> coalesce(r.highest, 0))
""",
    ),
    BookCheck(
        name="receipt_in_another_year",
        invariant="I3",
        sql="""
SELECT r.company_id, 'receipt:' || r.id, 'issued ' || r.issued_at || ', numbered in ' || s.year
FROM receipts_receipt r JOIN receipts_receiptseries s ON s.id = r.series_id
LEFT JOIN desks_numberblock b ON b.company_id = s.company_id AND b.kind = s.kind AND b.year = s.year
  AND r.number BETWEEN b.first AND b.last
WHERE extract(year FROM r.issued_at AT TIME ZONE 'Africa/Algiers') <> s.year AND b.id IS NULL
""",
    ),
    BookCheck(
        name="payer_not_told",
        invariant="I8",
        sql="""
SELECT r.company_id, 'receipt:' || r.id, 'the payer left an address, and no message was written'
FROM payments_paymentcontact c JOIN receipts_receipt r ON r.payment_id = c.payment_id
LEFT JOIN notices_notice n
  ON n.company_id = r.company_id AND n.reference = 'receipt:' || r.id AND n.kind = 'receipt'
WHERE n.id IS NULL
""",
    ),
)
