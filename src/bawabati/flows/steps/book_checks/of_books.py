"""The ledger beside what it was written for: payments, bills, customers' credit."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_BOOKS: Final = (
    BookCheck(
        name="books_differ_from_payments",
        invariant="I5",
        each_minute=True,
        sql="""
SELECT l.company_id, 'payment_line:' || l.id,
       'payments say ' || coalesce(l.settled_centimes, 0) || ' + ' || coalesce(l.surplus_centimes, 0)
       || ' centimes on ' || p.accounted_on || ', the books ' || coalesce(c.amount_centimes, 0) || ' + '
       || coalesce(s.amount_centimes, 0) || coalesce(' on ' || coalesce(c.accounted_on, s.accounted_on), '')
FROM {payments} p JOIN payments_paymentline l ON l.payment_id = p.id
LEFT JOIN ledger_transfer c
  ON c.company_id = l.company_id AND c.reason = 'capture' AND c.reference = 'payment_line:' || l.id
LEFT JOIN ledger_transfer s
  ON s.company_id = l.company_id AND s.reason = 'surplus' AND s.reference = 'payment_line:' || l.id
WHERE p.state = 'paid' AND (
    coalesce(l.settled_centimes, 0) <> coalesce(c.amount_centimes, 0)
    OR coalesce(l.surplus_centimes, 0) <> coalesce(s.amount_centimes, 0)
    OR c.accounted_on <> p.accounted_on OR s.accounted_on <> p.accounted_on
)
""",
    ),
    BookCheck(
        name="posted_without_payment",
        invariant="I1",
        sql="""
SELECT t.company_id, t.reference, t.reason || ' of ' || t.amount_centimes || ' centimes, and no paid line of that name'
FROM ledger_transfer t
LEFT JOIN payments_paymentline l ON 'payment_line:' || l.id = t.reference AND l.settled_centimes IS NOT NULL
WHERE t.reason IN ('capture', 'surplus') AND l.id IS NULL
""",
    ),
    BookCheck(
        name="posted_to_another_account",
        invariant="I5",
        sql="""
WITH ways (reason, debits, credits) AS (
    VALUES ('capture',
            ARRAY[%(cards)s::text, %(reader_cards)s::text, %(cash)s::text, %(cheques)s::text, %(channels)s::text],
            ARRAY[%(customers)s::text]),
           ('surplus',
            ARRAY[%(cards)s::text, %(reader_cards)s::text, %(cash)s::text, %(cheques)s::text, %(channels)s::text],
            ARRAY[%(credit)s::text]),
           ('stamp_duty', ARRAY[%(cash)s::text, %(cheques)s::text], ARRAY[%(stamp_duty)s::text]),
           ('cash_difference', ARRAY[%(cash)s::text, %(shortage)s::text], ARRAY[%(cash)s::text, %(too_much)s::text]),
           ('without_bill', ARRAY[%(cash)s::text], ARRAY[%(suspense)s::text]),
           ('bill_lowered', ARRAY[%(customers)s::text], ARRAY[%(credit)s::text]),
           ('credit_used', ARRAY[%(credit)s::text], ARRAY[%(customers)s::text]),
           ('refund_set_aside', ARRAY[%(credit)s::text], ARRAY[%(refunds_due)s::text]),
           ('refund_not_made', ARRAY[%(refunds_due)s::text], ARRAY[%(credit)s::text]),
           ('settlement', ARRAY[%(remittances)s::text], ARRAY[%(cards)s::text, %(reader_cards)s::text]),
           ('settlement_back', ARRAY[%(cards)s::text, %(reader_cards)s::text], ARRAY[%(remittances)s::text]),
           ('settlement_fee', ARRAY[%(fees)s::text], ARRAY[%(remittances)s::text]),
           ('settlement_fee_back', ARRAY[%(remittances)s::text], ARRAY[%(fees)s::text]),
           ('settlement_vat', ARRAY[%(fees_vat)s::text], ARRAY[%(remittances)s::text]),
           ('settlement_vat_back', ARRAY[%(remittances)s::text], ARRAY[%(fees_vat)s::text]),
           ('bank_credit', ARRAY[%(bank)s::text], ARRAY[%(remittances)s::text]),
           ('bank_debit', ARRAY[%(remittances)s::text], ARRAY[%(bank)s::text]),
           ('difference', ARRAY[%(remittances)s::text, %(apart)s::text], ARRAY[%(remittances)s::text, %(apart)s::text]),
           ('difference_ended',
            ARRAY[%(fees)s::text, %(fees_vat)s::text, %(loss)s::text, %(apart)s::text, %(channels)s::text],
            ARRAY[%(fees)s::text, %(fees_vat)s::text, %(gain)s::text, %(apart)s::text, %(channels)s::text]),
           ('refund',
            ARRAY[%(refunds_due)s::text, %(goodwill)s::text, %(customers)s::text, %(credit)s::text],
            ARRAY[%(cards)s::text, %(reader_cards)s::text, %(cash)s::text, %(cheques)s::text, %(channels)s::text,
                  %(bank)s::text])
)
SELECT t.company_id, 'transfer:' || t.id, t.reason || ' from ' || c.code || ' to ' || d.code
FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id
LEFT JOIN ways w ON w.reason = t.reason
WHERE w.reason IS NULL OR d.code <> ALL (w.debits) OR c.code <> ALL (w.credits)
   OR (d.holder <> '') <> (d.code IN (%(credit)s::text, %(channels)s::text))
   OR (c.holder <> '') <> (c.code IN (%(credit)s::text, %(channels)s::text))
""",
    ),
    BookCheck(
        name="cards_account_differs_from_captured",
        invariant="I5",
        sql="""
WITH ways (way, code) AS (
    VALUES ('web', %(cards)s::text), ('card', %(reader_cards)s::text),
           ('cash', %(cash)s::text), ('cheque', %(cheques)s::text), ('channel', %(channels)s::text)
), captured AS (
    SELECT p.company_id, p.way, sum(p.amount_centimes + coalesce(s.stamp_duty_centimes, 0)) AS centimes
    FROM payments_payment p LEFT JOIN payments_sale s ON s.id = p.sale_id
    WHERE p.state = 'paid' GROUP BY p.company_id, p.way
), besides AS (
    SELECT t.company_id, sum(CASE d.code WHEN %(cash)s::text THEN 1 ELSE -1 END * t.amount_centimes) AS centimes
    FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id
    WHERE t.reason IN ('cash_difference', 'without_bill')
       OR (t.reason = 'stamp_duty' AND t.reference LIKE 'offline:%%')
    GROUP BY t.company_id
), returned AS (
    SELECT r.company_id, p.way, sum(r.amount_centimes) AS centimes
    FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
    WHERE r.state = 'done' AND NOT r.past_the_gateway GROUP BY r.company_id, p.way
), held AS (
    SELECT company_id, code, sum(centimes) AS centimes FROM (
        SELECT a.company_id, a.code, t.amount_centimes AS centimes
        FROM ledger_account a JOIN ways w ON w.code = a.code JOIN ledger_transfer t ON t.debit_id = a.id
        WHERE t.reason NOT IN ('settlement', 'settlement_back', 'difference_ended')
        UNION ALL
        SELECT a.company_id, a.code, -t.amount_centimes
        FROM ledger_account a JOIN ways w ON w.code = a.code JOIN ledger_transfer t ON t.credit_id = a.id
        WHERE t.reason NOT IN ('settlement', 'settlement_back', 'difference_ended')
    ) moved GROUP BY company_id, code
)
SELECT c.id, 'account:' || w.code, 'holds ' || coalesce(h.centimes, 0) || ' centimes, captured are '
       || coalesce(p.centimes, 0) || ', given back ' || coalesce(r.centimes, 0) || ', counted otherwise '
       || coalesce(b.centimes, 0)
FROM companies_company c CROSS JOIN ways w
LEFT JOIN captured p ON p.company_id = c.id AND p.way = w.way
LEFT JOIN held h ON h.company_id = c.id AND h.code = w.code
LEFT JOIN returned r ON r.company_id = c.id AND r.way = w.way
LEFT JOIN besides b ON b.company_id = c.id AND w.way = 'cash'
WHERE coalesce(h.centimes, 0) <> coalesce(p.centimes, 0) - coalesce(r.centimes, 0) + coalesce(b.centimes, 0)
""",
    ),
    BookCheck(
        name="customers_account_differs_from_bills",
        invariant="I5",
        sql="""
WITH settled AS (
    SELECT company_id, sum(settled_centimes) AS centimes FROM bills_bill WHERE tranche_of_id IS NULL GROUP BY company_id
), held AS (
    SELECT company_id, sum(centimes) AS centimes FROM (
        SELECT a.company_id, t.amount_centimes AS centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.credit_id = a.id WHERE a.code = %(customers)s::text
        UNION ALL
        SELECT a.company_id, -t.amount_centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.debit_id = a.id WHERE a.code = %(customers)s::text
    ) moved GROUP BY company_id
)
SELECT c.id, 'account:' || %(customers)s::text,
       'was credited ' || coalesce(h.centimes, 0) || ' centimes, bills have settled ' || coalesce(s.centimes, 0)
FROM companies_company c LEFT JOIN settled s ON s.company_id = c.id LEFT JOIN held h ON h.company_id = c.id
WHERE coalesce(h.centimes, 0) <> coalesce(s.centimes, 0)
""",
    ),
    BookCheck(
        name="credit_below_zero",
        invariant="I5",
        sql="""
WITH held AS (
    SELECT company_id, holder, sum(centimes) AS centimes FROM (
        SELECT a.company_id, a.holder, t.amount_centimes AS centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.credit_id = a.id WHERE a.code = %(credit)s::text
        UNION ALL
        SELECT a.company_id, a.holder, -t.amount_centimes
        FROM ledger_account a JOIN ledger_transfer t ON t.debit_id = a.id WHERE a.code = %(credit)s::text
    ) moved GROUP BY company_id, holder HAVING sum(centimes) < 0
)
SELECT h.company_id, 'account:' || %(credit)s::text || ' ' || h.holder, 'holds ' || h.centimes || ' centimes'
FROM held h
LEFT JOIN cases_case c ON c.company_id = h.company_id AND c.kind = 'credit_overdrawn' AND c.state = 'open'
  AND c.details ->> 'customer' = h.holder
WHERE c.id IS NULL
""",
    ),
)
