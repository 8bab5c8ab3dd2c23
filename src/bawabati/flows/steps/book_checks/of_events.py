"""What billing systems are told: each payment and each refund once, and whatever was given up is somebody's."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_EVENTS: Final = (
    # What ended before a company's first event is older than events, or was brought in from elsewhere.
    BookCheck(
        name="payment_not_told_once",
        invariant="I12",
        sql="""
WITH since AS (
    SELECT company_id, min(at) AS at FROM notices_event GROUP BY company_id
), told AS (
    SELECT company_id, (body -> 'payment' ->> 'id')::bigint AS payment_id, count(*) AS times,
           max((body ->> 'amount_centimes')::bigint) AS centimes
    FROM notices_event WHERE kind = 'payment.paid' GROUP BY 1, 2
)
SELECT p.company_id, 'payment:' || p.id, 'is paid with ' || p.amount_centimes || ' centimes; it was told '
       || coalesce(t.times, 0) || ' times, with ' || coalesce(t.centimes, 0)
FROM payments_payment p JOIN since s ON s.company_id = p.company_id AND p.ended_at >= s.at
LEFT JOIN told t ON t.payment_id = p.id AND t.company_id = p.company_id
WHERE p.state = 'paid' AND (t.times IS DISTINCT FROM 1 OR t.centimes <> p.amount_centimes)
UNION ALL
SELECT t.company_id, 'payment:' || t.payment_id, 'was told as paid, and is ' || coalesce(p.state, 'unknown')
FROM told t LEFT JOIN payments_payment p ON p.id = t.payment_id AND p.company_id = t.company_id
WHERE p.state IS DISTINCT FROM 'paid'
""",
    ),
    BookCheck(
        name="refund_not_told_once",
        invariant="I12",
        sql="""
WITH since AS (
    SELECT company_id, min(at) AS at FROM notices_event GROUP BY company_id
), told AS (
    SELECT company_id, (body -> 'refund' ->> 'id')::bigint AS refund_id, count(*) AS times,
           max((body ->> 'amount_centimes')::bigint) AS centimes
    FROM notices_event WHERE kind = 'payment.refunded' GROUP BY 1, 2
)
SELECT r.company_id, 'refund:' || r.id, 'gave back ' || r.amount_centimes || ' centimes; it was told '
       || coalesce(t.times, 0) || ' times, with ' || coalesce(t.centimes, 0)
FROM payments_refund r JOIN since s ON s.company_id = r.company_id AND r.ended_at >= s.at
LEFT JOIN told t ON t.refund_id = r.id AND t.company_id = r.company_id
WHERE r.state = 'done' AND (t.times IS DISTINCT FROM 1 OR t.centimes <> r.amount_centimes)
""",
    ),
    BookCheck(
        name="webhook_given_up_without_case",
        invariant="I10",
        sql="""
SELECT e.company_id, 'webhook:' || e.id, d.given_up || ' events were given up, and nobody owns them'
FROM notices_endpoint e JOIN (
    SELECT endpoint_id, count(*) AS given_up, max(ended_at) AS latest
    FROM notices_delivery WHERE state = 'given_up' GROUP BY endpoint_id
) d ON d.endpoint_id = e.id
WHERE e.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM cases_case c WHERE c.company_id = e.company_id AND c.reference = 'webhook:' || e.id
    AND c.kind IN ('webhook_given_up', 'webhook_silent') AND (c.state = 'open' OR c.closed_at >= d.latest)
)
""",
    ),
)
