"""`bawabati check-books` over millions of payments, beside one plain sum over the same tables, in the same run.

    python benchmarks/books.py [--payments 1000000]

Fills an empty database with SQL: payments with lines, events, postings, receipts, messages, some surplus, some refunds.
Then the whole check, then the check of the last minutes, which the worker runs each minute.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from bawabati.config.embedded_postgres import RunningPostgres, running_postgres
from street import BAWABATI, filled

# One bill and one line for each payment, all under the same number n. Every tenth is declined; of a thousand, one has
# found its bill cancelled (a surplus), and one was given back; the last thousand were paid in the last minutes.
FILL = {
    "customers": """
INSERT INTO bills_customer (id, company_id, number, name)
SELECT n, {company}, 'C' || lpad(n::text, 9, '0'), 'Amina Benali' FROM generate_series(1, {n}) n
""",
    "batch": """
INSERT INTO bills_billbatch (id, company_id, content_sha256, file_name, received_at, received_by_id, line_count,
    created_count, changed_count, unchanged_count, bad_count, due_centimes, head, delimiter)
SELECT 1, {company}, 'x', 'bills.csv', now(), (SELECT min(id) FROM people_staff), {n}, {n}, 0, 0, 0,
    143050::bigint * {n}, '', ';'
""",
    "bills": """
INSERT INTO bills_bill (id, company_id, customer_id, payment_number, bill_number, period, issued_on, due_on,
    is_estimated, status, replaced_by, version, due_centimes, settled_centimes, settled_at, as_of)
SELECT n, {company}, n, lpad(n::text, 14, '0'), 'F' || lpad(n::text, 9, '0'), '2026-T3', '2026-10-05', '2026-12-05',
    false, CASE WHEN n %% 1000 = 1 THEN 'cancelled' ELSE 'open' END, '', 1, 143050,
    CASE WHEN n %% 10 = 0 OR n %% 1000 IN (1, 2) THEN 0 ELSE 143050 END, now(), now()
FROM generate_series(1, {n}) n
""",
    "versions": """
INSERT INTO bills_billversion (id, company_id, bill_id, version, batch_id, due_centimes, lines, fingerprint)
SELECT n, {company}, n, 1, 1, 143050, '[["Eau", 95366], ["Assainissement", 47684]]', md5(n::text)
FROM generate_series(1, {n}) n
""",
    "payments": """
INSERT INTO payments_payment (campaign_code, card_family,
    id, company_id, way, gateway_account_id, order_number, start_key, amount_centimes,
    language, payment_terms_id, sale_terms_id, state, opened_at, register_sent_at, page_life_seconds, page_ends_at,
    gateway_reference, page_url, event_count, asked_count, checks_passed, was_declined, refused_because, response_code,
    gateway_message, last_answer, approval_code, masked_card, confirmed_at, accounted_on, ended_at)
SELECT '', '',
    n, {company}, 'web', {account}, upper(lpad(to_hex(n), 10, '0')), md5(n::text), 143050, 'ar', {text}, {text},
    CASE WHEN n %% 10 = 0 THEN 'declined' ELSE 'paid' END, at, at, 720, at + interval '12 minutes',
    substr(md5('r' || n), 1, 20), 'https://gateway.example/payment/merchants/page?mdOrder=' || md5(n::text),
    CASE WHEN n %% 10 = 0 THEN 4 ELSE 3 END, 2, 0, n %% 10 = 0, '', '00', 'Votre paiement a été accepté', 'paid',
    '123456', '6280****7215', at + interval '1 minute', (at + interval '1 minute')::date, at + interval '1 minute'
FROM (
    SELECT n, CASE WHEN n > {n} - 1000 THEN now() - interval '3 minutes'
        ELSE date_trunc('year', now()) + interval '1 day' + n * interval '2 seconds' END AS at
    FROM generate_series(1, {n}) n
) moments
""",
    "lines": """
INSERT INTO payments_paymentline (id, company_id, payment_id, bill_id, bill_version, amount_centimes, settled_centimes,
    surplus_centimes)
SELECT n, {company}, n, n, 1, 143050, CASE WHEN n %% 1000 = 1 THEN 0 WHEN n %% 10 > 0 THEN 143050 END,
    CASE WHEN n %% 1000 = 1 THEN 143050 WHEN n %% 10 > 0 THEN 0 END
FROM generate_series(1, {n}) n
""",
    "events": """
INSERT INTO payments_paymentevent (company_id, payment_id, sequence, event, from_state, to_state, evidence, at)
SELECT {company}, p.id, told.sequence, told.event, told.from_state, told.to_state,
    CASE WHEN told.sequence > 2 THEN jsonb_build_object(
        'order_number', p.order_number, 'amount_centimes', p.amount_centimes, 'currency', '012', 'order_status', 2,
        'reference', p.gateway_reference, 'response_code', '00', 'error_code', '0', 'approval_code', '123456',
        'http_status', 200, 'action_code', 0, 'masked_card', '6280****7215')
    ELSE '{{}}' END, p.opened_at
FROM generate_series(1, {n}) n JOIN payments_payment p ON p.id = n
CROSS JOIN LATERAL (
    VALUES (1, 'opened', '', 'opened'), (2, 'registered', 'opened', 'at_gateway'),
        (3, CASE WHEN n %% 10 = 0 THEN 'declined' ELSE 'confirmed' END, 'at_gateway',
            CASE WHEN n %% 10 = 0 THEN 'watched' ELSE 'paid' END),
        (4, 'declined_for_good', 'watched', 'declined')
) told (sequence, event, from_state, to_state)
WHERE told.sequence < 4 OR n %% 10 = 0
""",
    "accounts": """
INSERT INTO ledger_account (company_id, code, holder)
SELECT {company}, code, '' FROM unnest(ARRAY['511', '411']) code
UNION ALL SELECT {company}, '419', 'C' || lpad(n::text, 9, '0') FROM generate_series(1, {n}, 1000) n
""",
    "transfers": """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT {company}, cards.id, coalesce(theirs.id, customers.id), 143050,
    CASE WHEN theirs.id IS NULL THEN 'capture' ELSE 'surplus' END, 'payment_line:' || p.id, p.accounted_on,
    p.confirmed_at
FROM payments_payment p
JOIN ledger_account cards ON cards.company_id = {company} AND cards.code = '511'
JOIN ledger_account customers ON customers.company_id = {company} AND customers.code = '411'
LEFT JOIN ledger_account theirs ON p.id %% 1000 = 1 AND theirs.company_id = {company} AND theirs.code = '419'
    AND theirs.holder = 'C' || lpad(p.id::text, 9, '0')
WHERE p.state = 'paid'
""",
    "cases": """
INSERT INTO cases_case (company_id, kind, reference, amount_centimes, owner_id, promised_on, state, details, opened_at,
    closed_because, step_count, closed_as, closed_at)
SELECT {company}, 'surplus', 'payment:' || n, 143050, (SELECT min(id) FROM people_staff), now()::date, 'closed', '{{}}',
    now(), 'done', 0, 'kept_as_credit', now()
FROM generate_series(1, {n}, 1000) n
""",
    "series": """
INSERT INTO receipts_receiptseries (id, company_id, year, kind, last_number)
SELECT 1, {company}, extract(year FROM now()), 'web', count(*) FROM payments_payment WHERE state = 'paid'
""",
    "receipts": """
INSERT INTO receipts_receipt (company_id, payment_id, series_id, number, facts, issued_at)
SELECT {company}, p.id, 1, row_number() OVER (ORDER BY p.id), jsonb_build_object(
    'language', 'ar', 'number', '2026-W-' || p.id, 'company_name', 'شركة المياه والتطهير', 'legal_form', 'SPA',
    'company_address', 'شارع المثال 1، وهران', 'company_phone', '041 00 00 00', 'nif', '000031000000000',
    'nis', '000031000000001', 'rc', '31/00-0000000B00', 'ai', '31000000000', 'status', 'تم قبول الدفع',
    'gateway_message', p.gateway_message, 'transaction_id', p.gateway_reference, 'order_number', p.order_number,
    'approval_code', '123456', 'masked_card', '6280****7215', 'paid_at', p.confirmed_at,
    'amount_centimes', p.amount_centimes, 'amount_in_words', 'ألف وأربعمائة وثلاثون دينارا وخمسون سنتيما',
    'lines', jsonb_build_array(jsonb_build_object('payment_number', lpad(p.id::text, 14, '0'),
        'bill_number', 'F' || p.id, 'customer_number', 'C' || p.id, 'holder_initials', 'A. B.', 'period', '2026-T3',
        'amount_centimes', 143050,
        'surplus_centimes', CASE WHEN p.id %% 1000 = 1 THEN 143050 ELSE 0 END))), p.confirmed_at
FROM payments_payment p WHERE p.state = 'paid'
""",
    "contacts": """
INSERT INTO payments_paymentcontact (payment_id, email)
SELECT n, 'payer@example.com' FROM generate_series(3, {n}, 10) n
""",
    "notices": """
INSERT INTO notices_notice (company_id, kind, means, reference, language, state, tries, parts, last_reason, created_at,
    sent_at)
SELECT {company}, 'receipt', 'email', 'receipt:' || r.id, 'ar', 'sent', 1, 0, '', r.issued_at, r.issued_at
FROM receipts_receipt r JOIN payments_paymentcontact c USING (payment_id)
""",
    "refunds": """
INSERT INTO payments_refund (id, company_id, payment_id, kind, reason, because, amount_centimes, state, requested_by_id,
    requested_at, decided_by_id, decided_at, event_count, tries, baseline_centimes, last_reason, past_the_gateway,
    ended_at)
SELECT n, {company}, n, 'refund', 'bill_due_again', 'a mistake', 143050, 'done', (SELECT min(id) FROM people_staff),
    p.opened_at, (SELECT max(id) FROM people_staff), p.opened_at, 4, 1, 143050, '', false, p.ended_at
FROM generate_series(2, {n}, 1000) n JOIN payments_payment p ON p.id = n
""",
    "refund parts": """
INSERT INTO payments_refundpart (id, company_id, refund_id, line_id, amount_centimes)
SELECT n, {company}, n, n, 143050 FROM generate_series(2, {n}, 1000) n
""",
    "refund events": """
INSERT INTO payments_refundevent (company_id, refund_id, sequence, event, from_state, to_state, by_id, evidence, at)
SELECT {company}, r.id, told.sequence, told.event, told.from_state, told.to_state,
    CASE told.sequence WHEN 1 THEN r.requested_by_id ELSE r.decided_by_id END, '{{}}', r.requested_at
FROM payments_refund r CROSS JOIN (
    VALUES (1, 'requested', '', 'requested'), (2, 'approved', 'requested', 'approved'),
        (3, 'claimed', 'approved', 'refunding'), (4, 'answered_done', 'refunding', 'done')
) told (sequence, event, from_state, to_state)
""",
    "refunds posted": """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT {company}, customers.id, cards.id, 143050, 'refund', 'refund_part:' || r.id,
    (r.ended_at AT TIME ZONE 'Africa/Algiers')::date, r.ended_at
FROM payments_refund r
JOIN ledger_account cards ON cards.company_id = {company} AND cards.code = '511'
JOIN ledger_account customers ON customers.company_id = {company} AND customers.code = '411'
""",
}
YARDSTICK = " UNION ALL ".join(
    f"SELECT sum({column}) FROM {table}"  # noqa: S608 - names of our own columns
    for table, column in (
        ("payments_payment", "amount_centimes"),
        ("payments_paymentline", "settled_centimes"),
        ("payments_paymentevent", "sequence"),
        ("ledger_transfer", "amount_centimes"),
        ("receipts_receipt", "number"),
        ("bills_bill", "settled_centimes"),
    )
)
SIZE = "SELECT pg_size_pretty(pg_database_size(current_database()))"


def main() -> None:
    parser = argparse.ArgumentParser(description="The check of the books, beside one sum over the same tables.")
    parser.add_argument("--payments", type=int, default=1_000_000)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another account
        with running_postgres(state=Path(folder) / "database", say=lambda _word: None, durable=False) as postgres:
            environment = os.environ | filled(postgres, Path(folder))
            fill(postgres, wishes.payments)
            subprocess.run([sys.executable, *BAWABATI, "rebuild-figures"], env=environment, check=True)
            first, second = yardstick(postgres), yardstick(postgres)
            checked, peak, told = checking(environment, "--times")
            recent, peak_recent, _ = checking(environment, "--minutes", "10")
    print(told)
    print(f"load: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")
    print(f"one sum over each of six tables:  {first:8.1f} s, again {second:.1f} s")
    print(
        f"check-books, whole process:       {checked:8.1f} s, {checked / second:.1f} times, peak {peak / 1024:.0f} MB"
    )
    print(f"what moved in the last minutes:   {recent:8.1f} s; {peak_recent / 1024:.0f} MB")


def fill(postgres: RunningPostgres, payments: int) -> None:
    """Past every trigger, as nobody else may; the check has to find it true all the same."""
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        names = {
            "n": str(payments),
            "company": "(SELECT min(id) FROM companies_company)",
            "account": "(SELECT min(id) FROM companies_gatewayaccount)",
            "text": "(SELECT min(id) FROM companies_companytext)",
        }
        for what, statement in FILL.items():
            began = time.monotonic()
            connection.execute(statement.format(**names).replace("%%", "%").encode())
            print(f"{time.monotonic() - began:8.1f} s  {what}", flush=True)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
        print(*connection.execute(SIZE).fetchone() or (), flush=True)


def yardstick(postgres: RunningPostgres) -> float:
    with psycopg.connect(postgres.owner_url) as connection:
        began = time.monotonic()
        connection.execute(YARDSTICK.encode()).fetchall()
        return time.monotonic() - began


def checking(environment: dict[str, str], *options: str) -> tuple[float, int, str]:
    """Seconds, peak kilobytes and words of the checking process, which has to find nothing."""
    began = time.monotonic()
    command = [sys.executable, *BAWABATI, "check-books", *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told
    assert re.search(r"agree", told), told
    return time.monotonic() - began, usage.ru_maxrss, told


if __name__ == "__main__":
    main()
