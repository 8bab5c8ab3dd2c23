"""Closed days beside the books that they closed, and payment files beside what they tell."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_CLOSINGS: Final = (
    BookCheck(
        name="chain_of_closings_is_broken",
        invariant="I15",
        sql="""
SELECT company_id, 'company_closing:' || id, 'number ' || number || ' of its company, in place ' || place
FROM (
    SELECT *, row_number() OVER chain AS place, lag(sha256, 1, '') OVER chain AS before,
           lag(day) OVER chain AS day_before
    FROM reports_companyclosing WINDOW chain AS (PARTITION BY company_id ORDER BY number)
) told
WHERE number <> place OR previous_sha256 <> before OR day <> coalesce(day_before + 1, day)
   OR sha256 <> encode(sha256(convert_to(previous_sha256 || E'\\n' || facts, 'UTF8')), 'hex')
""",
    ),
    # Each transfer of a closed day is counted by its certificate or told as late: law 07-11 freezes what is closed.
    BookCheck(
        name="closed_day_differs",
        invariant="I15",
        sql="""
WITH closed AS (
    SELECT company_id, max(day) AS up_to FROM reports_companyclosing GROUP BY company_id
), posted AS (
    SELECT t.company_id, t.accounted_on AS day, count(*) AS entries, sum(t.amount_centimes) AS centimes
    FROM closed JOIN ledger_transfer t ON t.company_id = closed.company_id AND t.accounted_on <= closed.up_to
    LEFT JOIN reports_lateposting late ON late.transfer_id = t.id
    WHERE late.transfer_id IS NULL GROUP BY t.company_id, t.accounted_on
), told AS (
    SELECT company_id, day, (facts::jsonb -> 'entries' ->> 'count')::bigint AS entries,
           (facts::jsonb -> 'entries' ->> 'centimes')::bigint AS centimes
    FROM reports_companyclosing
)
SELECT company_id, 'day:' || day,
       'the certificate says ' || coalesce(told.entries, 0) || ' entries of ' || coalesce(told.centimes, 0)
       || ' centimes, the books ' || coalesce(posted.entries, 0) || ' of ' || coalesce(posted.centimes, 0)
FROM told FULL JOIN posted USING (company_id, day)
WHERE coalesce(told.entries, 0) <> coalesce(posted.entries, 0)
   OR coalesce(told.centimes, 0) <> coalesce(posted.centimes, 0)
""",
    ),
)

OF_PAYMENT_FILES: Final = (
    BookCheck(
        name="payment_file_numbers_have_a_gap",
        invariant="I12",
        sql="""
SELECT company_id, 'payment_files', 'the highest is ' || max(number) || ', there are ' || count(*)
FROM reports_paymentfile GROUP BY company_id HAVING max(number) <> count(*)
""",
    ),
    BookCheck(
        name="payment_file_differs_from_its_lines",
        invariant="I12",
        sql="""
SELECT f.company_id, 'payment_file:' || f.id, 'says ' || f.line_count || ' lines, ' || f.paid_centimes || ' − '
       || f.taken_back_centimes || ' centimes, holds ' || coalesce(l.lines, 0) || ', ' || coalesce(l.paid, 0) || ' − '
       || coalesce(l.back, 0)
FROM reports_paymentfile f
LEFT JOIN (
    SELECT file_id, count(*) AS lines, sum(surplus_centimes) AS surplus,
           coalesce(sum(amount_centimes) FILTER (WHERE kind IN ('paid', 'credit_used')), 0) AS paid,
           coalesce(sum(amount_centimes) FILTER (WHERE kind IN ('lowered', 'due_again')), 0) AS back
    FROM reports_paymentfileline GROUP BY file_id
) l ON l.file_id = f.id
WHERE f.line_count <> coalesce(l.lines, 0) OR f.paid_centimes <> coalesce(l.paid, 0)
   OR f.taken_back_centimes <> coalesce(l.back, 0) OR f.surplus_centimes <> coalesce(l.surplus, 0)
""",
    ),
    BookCheck(
        name="payment_file_copy_changed",
        invariant="I15",
        sql="""
SELECT company_id, 'payment_file:' || file_id, 'its ' || form || ' is no longer what went out'
FROM reports_paymentfilecopy WHERE sha256 <> encode(sha256(content), 'hex')
""",
    ),
    # What a file tells of a bill is what the books say of it. Surplus is told with its payment, and is no bill's.
    BookCheck(
        name="payment_file_differs_from_books",
        invariant="I5",
        sql="""
WITH reasons (kind, reason) AS (
    VALUES ('paid', 'capture'), ('credit_used', 'credit_used'), ('lowered', 'bill_lowered'), ('due_again', 'refund')
)
SELECT l.company_id, 'payment_file_line:' || l.id,
       'tells ' || l.amount_centimes || ' centimes of ' || l.reference || ', the books '
       || coalesce(t.amount_centimes, 0)
FROM reports_paymentfileline l JOIN reasons USING (kind)
LEFT JOIN ledger_transfer t
  ON t.company_id = l.company_id AND t.reason = reasons.reason AND t.reference = l.reference
WHERE l.amount_centimes <> coalesce(t.amount_centimes, 0)
""",
    ),
    # Whatever moves on the customers' account concerns a bill: the billing system is told within a day.
    BookCheck(
        name="not_told_to_billing",
        invariant="I12",
        sql="""
WITH told_of AS (
    SELECT company_id FROM reports_paymentfile GROUP BY company_id
)
SELECT t.company_id, t.reference, t.reason || ' of ' || t.amount_centimes || ' centimes of ' || t.accounted_on
       || ' stands in no payment file'
FROM told_of JOIN ledger_account a ON a.company_id = told_of.company_id AND a.code = %(customers)s::text
JOIN ledger_transfer t ON (t.credit_id = a.id OR t.debit_id = a.id) AND t.at < %(long_untold)s
LEFT JOIN reports_paymentfileline l
  ON l.company_id = t.company_id AND l.reference = t.reference
 AND l.kind = CASE t.reason WHEN 'capture' THEN 'paid' WHEN 'credit_used' THEN 'credit_used'
                            WHEN 'bill_lowered' THEN 'lowered' WHEN 'refund' THEN 'due_again' END
WHERE l.id IS NULL
""",
    ),
)
