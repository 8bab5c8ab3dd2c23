"""Sales beside the payments that they became, drawers beside the books, reports beside both, numbers set aside."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_SALES: Final = (
    BookCheck(
        name="settled_sale_without_payment",
        invariant="I3",
        sql="""
SELECT s.company_id, 'sale:' || s.id, 'is ' || s.state || ' with ' || s.amount_centimes || ' centimes of ' || s.way
       || coalesce('; its payment is ' || p.state || ' with ' || p.amount_centimes || ' of ' || p.way, ', no payment')
FROM payments_sale s LEFT JOIN payments_payment p ON p.sale_id = s.id
LEFT JOIN cases_case late ON late.company_id = s.company_id AND late.kind = 'sale_approved_after_end'
  AND late.reference = 'sale:' || s.id
WHERE CASE WHEN p.id IS NULL THEN s.state = 'settled'
      ELSE p.state <> 'paid' OR p.amount_centimes <> s.amount_centimes OR p.way <> s.way
           OR (s.state NOT IN ('settled', 'reversing', 'review', 'reversed') AND late.id IS NULL) END
""",
    ),
    BookCheck(
        name="sale_is_not_the_sum_of_its_lines",
        invariant="I1",
        sql="""
SELECT s.company_id, 'sale:' || s.id, s.amount_centimes || ' centimes, lines say ' || coalesce(l.centimes, 0)
FROM payments_sale s LEFT JOIN (
    SELECT sale_id, sum(amount_centimes) AS centimes FROM payments_saleline GROUP BY sale_id
) l ON l.sale_id = s.id
WHERE s.amount_centimes <> coalesce(l.centimes, 0)
""",
    ),
    BookCheck(
        name="live_sale_without_hold",
        invariant="I7",
        sql="""
SELECT l.company_id, 'sale:' || s.id, 'is ' || s.state || ' and does not hold bill ' || l.bill_id
FROM payments_sale s JOIN payments_saleline l ON l.sale_id = s.id
LEFT JOIN payments_hold h ON h.bill_id = l.bill_id AND h.sale_id = s.id
LEFT JOIN payments_payment p ON p.sale_id = s.id
WHERE s.state IN ('opened', 'sent', 'approved', 'unknown', 'review', 'reversing') AND h.id IS NULL AND p.id IS NULL
  AND NOT EXISTS (SELECT FROM payments_salehappening e WHERE e.sale_id = s.id AND e.event = 'hold_released')
""",
    ),
    BookCheck(
        name="sale_happenings_are_no_path",
        invariant="I6",
        sql="""
SELECT company_id, 'sale:' || sale_id, 'event ' || sequence || ' begins in ' || from_state || ', not in ' || before
FROM (
    SELECT company_id, sale_id, sequence, from_state,
           lag(to_state, 1, '') OVER story AS before, row_number() OVER story AS place
    FROM payments_salehappening WINDOW story AS (PARTITION BY sale_id ORDER BY sequence)
) told
WHERE from_state <> before OR sequence <> place
UNION ALL
SELECT s.company_id, 'sale:' || s.id, 'is ' || s.state || ' after ' || s.event_count || ' events; the last says '
       || coalesce(e.to_state, 'nothing')
FROM payments_sale s
LEFT JOIN payments_salehappening e ON e.sale_id = s.id AND e.sequence = s.event_count
WHERE e.to_state IS DISTINCT FROM s.state
""",
    ),
)

OF_DRAWERS: Final = (
    BookCheck(
        name="stamp_duty_account_differs_from_sales",
        invariant="I5",
        sql="""
WITH taken AS (
    SELECT company_id, sum(centimes) AS centimes FROM (
        SELECT s.company_id, s.stamp_duty_centimes AS centimes
        FROM payments_sale s JOIN payments_payment p ON p.sale_id = s.id WHERE p.state = 'paid'
        UNION ALL
        SELECT company_id, amount_centimes FROM ledger_transfer
        WHERE reason = 'stamp_duty' AND reference LIKE 'offline:%%'
    ) duties GROUP BY company_id
), held AS (
    SELECT company_id, sum(centimes) AS centimes FROM (
        SELECT a.company_id, t.amount_centimes AS centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.credit_id = a.id WHERE a.code = %(stamp_duty)s::text
        UNION ALL
        SELECT a.company_id, -t.amount_centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.debit_id = a.id WHERE a.code = %(stamp_duty)s::text
    ) moved GROUP BY company_id
)
SELECT c.id, 'account:' || %(stamp_duty)s::text,
       'holds ' || coalesce(h.centimes, 0) || ' centimes, sales say ' || coalesce(t.centimes, 0)
FROM companies_company c LEFT JOIN taken t ON t.company_id = c.id LEFT JOIN held h ON h.company_id = c.id
WHERE coalesce(h.centimes, 0) <> coalesce(t.centimes, 0)
""",
    ),
    BookCheck(
        name="session_without_z",
        invariant="I3",
        sql="""
SELECT s.company_id, 'desk_session:' || s.id,
       'is ' || s.state || CASE WHEN z.id IS NULL THEN ', no Z' ELSE ', has a Z' END
FROM desks_desksession s LEFT JOIN desks_zreport z ON z.session_id = s.id
WHERE (s.state = 'closed') <> (z.id IS NOT NULL)
""",
    ),
    BookCheck(
        name="z_differs_from_books",
        invariant="I5",
        sql="""
WITH said AS (
    SELECT z.id, z.company_id, way ->> 'way' AS way,
           sum((way ->> 'amount_centimes')::bigint + (way ->> 'stamp_duty_centimes')::bigint) AS centimes
    FROM desks_zreport z CROSS JOIN LATERAL jsonb_array_elements(z.facts::jsonb -> 'ways') way GROUP BY 1, 2, 3
), counted AS (
    SELECT z.id, p.id AS payment_id, p.way
    FROM desks_zreport z CROSS JOIN LATERAL jsonb_array_elements_text(z.facts::jsonb -> 'sales') sale (id)
    JOIN payments_payment p ON p.sale_id = sale.id::bigint
), posted AS (
    SELECT id, way, sum(centimes) AS centimes FROM (
        SELECT c.id, c.way, t.amount_centimes AS centimes
        FROM counted c JOIN payments_paymentline l ON l.payment_id = c.payment_id
        JOIN ledger_transfer t ON t.company_id = l.company_id AND t.reference = 'payment_line:' || l.id
        WHERE t.reason IN ('capture', 'surplus')
        UNION ALL
        SELECT c.id, c.way, t.amount_centimes
        FROM counted c JOIN payments_payment p ON p.id = c.payment_id
        JOIN ledger_transfer t ON t.company_id = p.company_id AND t.reference = 'payment:' || p.id
        WHERE t.reason = 'stamp_duty'
    ) moved GROUP BY id, way
)
SELECT z.company_id, 'z_report:' || z.id,
       'says ' || coalesce(s.centimes, 0) || ' centimes of ' || coalesce(s.way, p.way) || ', the books '
       || coalesce(p.centimes, 0)
FROM said s FULL JOIN posted p ON p.id = s.id AND p.way = s.way JOIN desks_zreport z ON z.id = coalesce(s.id, p.id)
WHERE coalesce(s.centimes, 0) <> coalesce(p.centimes, 0)
""",
    ),
    BookCheck(
        name="cash_difference_differs_from_z",
        invariant="I5",
        sql="""
WITH said AS (
    SELECT company_id, 'desk_session:' || session_id AS reference,
           (facts::jsonb #>> '{count,counted_centimes}')::bigint
           - (facts::jsonb ->> 'expected_cash_centimes')::bigint AS centimes
    FROM desks_zreport
), posted AS (
    SELECT t.company_id, t.reference, CASE d.code WHEN %(cash)s::text THEN 1 ELSE -1 END * t.amount_centimes AS centimes
    FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id WHERE t.reason = 'cash_difference'
)
SELECT coalesce(s.company_id, p.company_id), coalesce(s.reference, p.reference),
       'counted less expected is ' || coalesce(s.centimes, 0) || ' centimes, the books say ' || coalesce(p.centimes, 0)
FROM said s FULL JOIN posted p ON p.company_id = s.company_id AND p.reference = s.reference
WHERE coalesce(s.centimes, 0) <> coalesce(p.centimes, 0)
""",
    ),
    BookCheck(
        name="z_chain_is_broken",
        invariant="I15",
        sql="""
SELECT company_id, 'z_report:' || id, 'number ' || number || ' of its desk, in place ' || place
FROM (
    SELECT *, row_number() OVER chain AS place, lag(sha256, 1, '') OVER chain AS before
    FROM desks_zreport WINDOW chain AS (PARTITION BY desk_id ORDER BY number)
) told
WHERE number <> place OR previous_sha256 <> before
   OR sha256 <> encode(sha256(convert_to(previous_sha256 || E'\\n' || facts, 'UTF8')), 'hex')
""",
    ),
    BookCheck(
        name="chain_of_days_is_broken",
        invariant="I15",
        sql="""
SELECT company_id, 'day_closing:' || id, 'number ' || number || ' of its agency, in place ' || place
FROM (
    SELECT *, row_number() OVER chain AS place, lag(sha256, 1, '') OVER chain AS before
    FROM desks_dayclosing WINDOW chain AS (PARTITION BY agency_id ORDER BY number)
) told
WHERE number <> place OR previous_sha256 <> before
   OR sha256 <> encode(sha256(convert_to(previous_sha256 || E'\\n' || facts, 'UTF8')), 'hex')
""",
    ),
    BookCheck(
        name="session_outside_its_signed_day",
        invariant="I5",
        sql="""
SELECT s.company_id, 'desk_session:' || s.id, 'belongs to ' || s.opened_on || ', which was signed without it'
FROM desks_dayclosing c JOIN desks_desksession s ON s.agency_id = c.agency_id AND s.opened_on = c.day
LEFT JOIN desks_zreport z ON z.session_id = s.id
WHERE z.id IS NULL OR NOT c.facts::jsonb -> 'sessions' @> jsonb_build_array(jsonb_build_object('sha256', z.sha256))
""",
    ),
    BookCheck(
        name="desk_open_too_long",
        invariant="I10",
        sql="""
SELECT company_id, 'desk_session:' || id, 'open since ' || opened_at
FROM desks_desksession WHERE state = 'open' AND opened_at < %(recent)s
""",
    ),
)

OF_BLOCKS: Final = (
    BookCheck(
        name="blocks_differ_from_their_series",
        invariant="I3",
        sql="""
SELECT b.company_id, 'number_block:' || min(b.id),
       'blocks of ' || b.kind || ' hold ' || sum(b.last - b.first + 1) || ' numbers up to ' || max(b.last)
       || ', the series counts to ' || coalesce(max(s.last_number), 0)
FROM desks_numberblock b
LEFT JOIN receipts_receiptseries s ON s.company_id = b.company_id AND s.kind = b.kind AND s.year = b.year
GROUP BY b.company_id, b.kind, b.year
HAVING sum(b.last - b.first + 1) <> max(b.last) OR max(b.last) <> coalesce(max(s.last_number), 0)
""",
    ),
    BookCheck(
        name="block_has_a_gap",
        invariant="I3",
        sql="""
SELECT b.company_id, 'number_block:' || b.id,
       coalesce(t.told, 0) || ' of ' || (b.last - b.first + 1) || ' numbers came back, and nobody sees to the others'
FROM desks_numberblock b
LEFT JOIN (
    SELECT r.block_id, count(*) AS told FROM desks_offlinereceipt r JOIN desks_numberblock n ON n.id = r.block_id
    WHERE r.number BETWEEN n.first AND n.last GROUP BY r.block_id
) t ON t.block_id = b.id
LEFT JOIN cases_case c ON c.company_id = b.company_id AND c.kind = 'block_not_returned' AND c.state = 'open'
  AND c.reference = 'number_block:' || b.id
WHERE b.ended_at IS NOT NULL AND c.id IS NULL AND coalesce(t.told, 0) <> b.last - b.first + 1
""",
    ),
    BookCheck(
        name="offline_receipt_differs_from_its_money",
        invariant="I2",
        sql="""
SELECT o.company_id, 'number_block:' || o.block_id || '/' || o.number,
       'is ' || o.outcome || ' with ' || o.amount_centimes || ' centimes; '
       || coalesce('receipt ' || r.id || ' with ' || p.amount_centimes, 'no receipt') || ', '
       || coalesce('on suspense ' || t.amount_centimes, 'nothing on suspense')
FROM desks_offlinereceipt o JOIN desks_numberblock b ON b.id = o.block_id
LEFT JOIN receipts_receiptseries s ON s.company_id = b.company_id AND s.kind = b.kind AND s.year = b.year
LEFT JOIN receipts_receipt r ON r.series_id = s.id AND r.number = o.number
LEFT JOIN payments_payment p ON p.id = r.payment_id
LEFT JOIN ledger_transfer t ON t.company_id = o.company_id AND t.reason = 'without_bill'
  AND t.reference = 'offline:' || o.block_id || ':' || o.number
WHERE (o.outcome = 'settled') <> (r.id IS NOT NULL) OR (o.outcome = 'unknown_bill') <> (t.id IS NOT NULL)
   OR p.amount_centimes <> o.amount_centimes OR t.amount_centimes <> o.amount_centimes
""",
    ),
)

OF_DESKS: Final = (*OF_SALES, *OF_DRAWERS, *OF_BLOCKS)
