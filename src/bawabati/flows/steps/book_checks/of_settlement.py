"""Files of the acquirer and the bank beside the books that were written from them."""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck

OF_SETTLEMENT: Final = (
    BookCheck(
        name="items_differ_from_what_stands_apart",
        invariant="I5",
        sql="""
SELECT coalesce(b.company_id, i.company_id), 'account:' || coalesce(b.code, 'none'),
    'the books hold ' || coalesce(b.balance, 0) || ' centimes apart, the items say ' || coalesce(i.posted, 0)
FROM (
    SELECT a.company_id, a.code, sum(CASE WHEN t.credit_id = a.id THEN t.amount_centimes ELSE -t.amount_centimes END)
        AS balance
    FROM ledger_account a JOIN ledger_transfer t ON a.id IN (t.debit_id, t.credit_id)
    WHERE a.code = %(apart)s AND t.reason IN ('difference', 'difference_ended')
    GROUP BY a.company_id, a.code
) b
FULL JOIN (
    SELECT company_id, sum(posted_centimes) AS posted FROM settlement_difference GROUP BY company_id
) i ON i.company_id = b.company_id
WHERE coalesce(b.balance, 0) <> coalesce(i.posted, 0)
""",
    ),
    BookCheck(
        name="remittances_due_differ",
        invariant="I5",
        sql="""
SELECT coalesce(b.company_id, r.company_id), 'account:remittances_due',
    'the books expect ' || coalesce(b.balance, 0) || ' centimes of the bank, the files ' || coalesce(r.net, 0)
FROM (
    SELECT a.company_id, sum(CASE WHEN t.debit_id = a.id THEN t.amount_centimes ELSE -t.amount_centimes END) AS balance
    FROM ledger_account a JOIN ledger_transfer t ON a.id IN (t.debit_id, t.credit_id)
    WHERE a.code = %(remittances)s GROUP BY a.company_id
) b
FULL JOIN (
    SELECT company_id, sum(net_centimes) AS net FROM settlement_remittance WHERE credit_count = 0 GROUP BY company_id
) r ON r.company_id = b.company_id
WHERE coalesce(b.balance, 0) <> coalesce(r.net, 0)
""",
    ),
    BookCheck(
        name="settled_otherwise_than_matched",
        invariant="I5",
        sql="""
SELECT coalesce(m.company_id, t.company_id), 'settlement',
    'lines were matched with ' || coalesce(m.amount, 0) || ' centimes of ours, the books have '
    || coalesce(t.amount, 0)
FROM (
    SELECT company_id, sum(amount_centimes) AS amount FROM settlement_match WHERE remittance_id IS NULL
    GROUP BY company_id
) m
FULL JOIN (
    SELECT company_id, sum(CASE WHEN reason = 'settlement' THEN amount_centimes ELSE -amount_centimes END) AS amount
    FROM ledger_transfer WHERE reason IN ('settlement', 'settlement_back') GROUP BY company_id
) t ON t.company_id = m.company_id
WHERE coalesce(m.amount, 0) <> coalesce(t.amount, 0)
""",
    ),
    BookCheck(
        name="line_matched_otherwise_than_once",
        invariant="I5",
        sql="""
SELECT l.company_id, 'statement_line:' || l.id, 'it has ' || count(*) || ' matches'
FROM settlement_match m JOIN settlement_statementline l ON l.id = m.line_id
WHERE m.remittance_id IS NULL AND l.kind <> 'terminal_total'
GROUP BY l.company_id, l.id HAVING count(*) > 1
""",
    ),
    BookCheck(
        name="line_neither_matched_nor_an_item",
        invariant="I5",
        sql="""
SELECT l.company_id, 'statement_line:' || l.id, l.kind || ' of ' || l.gross_centimes || ' centimes'
FROM settlement_statementline l JOIN settlement_statement s ON s.id = l.statement_id AND s.matched_at IS NOT NULL
WHERE s.source = 'acquirer' AND l.is_counted AND l.kind <> 'unreadable'
    AND NOT EXISTS (SELECT FROM settlement_match m WHERE m.line_id = l.id)
    AND NOT EXISTS (SELECT FROM settlement_difference d WHERE d.line_id = l.id)
""",
    ),
    BookCheck(
        name="matched_with_a_payment_that_is_not_paid",
        invariant="I1",
        sql="""
SELECT m.company_id, 'payment:' || p.id, 'a line of the acquirer was matched with it, and it is ' || p.state
FROM settlement_match m JOIN payments_payment p ON p.id = m.payment_id WHERE p.state <> 'paid'
""",
    ),
    BookCheck(
        name="statement_not_compared",
        invariant="I10",
        sql="""
SELECT company_id, 'statement:' || id, 'received at ' || received_at || ', and not compared with our books'
FROM settlement_statement WHERE matched_at IS NULL AND received_at < %(late)s
""",
    ),
    BookCheck(
        name="difference_past_its_promise",
        invariant="I10",
        sql="""
SELECT company_id, 'difference:' || id, kind || ' was promised for ' || promised_on
FROM settlement_difference WHERE state <> 'ended' AND promised_on < %(today)s
""",
    ),
)
