"""Channels: what they have reserved beside the payments that it became, what waits, what differs."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_CHANNELS: Final = (
    BookCheck(
        name="paid_reservation_without_payment",
        invariant="I3",
        sql="""
SELECT v.company_id, 'reservation:' || v.id, 'is ' || v.state || ' with ' || v.amount_centimes || ' centimes'
       || coalesce('; its payment is ' || p.state || ' with ' || p.amount_centimes || ' of ' || p.way, ', no payment')
FROM payments_reservation v LEFT JOIN payments_payment p ON p.reservation_id = v.id
LEFT JOIN payments_reservationhappening late ON late.reservation_id = v.id AND late.event = 'channel_paid_after_end'
WHERE CASE WHEN p.id IS NULL THEN v.state = 'paid'
      ELSE p.state <> 'paid' OR p.amount_centimes <> v.amount_centimes OR p.way <> 'channel'
           OR (v.state <> 'paid' AND late.id IS NULL) END
""",
    ),
    BookCheck(
        name="reservation_is_not_the_sum_of_its_lines",
        invariant="I1",
        sql="""
SELECT v.company_id, 'reservation:' || v.id, v.amount_centimes || ' centimes, lines say ' || coalesce(l.centimes, 0)
FROM payments_reservation v LEFT JOIN (
    SELECT reservation_id, sum(amount_centimes) AS centimes FROM payments_reservationline GROUP BY reservation_id
) l ON l.reservation_id = v.id
WHERE v.amount_centimes <> coalesce(l.centimes, 0)
""",
    ),
    BookCheck(
        name="live_reservation_without_hold",
        invariant="I7",
        sql="""
SELECT l.company_id, 'reservation:' || v.id, 'is ' || v.state || ' and does not hold bill ' || l.bill_id
FROM payments_reservation v JOIN payments_reservationline l ON l.reservation_id = v.id
LEFT JOIN payments_hold h ON h.bill_id = l.bill_id AND h.reservation_id = v.id
WHERE v.state IN ('reserved', 'pending') AND h.id IS NULL AND v.over_at IS NULL AND NOT EXISTS (
    SELECT FROM payments_reservationhappening e
    WHERE e.reservation_id = v.id AND e.event IN ('hold_released', 'money_came_first')
)
""",
    ),
    BookCheck(
        name="reservation_happenings_are_no_path",
        invariant="I6",
        sql="""
SELECT company_id, 'reservation:' || reservation_id,
       'event ' || sequence || ' begins in ' || from_state || ', not in ' || before
FROM (
    SELECT company_id, reservation_id, sequence, from_state,
           lag(to_state, 1, '') OVER story AS before, row_number() OVER story AS place
    FROM payments_reservationhappening WINDOW story AS (PARTITION BY reservation_id ORDER BY sequence)
) told
WHERE from_state <> before OR sequence <> place
UNION ALL
SELECT v.company_id, 'reservation:' || v.id, 'is ' || v.state || ' after ' || v.event_count
       || ' events; the last says ' || coalesce(e.to_state, 'nothing')
FROM payments_reservation v
LEFT JOIN payments_reservationhappening e ON e.reservation_id = v.id AND e.sequence = v.event_count
WHERE e.to_state IS DISTINCT FROM v.state
""",
    ),
    BookCheck(
        name="channel_account_differs_from_payments",
        invariant="I5",
        sql="""
WITH paid AS (
    SELECT v.company_id, c.code, sum(p.amount_centimes) AS centimes
    FROM payments_payment p JOIN payments_reservation v ON v.id = p.reservation_id
    JOIN payments_channel c ON c.id = v.channel_id WHERE p.state = 'paid' GROUP BY v.company_id, c.code
), returned AS (
    SELECT v.company_id, c.code, sum(r.amount_centimes) AS centimes
    FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
    JOIN payments_reservation v ON v.id = p.reservation_id JOIN payments_channel c ON c.id = v.channel_id
    WHERE r.state = 'done' AND NOT r.past_the_gateway GROUP BY v.company_id, c.code
), held AS (
    SELECT company_id, holder AS code, sum(centimes) AS centimes FROM (
        SELECT a.company_id, a.holder, t.amount_centimes AS centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.debit_id = a.id
        WHERE a.code = %(channels)s::text AND t.reason <> 'difference_ended'
        UNION ALL
        SELECT a.company_id, a.holder, -t.amount_centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.credit_id = a.id
        WHERE a.code = %(channels)s::text AND t.reason <> 'difference_ended'
    ) moved GROUP BY company_id, holder
)
SELECT coalesce(h.company_id, p.company_id), 'account:' || %(channels)s::text || ' ' || coalesce(h.code, p.code),
       'holds ' || coalesce(h.centimes, 0) || ' centimes, payments say ' || coalesce(p.centimes, 0)
       || ', given back ' || coalesce(r.centimes, 0)
FROM held h FULL JOIN paid p ON p.company_id = h.company_id AND p.code = h.code
LEFT JOIN returned r ON r.company_id = coalesce(h.company_id, p.company_id) AND r.code = coalesce(h.code, p.code)
WHERE coalesce(h.centimes, 0) <> coalesce(p.centimes, 0) - coalesce(r.centimes, 0)
""",
    ),
    BookCheck(
        name="channel_difference_without_case",
        invariant="I5",
        sql="""
SELECT d.company_id, 'channel_difference:' || d.id, d.kind || ' of ' || d.day || ' is open, and nobody owns it'
FROM payments_channeldifference d
LEFT JOIN cases_case c ON c.company_id = d.company_id AND c.kind = 'channel_difference'
  AND c.reference = 'channel_difference:' || d.id
WHERE d.ended_at IS NULL AND c.id IS NULL
""",
    ),
)
