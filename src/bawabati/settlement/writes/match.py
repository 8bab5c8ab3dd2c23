"""Lines found in our books, and what does not agree about them: statements over sets, whatever their number.

Called in one transaction after `hold_settlement`, in this order: `lay_out_lines`, `lay_out_fees`, `find_payments`,
`find_refunds`, `find_totals`, `note_odd`, `keep_matches`, then `sum_fresh` for the books, and the items of
`settlement.writes.differences`. `settlement.rules.match_lines` says the same of one line at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from django.db import connection

from bawabati.settlement.rules import FeeTerms, terms_on

_ENDLESS: Final = 10**15
_NEVER: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Sums of freshly matched lines that go into the books together. `line_id`: of one line that was matched later."""

    remittance_id: int
    way: str
    line_id: int | None
    taken: int
    """What of our payments the acquirer hands over."""
    back: int
    """What of our refunds it keeps, above zero."""
    fee: int
    vat: int


def lay_out_lines(*, company_id: int, statement_id: int | None) -> None:
    """The lines of a file that were never matched, and of every file those whose item is still open."""
    values = {"company": company_id, "statement": statement_id}
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        if statement_id is not None:
            cursor.execute(_OF_A_FILE, values)
        cursor.execute(_ONCE_MORE, values)
        cursor.execute("ANALYZE matching")


_TABLES = """
CREATE TEMPORARY TABLE matching (
    line_id bigint, kind text, happened_on date, terminal text, order_number text, reference text,
    approval_code text, gross bigint, fee bigint, vat bigint, net bigint, remittance_id bigint,
    is_repeat boolean, is_again boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE found (
    line_id bigint, payment_id bigint, is_paid boolean, way text, amount bigint, accounted_on date
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fresh (
    line_id bigint, payment_id bigint, refund_id bigint, amount bigint, way text, accounted_on date
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fresh_total (line_id bigint, amount bigint, fee bigint, vat bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE due_fee (line_id bigint, fee bigint, vat bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE fee_tier (
    way text, from_on date, until_on date, over bigint, up_to bigint, fixed bigint, rate_ppm bigint,
    least bigint, cap bigint, vat_ppm bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE odd (
    kind text, reference text, day date, amount bigint, posted bigint, statement_id bigint, line_id bigint,
    payment_id bigint, refund_id bigint, remittance_id bigint, details jsonb
) ON COMMIT DROP
"""
_COLUMNS: Final = """
line.id, line.kind, line.happened_on, line.terminal, line.order_number, line.reference, line.approval_code,
line.gross_centimes, line.fee_centimes, line.vat_centimes, line.net_centimes, line.remittance_id,
line.repeat_of IS NOT NULL
"""
_OF_A_FILE = f"""
INSERT INTO matching
SELECT {_COLUMNS}, false FROM settlement_statementline line
WHERE line.company_id = %(company)s AND line.statement_id = %(statement)s AND line.is_counted
    AND line.kind IN ('payment', 'refund', 'chargeback', 'cancellation', 'terminal_total')
"""  # noqa: S608 - no value in it
# What one person has proposed for a line is decided first.
_ONCE_MORE = f"""
INSERT INTO matching
SELECT {_COLUMNS}, true FROM settlement_difference difference
JOIN settlement_statementline line ON line.id = difference.line_id
WHERE difference.company_id = %(company)s AND difference.state = 'open' AND line.repeat_of IS NULL
    AND difference.kind IN ('not_ours', 'paid_but_not_posted_here', 'refund_not_ours', 'chargeback')
"""  # noqa: S608 - no value in it


def lay_out_fees(terms: Sequence[FeeTerms]) -> None:
    """The tiers that hold for each way from day to day."""
    rows = [row for way in ("web", "card") for row in _tiers(terms, way)]
    with connection.cursor() as cursor:
        cursor.executemany(_TIER, rows)
        cursor.execute("ANALYZE fee_tier")


_TIER = "INSERT INTO fee_tier VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def _tiers(terms: Sequence[FeeTerms], way: str) -> list[tuple[str, date, date, int, int, int, int, int, int, int]]:
    begins = sorted({one.from_on for one in terms if one.way in {way, ""}})
    rows = []
    for begin, end in pairwise([*begins, _NEVER]):
        own = terms_on(terms, way=way, on=begin)
        over = -1
        for tier in own.tiers if own else ():
            up_to = _ENDLESS if tier.up_to is None else tier.up_to
            cap = _ENDLESS if own is None or own.cap is None else own.cap
            least, vat = (own.least, own.vat_ppm) if own else (0, 0)
            rows.append((way, begin, end, over, up_to, tier.fixed, tier.rate_ppm, least, cap, vat))
            over = up_to
    return rows


def find_payments(company_id: int) -> None:
    """Which payment each line speaks of: by the gateway's reference, our order number, RRN, approval, in this order."""
    values = {"company": company_id}
    with connection.cursor() as cursor:
        cursor.execute(_BY_REFERENCE, values)
        cursor.execute("ANALYZE found")
        cursor.execute("SELECT count(*) FROM matching")
        (lines,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM found")
        (found,) = cursor.fetchone()
        for statement in (_BY_ORDER_NUMBER, _BY_RRN, _BY_APPROVAL):
            if found < lines:
                cursor.execute(statement, values)
                found += cursor.rowcount
        cursor.execute("ANALYZE found")
        cursor.execute(_FRESH_PAYMENTS)
        cursor.execute("ANALYZE fresh")


# The order was paid by what was recovered from it, where there is such a payment.
_BY_REFERENCE = """
INSERT INTO found
SELECT DISTINCT ON (m.line_id) m.line_id, coalesce(r.id, p.id), coalesce(r.state, p.state) = 'paid', 'web',
    coalesce(r.amount_centimes, p.amount_centimes), coalesce(r.accounted_on, p.accounted_on)
FROM matching m
JOIN payments_payment p ON p.gateway_reference = m.reference AND p.recovered_from_id IS NULL
    AND p.gateway_account_id IN (SELECT id FROM companies_gatewayaccount WHERE company_id = %(company)s)
LEFT JOIN payments_payment r ON r.recovered_from_id = p.id
WHERE m.reference <> '' AND m.kind <> 'terminal_total' AND NOT m.is_repeat AND p.company_id = %(company)s
ORDER BY m.line_id, p.id
"""
_BY_ORDER_NUMBER = """
INSERT INTO found
SELECT DISTINCT ON (m.line_id) m.line_id, coalesce(r.id, p.id), coalesce(r.state, p.state) = 'paid', 'web',
    coalesce(r.amount_centimes, p.amount_centimes), coalesce(r.accounted_on, p.accounted_on)
FROM matching m
JOIN payments_payment p ON p.order_number = m.order_number AND p.recovered_from_id IS NULL
    AND p.gateway_account_id IN (SELECT id FROM companies_gatewayaccount WHERE company_id = %(company)s)
LEFT JOIN payments_payment r ON r.recovered_from_id = p.id
WHERE m.order_number <> '' AND m.kind <> 'terminal_total' AND NOT m.is_repeat AND p.company_id = %(company)s
    AND (m.reference = '' OR p.gateway_reference IS NULL)
    AND NOT EXISTS (SELECT FROM found WHERE found.line_id = m.line_id)
ORDER BY m.line_id, p.id
"""
_BY_RRN = """
INSERT INTO found
SELECT DISTINCT ON (m.line_id) m.line_id, p.id, coalesce(p.state = 'paid', false), 'card',
    coalesce(p.amount_centimes, s.amount_centimes), p.accounted_on
FROM matching m
JOIN payments_sale s ON s.company_id = %(company)s AND s.rrn = m.reference AND s.terminal_id = m.terminal
    AND s.way = 'card' AND (s.approval_code = '' OR m.approval_code = '' OR s.approval_code = m.approval_code)
LEFT JOIN payments_payment p ON p.sale_id = s.id
WHERE m.reference <> '' AND m.kind <> 'terminal_total' AND NOT m.is_repeat
    AND NOT EXISTS (SELECT FROM found WHERE found.line_id = m.line_id)
ORDER BY m.line_id, p.id NULLS LAST
"""
_BY_APPROVAL = """
INSERT INTO found
SELECT m.line_id, min(p.id), true, 'card', m.gross, m.happened_on
FROM matching m
JOIN payments_payment p ON p.company_id = %(company)s AND p.state = 'paid' AND p.way = 'card'
    AND p.accounted_on = m.happened_on AND p.amount_centimes = m.gross
JOIN payments_sale s ON s.id = p.sale_id AND s.approval_code = m.approval_code AND s.terminal_id IN ('', m.terminal)
WHERE m.approval_code <> '' AND m.kind = 'payment' AND NOT m.is_repeat
    AND NOT EXISTS (SELECT FROM found WHERE found.line_id = m.line_id)
GROUP BY m.line_id, m.gross, m.happened_on HAVING count(*) = 1
"""
_FRESH_PAYMENTS = """
INSERT INTO fresh
SELECT f.line_id, f.payment_id, NULL, f.amount, f.way, f.accounted_on
FROM found f
JOIN (
    SELECT f.payment_id, min(f.line_id) AS line_id FROM found f JOIN matching m USING (line_id)
    WHERE f.is_paid AND m.kind = 'payment' GROUP BY f.payment_id
) AS first ON first.line_id = f.line_id
WHERE NOT EXISTS (SELECT FROM settlement_match known WHERE known.payment_id = f.payment_id)
"""


def find_refunds(company_id: int) -> None:
    """Which refund each line that takes money back is: the oldest of its payment and sum that no line has shown."""
    with connection.cursor() as cursor:
        for only_reversals, kinds in ((True, ["chargeback"]), (False, ["refund", "cancellation"])):
            cursor.execute(_REFUNDS, {"company": company_id, "reversals": only_reversals, "kinds": kinds})


_REFUNDS = """
INSERT INTO fresh
SELECT asked.line_id, NULL, own.id, -own.amount_centimes, asked.way, asked.happened_on
FROM (
    SELECT m.line_id, f.payment_id, m.gross, f.way, m.happened_on,
        row_number() OVER (PARTITION BY f.payment_id, m.gross ORDER BY m.line_id) AS place
    FROM matching m JOIN found f USING (line_id) WHERE m.kind = ANY (%(kinds)s) AND f.payment_id IS NOT NULL
) AS asked
JOIN (
    SELECT r.id, r.payment_id, r.amount_centimes,
        row_number() OVER (PARTITION BY r.payment_id, r.amount_centimes ORDER BY r.id) AS place
    FROM payments_refund r
    WHERE r.company_id = %(company)s AND r.state = 'done' AND NOT r.past_the_gateway
        AND (r.kind = 'reversal' OR NOT %(reversals)s)
        AND r.payment_id IN (SELECT f.payment_id FROM found f JOIN matching m USING (line_id) WHERE m.gross < 0)
        AND NOT EXISTS (SELECT FROM settlement_match known WHERE known.refund_id = r.id)
        AND NOT EXISTS (SELECT FROM fresh WHERE fresh.refund_id = r.id)
) AS own ON own.payment_id = asked.payment_id AND own.amount_centimes = -asked.gross AND own.place = asked.place
"""


def find_totals(company_id: int) -> None:
    """All sales of a terminal and day that no other line has shown, for the line that tells their total."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"company": company_id})


_TOTALS = """
INSERT INTO fresh
SELECT DISTINCT ON (p.id) m.line_id, p.id, NULL, p.amount_centimes, 'card', p.accounted_on
FROM matching m
JOIN payments_payment p ON p.company_id = %(company)s AND p.state = 'paid' AND p.way = 'card'
    AND p.accounted_on = m.happened_on
JOIN payments_sale s ON s.id = p.sale_id AND s.terminal_id = m.terminal
WHERE m.kind = 'terminal_total' AND NOT m.is_repeat
    AND NOT EXISTS (SELECT FROM settlement_match known WHERE known.payment_id = p.id)
    AND NOT EXISTS (SELECT FROM fresh WHERE fresh.payment_id = p.id)
ORDER BY p.id, m.line_id
"""


def note_odd() -> None:
    """What of the lines does not agree, as items that are yet to be written."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE fresh")
        cursor.execute(_DUE_FEES)
        cursor.execute(_DUE_FEES_OF_TOTALS)
        cursor.execute("ANALYZE due_fee")
        for statement in (_WHOLE_LINES, _AMOUNTS, _FEES, _VAT, _NETS):
            cursor.execute(statement)


def _fee(tier: str, amount: str) -> str:
    share = f"({amount} * {tier}.rate_ppm + 500000) / 1000000"
    return f"least({tier}.cap, greatest({tier}.least, {tier}.fixed + {share}))"


def _vat(tier: str, fee: str) -> str:
    return f"({fee} * {tier}.vat_ppm + 500000) / 1000000"


# One fault, one item: the commission may be that of our sum or of theirs, its VAT that of what is due or charged.
_DUE_FEES = f"""
INSERT INTO due_fee
SELECT line_id,
    CASE WHEN our_fee IS NULL OR fee IN (our_fee, their_fee) THEN fee ELSE our_fee END,
    CASE WHEN our_fee IS NULL OR vat IN (our_vat, their_vat, charged_vat) THEN vat ELSE our_vat END
FROM (
    SELECT m.line_id, m.fee, m.vat, ours.fee AS our_fee, theirs.fee AS their_fee,
        {_vat("t", "ours.fee")} AS our_vat, {_vat("o", "theirs.fee")} AS their_vat,
        {_vat("t", "greatest(0, m.fee)")} AS charged_vat
    FROM fresh JOIN matching m USING (line_id)
    LEFT JOIN fee_tier t ON t.way = fresh.way AND fresh.accounted_on >= t.from_on AND fresh.accounted_on < t.until_on
        AND fresh.amount > t.over AND fresh.amount <= t.up_to
    LEFT JOIN fee_tier o ON o.way = fresh.way AND fresh.accounted_on >= o.from_on AND fresh.accounted_on < o.until_on
        AND m.gross > o.over AND m.gross <= o.up_to
    CROSS JOIN LATERAL (SELECT {_fee("t", "fresh.amount")} AS fee) AS ours
    CROSS JOIN LATERAL (SELECT {_fee("o", "m.gross")} AS fee) AS theirs
    WHERE m.kind = 'payment'
    UNION ALL
    SELECT m.line_id, m.fee, m.vat, NULL, NULL, NULL, NULL, NULL
    FROM fresh JOIN matching m USING (line_id) WHERE fresh.refund_id IS NOT NULL
) AS each_line
"""  # noqa: S608 - no value in it
_DUE_FEES_OF_TOTALS = f"""
WITH of_line AS (
    SELECT fresh.line_id, sum(fresh.amount) AS amount, sum(own.fee) AS fee, sum({_vat("t", "own.fee")}) AS vat,
        min(t.vat_ppm) AS vat_ppm
    FROM fresh JOIN matching m USING (line_id)
    LEFT JOIN fee_tier t ON t.way = 'card' AND fresh.accounted_on >= t.from_on AND fresh.accounted_on < t.until_on
        AND fresh.amount > t.over AND fresh.amount <= t.up_to
    CROSS JOIN LATERAL (SELECT {_fee("t", "fresh.amount")} AS fee) AS own
    WHERE m.kind = 'terminal_total' GROUP BY fresh.line_id
), kept AS (
    INSERT INTO fresh_total SELECT line_id, amount, fee, vat FROM of_line
)
INSERT INTO due_fee
SELECT line_id, CASE WHEN of_line.fee IS NULL OR m.fee = of_line.fee THEN m.fee ELSE of_line.fee END,
    CASE WHEN of_line.vat IS NULL OR m.vat IN (of_line.vat, {_vat("of_line", "greatest(0, m.fee)")})
         THEN m.vat ELSE of_line.vat END
FROM of_line JOIN matching m USING (line_id)
"""  # noqa: S608 - no value in it
_ITEM: Final = "'statement_line:' || m.line_id, m.happened_on"
_WHAT_THEY_SAY: Final = """
jsonb_strip_nulls(jsonb_build_object('order_number', nullif(m.order_number, ''), 'reference', nullif(m.reference, ''),
    'terminal', nullif(m.terminal, ''), 'approval_code', nullif(m.approval_code, ''), 'gross_centimes', m.gross,
    'net_centimes', m.net, 'our_centimes', f.amount))
"""
_WHOLE_LINES = f"""
INSERT INTO odd
SELECT CASE
        WHEN m.is_repeat THEN 'repeated_line'
        WHEN m.kind = 'chargeback' THEN 'chargeback'
        WHEN m.kind IN ('refund', 'cancellation') THEN 'refund_not_ours'
        WHEN f.line_id IS NULL THEN 'not_ours'
        WHEN NOT f.is_paid THEN 'paid_but_not_posted_here'
        ELSE 'repeated_line'
    END, {_ITEM}, m.gross, m.net, NULL, m.line_id, f.payment_id, NULL, m.remittance_id, {_WHAT_THEY_SAY}
FROM matching m LEFT JOIN found f USING (line_id)
WHERE NOT m.is_again AND NOT EXISTS (SELECT FROM fresh WHERE fresh.line_id = m.line_id)
"""  # noqa: S608 - no value in it
_AMOUNTS = f"""
INSERT INTO odd
SELECT 'amount_differs', {_ITEM}, m.gross - f.amount, m.gross - f.amount, NULL, m.line_id, f.payment_id, NULL,
    m.remittance_id, {_WHAT_THEY_SAY}
FROM matching m
JOIN (
    SELECT line_id, payment_id, amount FROM fresh WHERE refund_id IS NULL
        AND NOT EXISTS (SELECT FROM fresh_total WHERE fresh_total.line_id = fresh.line_id)
    UNION ALL SELECT line_id, NULL, amount FROM fresh_total
) AS f USING (line_id)
WHERE m.gross <> f.amount
"""  # noqa: S608 - no value in it
_FEES = f"""
INSERT INTO odd
SELECT 'fee_differs', {_ITEM}, m.fee - due.fee, due.fee - m.fee, NULL, m.line_id, f.payment_id, NULL, m.remittance_id,
    jsonb_build_object('fee_centimes', m.fee, 'due_centimes', due.fee)
FROM matching m JOIN due_fee due USING (line_id)
LEFT JOIN (SELECT line_id, min(payment_id) AS payment_id FROM fresh GROUP BY line_id) AS f USING (line_id)
WHERE m.fee <> due.fee
"""  # noqa: S608 - no value in it
_VAT = f"""
INSERT INTO odd
SELECT 'vat_differs', {_ITEM}, m.vat - due.vat, due.vat - m.vat, NULL, m.line_id, f.payment_id, NULL, m.remittance_id,
    jsonb_build_object('vat_centimes', m.vat, 'due_centimes', due.vat)
FROM matching m JOIN due_fee due USING (line_id)
LEFT JOIN (SELECT line_id, min(payment_id) AS payment_id FROM fresh GROUP BY line_id) AS f USING (line_id)
WHERE m.vat <> due.vat
"""  # noqa: S608 - no value in it
_NETS = f"""
INSERT INTO odd
SELECT 'net_differs', {_ITEM}, m.net - (m.gross - m.fee - m.vat), m.net - (m.gross - m.fee - m.vat), NULL, m.line_id,
    f.payment_id, NULL, m.remittance_id, {_WHAT_THEY_SAY}
FROM matching m JOIN due_fee due USING (line_id) LEFT JOIN found f USING (line_id)
WHERE m.net <> m.gross - m.fee - m.vat
"""  # noqa: S608 - no value in it


def keep_matches(*, company_id: int, now: datetime) -> int:
    """Writes what was found; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"company": company_id, "now": now})
        return int(cursor.rowcount)


_KEEP = """
INSERT INTO settlement_match (company_id, line_id, payment_id, refund_id, amount_centimes, at)
SELECT %(company)s, line_id, payment_id, refund_id, amount, %(now)s FROM fresh
"""


def sum_fresh() -> list[Posting]:
    """What has just been matched, summed for the books: each remittance and way at once, a line of later by itself."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTINGS)
        return [
            Posting(
                remittance_id=remittance,
                way=way,
                line_id=line,
                taken=int(taken),
                back=int(back),
                fee=int(fee),
                vat=int(vat),
            )
            for remittance, way, line, taken, back, fee, vat in cursor.fetchall()
        ]


_POSTINGS = """
SELECT m.remittance_id, f.way, CASE WHEN m.is_again THEN m.line_id END AS line,
    sum(f.taken), sum(f.back), sum(due.fee), sum(due.vat)
FROM (
    SELECT line_id, min(way) AS way, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS taken,
        coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS back
    FROM fresh GROUP BY line_id
) AS f
JOIN matching m USING (line_id) JOIN due_fee due USING (line_id)
GROUP BY m.remittance_id, f.way, line ORDER BY m.remittance_id, f.way, line
"""


def add_to_remittances(statement_id: int) -> None:
    """The sums of a file's counted lines, to their remittances. Once for each file."""
    with connection.cursor() as cursor:
        cursor.execute(_REMITTED, {"statement": statement_id})


_REMITTED = """
UPDATE settlement_remittance r SET line_count = r.line_count + s.lines, gross_centimes = r.gross_centimes + s.gross,
    fee_centimes = r.fee_centimes + s.fee, vat_centimes = r.vat_centimes + s.vat,
    net_centimes = r.net_centimes + s.net, value_on = coalesce(r.value_on, s.value_on),
    last_on = greatest(r.last_on, s.last_on)
FROM (
    SELECT remittance_id, count(*) AS lines, sum(gross_centimes) AS gross, sum(fee_centimes) AS fee,
        sum(vat_centimes) AS vat, sum(net_centimes) AS net, max(value_on) AS value_on,
        max(happened_on) AS last_on
    FROM settlement_statementline WHERE statement_id = %(statement)s AND is_counted AND remittance_id IS NOT NULL
    GROUP BY remittance_id
) AS s WHERE r.id = s.remittance_id
"""
