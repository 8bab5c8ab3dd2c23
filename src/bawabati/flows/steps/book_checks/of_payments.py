"""Payments, their lines, their events and what was recovered."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_PAYMENTS: Final = (
    BookCheck(
        name="amount_is_not_the_sum_of_its_lines",
        invariant="I1",
        each_minute=True,
        sql="""
SELECT p.company_id, 'payment:' || p.id,
       p.amount_centimes || ' centimes, lines say ' || coalesce(l.centimes, 0)
FROM {payments} p LEFT JOIN (
    SELECT payment_id, sum(amount_centimes) AS centimes FROM payments_paymentline {of_payments} GROUP BY payment_id
) l ON l.payment_id = p.id
WHERE p.amount_centimes <> coalesce(l.centimes, 0)
""",
    ),
    BookCheck(
        name="line_not_accounted",
        invariant="I1",
        each_minute=True,
        sql="""
SELECT l.company_id, 'payment_line:' || l.id, 'the payment is ' || p.state
FROM {payments} p JOIN payments_paymentline l ON l.payment_id = p.id
WHERE (p.state = 'paid') <> (l.settled_centimes IS NOT NULL)
""",
    ),
    BookCheck(
        name="surplus_without_case",
        invariant="I1",
        each_minute=True,
        sql="""
SELECT DISTINCT l.company_id, 'payment:' || l.payment_id, 'has a surplus, and nobody owns it'
FROM {payments} p JOIN payments_paymentline l ON l.payment_id = p.id
LEFT JOIN cases_case c
  ON c.company_id = l.company_id AND c.kind = 'surplus' AND c.reference = 'payment:' || l.payment_id
WHERE l.surplus_centimes > 0 AND c.id IS NULL
""",
    ),
    BookCheck(
        name="recovered_otherwise_than_ended",
        invariant="I6",
        each_minute=True,
        sql="""
SELECT p.company_id, 'payment:' || p.id, 'posts the money of payment ' || e.id || ', which is ' || e.state
       || ', order ' || e.order_number || ', ' || e.amount_centimes || ' centimes'
FROM {payments} p JOIN payments_payment e ON e.id = p.recovered_from_id
WHERE e.state NOT IN ('failed', 'declined', 'expired') OR e.recovered_from_id IS NOT NULL
   OR (e.company_id, e.gateway_account_id, e.order_number, e.amount_centimes)
      <> (p.company_id, p.gateway_account_id, p.order_number, p.amount_centimes)
   OR e.gateway_reference <> p.gateway_reference
""",
    ),
    BookCheck(
        name="recovered_without_case",
        invariant="I1",
        each_minute=True,
        sql="""
SELECT p.company_id, 'payment:' || p.id, 'was recovered, and nobody was told'
FROM {payments} p LEFT JOIN cases_case c
  ON c.company_id = p.company_id AND c.kind = 'paid_after_end' AND c.reference = 'payment:' || p.recovered_from_id
WHERE p.recovered_from_id IS NOT NULL AND c.id IS NULL
""",
    ),
    BookCheck(
        name="state_without_its_event",
        invariant="I6",
        each_minute=True,
        sql="""
SELECT company_id, 'payment:' || id, 'is ' || state || ' after ' || event_count || ' events; the last says '
       || coalesce(event || ', ' || to_state || ': ' || left(evidence::text, 200), 'nothing')
FROM (
    SELECT p.company_id, p.id, p.state, p.event_count, p.recovered_from_id IS NOT NULL AS is_recovered, p.way,
           p.order_number,
           p.amount_centimes, e.event, e.to_state, e.evidence
    FROM {payments} p LEFT JOIN payments_paymentevent e ON e.payment_id = p.id AND e.sequence = p.event_count
) ended
WHERE to_state IS DISTINCT FROM state
   OR CASE state
      WHEN 'paid' THEN
          event <> CASE WHEN way <> 'web' THEN 'received' WHEN is_recovered THEN 'recovered' ELSE 'confirmed' END
          OR evidence ->> 'order_number' IS DISTINCT FROM order_number
          OR evidence ->> 'amount_centimes' IS DISTINCT FROM amount_centimes::text
          OR evidence ->> 'currency' IS DISTINCT FROM '012'
      WHEN 'declined' THEN evidence ->> 'http_status' IS NULL
      WHEN 'expired' THEN evidence ->> 'http_status' IS NULL
      ELSE false END
""",
    ),
    BookCheck(
        name="events_are_no_path",
        invariant="I6",
        each_minute=True,
        sql="""
SELECT company_id, 'payment:' || payment_id,
       'event ' || sequence || ' begins in ' || from_state || ', not in ' || before
FROM (
    SELECT company_id, payment_id, sequence, from_state,
           lag(to_state, 1, '') OVER story AS before, row_number() OVER story AS place
    FROM payments_paymentevent {of_payments}
    WINDOW story AS (PARTITION BY payment_id ORDER BY sequence)
) told
WHERE from_state <> before OR sequence <> place
""",
    ),
)
