"""Money that goes back, and credit that pays bills, beside the books."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_REFUNDS: Final = (
    BookCheck(
        name="refunded_more_than_captured",
        invariant="I9",
        sql="""
WITH back AS (
    SELECT payment_id, sum(amount_centimes) AS centimes FROM payments_refund WHERE state <> 'refused'
    GROUP BY payment_id
)
SELECT p.company_id, 'payment:' || p.id,
       'is ' || p.state || ' with ' || p.amount_centimes || ' centimes, refunds say ' || back.centimes
FROM back JOIN payments_payment p ON p.id = back.payment_id
WHERE p.state <> 'paid' OR back.centimes > p.amount_centimes
""",
    ),
    BookCheck(
        name="refund_differs_from_books",
        invariant="I9",
        each_minute=True,
        sql="""
WITH asked AS (
    SELECT id, company_id, state, reason, amount_centimes,
           CASE WHEN state = 'done' THEN amount_centimes ELSE 0 END AS out,
           CASE WHEN reason = 'credit' THEN amount_centimes ELSE 0 END AS aside,
           CASE WHEN reason = 'credit' AND state = 'refused' THEN amount_centimes ELSE 0 END AS back
    FROM {refunds}
), parts AS (
    SELECT part.refund_id, sum(t.amount_centimes) AS centimes
    FROM asked JOIN payments_refundpart part ON part.refund_id = asked.id
    JOIN ledger_transfer t
      ON t.company_id = part.company_id AND t.reason = 'refund' AND t.reference = 'refund_part:' || part.id
    GROUP BY part.refund_id
), moved AS (
    SELECT asked.*, coalesce(parts.centimes, 0) + coalesce(o.amount_centimes, 0) AS went_out,
           coalesce(a.amount_centimes, 0) AS set_aside, coalesce(b.amount_centimes, 0) AS came_back
    FROM asked LEFT JOIN parts ON parts.refund_id = asked.id
    LEFT JOIN ledger_transfer o
      ON o.company_id = asked.company_id AND o.reason = 'refund' AND o.reference = 'refund:' || asked.id
    LEFT JOIN ledger_transfer a
      ON a.company_id = asked.company_id AND a.reason = 'refund_set_aside' AND a.reference = 'refund:' || asked.id
    LEFT JOIN ledger_transfer b
      ON b.company_id = asked.company_id AND b.reason = 'refund_not_made' AND b.reference = 'refund:' || asked.id
)
SELECT company_id, 'refund:' || id, 'is ' || state || ' with ' || amount_centimes || ' centimes (' || reason
       || '); the books say ' || set_aside || ' set aside, ' || came_back || ' not made, ' || went_out || ' gone'
FROM moved WHERE (out, aside, back) <> (went_out, set_aside, came_back)
""",
    ),
    BookCheck(
        name="posted_without_refund",
        invariant="I9",
        sql="""
SELECT t.company_id, t.reference, t.reason || ' of ' || t.amount_centimes || ' centimes, and nothing of that name'
FROM ledger_transfer t
LEFT JOIN (
    SELECT company_id, 'refund:' || id AS reference FROM payments_refund
    UNION ALL SELECT company_id, 'refund_part:' || id FROM payments_refundpart
    UNION ALL SELECT company_id, 'credit_use:' || id FROM payments_credituse
) known ON known.company_id = t.company_id AND known.reference = t.reference
WHERE t.reason IN ('refund', 'refund_set_aside', 'refund_not_made', 'credit_used') AND known.reference IS NULL
""",
    ),
    BookCheck(
        name="refund_parts_above_their_line",
        invariant="I9",
        sql="""
SELECT l.company_id, 'payment_line:' || l.id,
       'settled ' || coalesce(l.settled_centimes, 0) || ' centimes, given back are ' || sum(part.amount_centimes)
FROM payments_refundpart part
JOIN payments_refund r ON r.id = part.refund_id AND r.state <> 'refused'
JOIN payments_paymentline l ON l.id = part.line_id
GROUP BY l.id HAVING sum(part.amount_centimes) > coalesce(l.settled_centimes, 0)
    OR bool_or(l.payment_id <> r.payment_id)
""",
    ),
    BookCheck(
        name="refund_state_without_its_event",
        invariant="I6",
        each_minute=True,
        sql="""
SELECT r.company_id, 'refund:' || r.id, 'is ' || r.state || ' after ' || r.event_count
       || ' events, the last of them says ' || coalesce(e.to_state, 'nothing')
FROM {refunds} r LEFT JOIN payments_refundevent e ON e.refund_id = r.id AND e.sequence = r.event_count
WHERE e.to_state IS DISTINCT FROM r.state
""",
    ),
    BookCheck(
        name="refund_events_are_no_path",
        invariant="I6",
        sql="""
SELECT company_id, 'refund:' || refund_id,
       'event ' || sequence || ' begins in ' || from_state || ', not in ' || before
FROM (
    SELECT company_id, refund_id, sequence, from_state,
           lag(to_state, 1, '') OVER story AS before, row_number() OVER story AS place
    FROM payments_refundevent WINDOW story AS (PARTITION BY refund_id ORDER BY sequence)
) told
WHERE from_state <> before OR sequence <> place
""",
    ),
    BookCheck(
        name="refund_by_one_person",
        invariant="I9",
        each_minute=True,
        sql="""
SELECT r.company_id, 'refund:' || r.id, 'was asked for and approved by the same person, ' || r.requested_by_id
FROM {refunds} r JOIN payments_refundevent e ON e.refund_id = r.id AND e.event IN ('approved', 'recorded')
WHERE e.by_id = r.requested_by_id
""",
    ),
    BookCheck(
        name="credit_use_differs_from_books",
        invariant="I5",
        sql="""
SELECT u.company_id, 'credit_use:' || u.id,
       'says ' || u.amount_centimes || ' centimes, the books ' || coalesce(t.amount_centimes, 0)
FROM payments_credituse u
LEFT JOIN ledger_transfer t
  ON t.company_id = u.company_id AND t.reason = 'credit_used' AND t.reference = 'credit_use:' || u.id
WHERE t.amount_centimes IS DISTINCT FROM u.amount_centimes
""",
    ),
    BookCheck(
        name="refunds_due_differ_from_open_refunds",
        invariant="I5",
        sql="""
WITH asked AS (
    SELECT company_id, sum(amount_centimes) AS centimes FROM payments_refund
    WHERE reason = 'credit' AND state NOT IN ('done', 'refused') GROUP BY company_id
), held AS (
    SELECT company_id, sum(centimes) AS centimes FROM (
        SELECT a.company_id, t.amount_centimes AS centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.credit_id = a.id WHERE a.code = %(refunds_due)s::text
        UNION ALL
        SELECT a.company_id, -t.amount_centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.debit_id = a.id WHERE a.code = %(refunds_due)s::text
    ) moved GROUP BY company_id
)
SELECT c.id, 'account:' || %(refunds_due)s::text,
       'holds ' || coalesce(h.centimes, 0) || ' centimes, open refunds of credit ask for ' || coalesce(a.centimes, 0)
FROM companies_company c LEFT JOIN asked a ON a.company_id = c.id LEFT JOIN held h ON h.company_id = c.id
WHERE coalesce(h.centimes, 0) <> coalesce(a.centimes, 0)
""",
    ),
    BookCheck(
        name="refund_waits_too_long",
        invariant="I10",
        sql="""
SELECT company_id, 'refund:' || id, 'is ' || state || ' and should have gone on at ' || next_step_at
FROM payments_refund WHERE next_step_at < %(late)s
""",
    ),
    BookCheck(
        name="refund_without_owner",
        invariant="I10",
        sql="""
SELECT r.company_id, 'refund:' || r.id, 'is ' || r.state || ', and nobody was told'
FROM payments_refund r LEFT JOIN cases_case c
  ON c.company_id = r.company_id AND c.kind = 'refund' AND c.reference = 'refund:' || r.id AND c.state = 'open'
WHERE r.state IN ('requested', 'manual') AND c.id IS NULL
""",
    ),
)
