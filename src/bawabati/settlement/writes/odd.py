"""Items about files as a whole, and about what has not come: noted in a temporary table, opened by `open_odd`."""

from __future__ import annotations

from datetime import date

from django.db import connection

from bawabati.settlement.models import Statement


def lay_out_items() -> None:
    """The table of items yet to be written, where no lines are matched."""
    with connection.cursor() as cursor:
        cursor.execute(_ODD)


_ODD = """
CREATE TEMPORARY TABLE odd (
    kind text, reference text, day date, amount bigint, posted bigint, statement_id bigint, line_id bigint,
    payment_id bigint, refund_id bigint, remittance_id bigint, details jsonb
) ON COMMIT DROP
"""


def note_odd_of_file(statement: Statement) -> None:
    """Bad lines, lines told again, lines of earlier days, and a total that is not that of the lines."""
    values: dict[str, int | date] = {"company": statement.company_id, "statement": statement.id, "day": statement.day}
    with connection.cursor() as cursor:
        cursor.execute(_UNREADABLE, values)
        if statement.source == "acquirer":
            cursor.execute(_TOLD_AGAIN, values)
            cursor.execute(_LATE, values)
            differs = _of_the_total(statement)
        else:
            cursor.execute(_TOLD_IN_ANOTHER_FORMAT, values)
            differs = _of_the_balance(statement)
        if differs:
            cursor.execute(_TOTAL, values | {"amount": differs})


_UNREADABLE = """
INSERT INTO odd
SELECT 'unreadable_line', 'statement_line:' || id, %(day)s, 0, 0, %(statement)s, id, NULL, NULL, NULL,
    jsonb_build_object('line_number', line_number, 'reason', reason)
FROM settlement_statementline WHERE statement_id = %(statement)s AND kind = 'unreadable'
"""
_TOLD_AGAIN = """
INSERT INTO odd
SELECT 'repeated_line', 'statement:' || %(statement)s, %(day)s, 0, 0, %(statement)s, NULL, NULL, NULL, NULL,
    jsonb_build_object('lines', count(*), 'gross_centimes', sum(gross_centimes))
FROM settlement_statementline WHERE statement_id = %(statement)s AND NOT is_counted HAVING count(*) > 0
"""
_TOLD_IN_ANOTHER_FORMAT = """
INSERT INTO odd
SELECT 'repeated_line', 'statement:' || %(statement)s, %(day)s, 0, 0, %(statement)s, NULL, NULL, NULL, NULL,
    jsonb_build_object('lines', count(*), 'gross_centimes', sum(line.net_centimes))
FROM settlement_statementline line
JOIN settlement_statementline first ON first.id = line.repeat_of
JOIN settlement_statement file ON file.id = line.statement_id
JOIN settlement_statement other ON other.id = first.statement_id AND other.profile_id <> file.profile_id
WHERE line.statement_id = %(statement)s AND NOT line.is_counted HAVING count(*) > 0
"""
_LATE = """
INSERT INTO odd
SELECT 'late_line', 'statement:' || %(statement)s || ':' || happened_on, happened_on, sum(gross_centimes), 0,
    %(statement)s, NULL, NULL, NULL, NULL,
    jsonb_build_object('lines', count(*), 'file_day', %(day)s::date)
FROM settlement_statementline
WHERE statement_id = %(statement)s AND is_counted AND repeat_of IS NULL AND happened_on < %(day)s
    AND kind IN ('payment', 'terminal_total', 'refund', 'cancellation')
GROUP BY happened_on
"""
_TOTAL = """
INSERT INTO odd
SELECT 'file_total_differs', 'statement:' || id, day, %(amount)s, 0, id, NULL, NULL, NULL, NULL,
    announced || jsonb_build_object('lines', line_count, 'gross_centimes', gross_centimes,
        'fee_centimes', fee_centimes, 'vat_centimes', vat_centimes, 'net_centimes', net_centimes)
FROM settlement_statement WHERE id = %(statement)s
"""


def _of_the_total(statement: Statement) -> int:
    """What the sender's total says more than the lines: of the net, else of the first other sum that differs."""
    said = statement.announced
    pairs = (
        (said.get("net"), statement.net_centimes),
        (said.get("gross"), statement.gross_centimes),
        (said.get("fee"), statement.fee_centimes),
        (said.get("vat"), statement.vat_centimes),
        (said.get("count"), statement.line_count),
    )
    return next((theirs - ours for theirs, ours in pairs if theirs is not None and theirs != ours), 0)


def _of_the_balance(statement: Statement) -> int:
    said = statement.announced
    if "opening" not in said or "closing" not in said:
        return 0
    return int(said["closing"]) - int(said["opening"]) - statement.net_centimes


def note_missing(*, company_id: int, today: date, seen_by: date, files_by: date) -> None:
    """What we have and no file shows: payments and refunds up to `seen_by`, days without a file up to `files_by`.

    Nothing is expected from before the first file of its kind. Rule: not-seen (failures.md 2.8, S1 and S3)
    """
    values: dict[str, int | date] = {"company": company_id, "today": today, "seen_by": seen_by, "files_by": files_by}
    with connection.cursor() as cursor:
        for statement in (_MISSING_FILES, _MISSING_BANK_FILES, _MISSING_PAYMENTS, _MISSING_REFUNDS, _NOT_CREDITED):
            cursor.execute(statement, values)


_FIRST = """
SELECT min(from_on) FROM settlement_statement WHERE company_id = %(company)s AND source = 'acquirer'
"""
# A file of several days bears the last one's name: a day most of whose payments have been shown has had its file.
_MISSING_FILES = f"""
INSERT INTO odd
SELECT 'missing_file', 'acquirer:' || p.accounted_on, p.accounted_on,
    -sum(p.amount_centimes) FILTER (WHERE m.id IS NULL), 0, NULL, NULL, NULL, NULL, NULL,
    jsonb_build_object('payments', count(*) FILTER (WHERE m.id IS NULL))
FROM payments_payment p LEFT JOIN settlement_match m ON m.payment_id = p.id
WHERE p.company_id = %(company)s AND p.state = 'paid' AND p.way IN ('web', 'card')
    AND p.accounted_on >= ({_FIRST}) AND p.accounted_on <= %(files_by)s
    AND NOT EXISTS (
        SELECT FROM settlement_statement s
        WHERE s.company_id = %(company)s AND s.source = 'acquirer' AND s.day = p.accounted_on
    )
GROUP BY p.accounted_on HAVING 2 * count(m.id) <= count(*) AND count(m.id) < count(*)
"""  # noqa: S608 - no value in it
# A bank sends one on each day on which something was due to come, or covers it with a later one. What has no day of
# value is due on the last day of its lines.
_MISSING_BANK_FILES = """
INSERT INTO odd
SELECT 'missing_file', 'bank:' || r.due_on, r.due_on, -sum(r.net_centimes), 0, NULL, NULL, NULL, NULL, NULL,
    jsonb_build_object('remittances', count(*))
FROM (SELECT *, coalesce(value_on, last_on) AS due_on FROM settlement_remittance) AS r
WHERE r.company_id = %(company)s AND r.credit_count = 0 AND r.net_centimes <> 0 AND r.due_on <= %(files_by)s
    AND r.due_on >= (SELECT min(from_on) FROM settlement_statement WHERE company_id = %(company)s AND source = 'bank')
    AND NOT EXISTS (
        SELECT FROM settlement_statement s WHERE s.company_id = %(company)s AND s.source = 'bank'
            AND r.due_on BETWEEN least(s.day, s.from_on) AND greatest(s.day, s.to_on)
    )
GROUP BY r.due_on
"""
# A day whose file is missing is one item, not one for each payment of it.
_MISSING_PAYMENTS = f"""
INSERT INTO odd
SELECT 'missing_at_bank', 'payment:' || p.id, p.accounted_on, -p.amount_centimes, 0, NULL, NULL, p.id, NULL, NULL,
    jsonb_build_object('order_number', p.order_number, 'approval_code', p.approval_code)
FROM payments_payment p
WHERE p.company_id = %(company)s AND p.state = 'paid' AND p.way IN ('web', 'card')
    AND p.accounted_on >= ({_FIRST}) AND p.accounted_on <= %(seen_by)s
    AND NOT EXISTS (SELECT FROM settlement_match m WHERE m.payment_id = p.id)
    AND NOT EXISTS (SELECT FROM odd WHERE odd.kind = 'missing_file' AND odd.reference = 'acquirer:' || p.accounted_on)
    AND NOT EXISTS (
        SELECT FROM payments_refund r WHERE r.payment_id = p.id AND r.state = 'done' AND NOT r.past_the_gateway
            AND r.kind = 'reversal' AND r.amount_centimes = p.amount_centimes
            AND NOT EXISTS (SELECT FROM settlement_match m WHERE m.refund_id = r.id)
    )
"""  # noqa: S608 - no value in it
# What was paid and taken back before the acquirer's day ended stands in no file at all; a refund of a day whose file is
# missing is part of that one item.
_MISSING_REFUNDS = f"""
INSERT INTO odd
SELECT 'refund_not_seen', 'refund:' || r.id, own.day, r.amount_centimes, 0, NULL, NULL, r.payment_id, r.id, NULL,
    jsonb_build_object('order_number', p.order_number)
FROM payments_refund r
JOIN payments_payment p ON p.id = r.payment_id AND p.way IN ('web', 'card')
CROSS JOIN LATERAL (SELECT (r.ended_at AT TIME ZONE 'Africa/Algiers')::date AS day) AS own
WHERE r.company_id = %(company)s AND r.state = 'done' AND NOT r.past_the_gateway
    AND own.day >= ({_FIRST}) AND own.day <= %(seen_by)s
    AND NOT EXISTS (SELECT FROM settlement_match m WHERE m.refund_id = r.id)
    AND EXISTS (
        SELECT FROM settlement_statement s
        WHERE s.company_id = %(company)s AND s.source = 'acquirer' AND s.day >= own.day
    )
    AND NOT EXISTS (SELECT FROM odd WHERE odd.kind = 'missing_file' AND odd.reference = 'acquirer:' || own.day)
    AND NOT EXISTS (
        SELECT FROM settlement_difference d
        WHERE d.company_id = %(company)s AND d.kind = 'missing_file' AND d.reference = 'acquirer:' || own.day
            AND d.state <> 'ended'
    )
    AND NOT (r.kind = 'reversal' AND r.amount_centimes = p.amount_centimes
        AND NOT EXISTS (SELECT FROM settlement_match m WHERE m.payment_id = p.id))
"""  # noqa: S608 - no value in it
_NOT_CREDITED = """
INSERT INTO odd
SELECT 'remittance_not_credited', 'remittance:' || r.id, coalesce(r.last_on, r.value_on), -r.net_centimes, 0,
    NULL, NULL, NULL, NULL, r.id,
    jsonb_build_object('number', r.number)
FROM (SELECT *, coalesce(value_on, last_on) AS due_on FROM settlement_remittance) AS r
WHERE r.company_id = %(company)s AND r.credit_count = 0 AND r.net_centimes <> 0 AND r.due_on <= %(seen_by)s
    AND EXISTS (
        SELECT FROM settlement_statement s WHERE s.company_id = %(company)s AND s.source = 'bank'
            AND r.due_on BETWEEN least(s.day, s.from_on) AND greatest(s.day, s.to_on)
    )
"""
