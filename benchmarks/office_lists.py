"""The office's list of payments over millions of them: server time of a page, whatever it is narrowed by.

    python benchmarks/office_lists.py [--payments 1000000] [--each 15]

Fills an empty database of its own with SQL: payments of three years, online and at the desks of thirty agencies, with
their bills, customers, receipts and e-mail addresses. Then asks the whole application (middleware, session, roles,
database, template) for each page as a finance officer, in one process, each time with other values. Beside them an
office page of a few rows, as yardstick.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg
import structlog

from bawabati.config.embedded_postgres import RunningPostgres, running_postgres
from bawabati.scope import every_company
from cpu import cpu_clock, tree_of
from street import COMPANY, filled

if TYPE_CHECKING:
    from django.test import Client

AIM_MS = 50
WARM_UP = 5
TABLES = ("payments_payment", "payments_paymentline", "payments_paymentcontact", "bills_bill", "bills_customer")
# Payment n pays bill n; every tenth bill is of the same customer. 60 of 100 are online, of which one in ten is refused
# and one in twenty has ended without payment; desks take the rest. A few are open.
FILL = {
    "agencies": """
INSERT INTO companies_agency (id, company_id, code, name_ar, name_fr, commune_ar, commune_fr, address, phone,
    is_open)
SELECT 1000 + n, {company}, 'B' || lpad(n::text, 2, '0'), 'وكالة ' || n, 'Agence ' || n, 'وهران', 'Oran', '', '', true
FROM generate_series(1, 30) n
""",
    "customers": """
INSERT INTO bills_customer (id, company_id, number, name)
SELECT n, {company}, 'C' || lpad(n::text, 9, '0'), 'Amina Benali' FROM generate_series(1, {n} / 10) n
""",
    "bills": """
INSERT INTO bills_bill (id, company_id, customer_id, payment_number, bill_number, period, issued_on, due_on,
    is_estimated, status, replaced_by, version, due_centimes, settled_centimes, settled_at, as_of)
SELECT n, {company}, 1 + n %% ({n} / 10), lpad(n::text, 14, '0'), 'F' || lpad(n::text, 9, '0'), '2026-T3', '2026-10-05',
    '2026-12-05', false, 'open', '', 1, 143050, 0, NULL, now()
FROM generate_series(1, {n}) n
""",
    "payments": """
INSERT INTO payments_payment (campaign_code, card_family,
    id, company_id, way, sale_id, agency_id, gateway_account_id, order_number, start_key,
    amount_centimes, language, payment_terms_id, sale_terms_id, state, opened_at, register_sent_at, page_life_seconds,
    page_ends_at, gateway_reference, page_url, event_count, next_ask_at, asked_count, checks_passed, was_declined,
    refused_because, response_code, gateway_message, last_answer, approval_code, masked_card, confirmed_at,
    accounted_on, ended_at)
SELECT '', '',
    n, {company}, way, CASE WHEN way <> 'web' THEN n END,
    CASE WHEN way <> 'web' THEN 1001 + (chance * 7919) %% 30 END, CASE WHEN way = 'web' THEN {account} END,
    upper(lpad(to_hex(n), 10, '0')), 'k' || n, 100000 + (chance * 31) %% 2000000, 'ar',
    CASE WHEN way = 'web' THEN {text} END, CASE WHEN way = 'web' THEN {text} END, state, at, at, 720,
    at + interval '12 minutes', CASE WHEN way = 'web' THEN 'r' || lpad(n::text, 35, '0') END,
    CASE WHEN way = 'web' THEN 'https://gateway.example/payment/merchants/page?mdOrder=' || md5(n::text) ELSE '' END,
    3, CASE WHEN state IN ('at_gateway', 'in_doubt') THEN at END, 2, 0, false, '', '00', '', 'paid',
    CASE WHEN way IN ('web', 'card') AND state = 'paid' THEN lpad((chance %% 1000000)::text, 6, '0') ELSE '' END,
    CASE WHEN way IN ('web', 'card') AND state IN ('paid', 'declined')
        THEN '6280****' || lpad((chance %% 10000)::text, 4, '0') ELSE '' END,
    CASE WHEN state = 'paid' THEN at + interval '1 minute' END, CASE WHEN state = 'paid' THEN at::date END,
    CASE WHEN state NOT IN ('at_gateway', 'in_doubt') THEN at + interval '1 minute' END
FROM (
    SELECT n, chance, way, at,
        CASE WHEN way <> 'web' THEN 'paid' WHEN chance %% 997 = 0 THEN 'in_doubt'
            WHEN chance %% 991 = 0 THEN 'at_gateway' WHEN chance %% 10 = 1 THEN 'declined'
            WHEN chance %% 20 = 2 THEN 'expired' WHEN chance %% 100 = 4 THEN 'failed' ELSE 'paid' END AS state
    FROM (
        SELECT n, chance, now() - ({n} - n) * (interval '3 years' / {n}) AS at,
            CASE WHEN chance %% 100 < 60 THEN 'web' WHEN chance %% 100 < 78 THEN 'card'
                WHEN chance %% 100 < 98 THEN 'cash' ELSE 'cheque' END AS way
        FROM (SELECT n, (hashint8(n)::bigint & 2147483647) / 7 AS chance FROM generate_series(1, {n}::bigint) n) dice
    ) told
) payments
""",
    "lines": """
INSERT INTO payments_paymentline (id, company_id, payment_id, bill_id, bill_version, amount_centimes)
SELECT id, company_id, id, id, 1, amount_centimes FROM payments_payment
""",
    "contacts": """
INSERT INTO payments_paymentcontact (payment_id, email)
SELECT n, 'payer' || n %% ({n} / 10) || '@example.com' FROM generate_series(3, {n}, 3) n
""",
    "series": """
INSERT INTO receipts_receiptseries (id, company_id, year, kind, last_number) VALUES (1, {company}, 2026, 'web', {n})
""",
    "receipts": """
INSERT INTO receipts_receipt (company_id, payment_id, series_id, number, facts, issued_at)
SELECT {company}, id, 1, id, jsonb_build_object('number', '2026-W-' || lpad(id::text, 7, '0')), opened_at
FROM payments_payment WHERE state = 'paid'
""",
}
LOOSE_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text = ANY(%s)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
OURS = f"(SELECT id FROM companies_company WHERE code = '{COMPANY}')"  # noqa: S608 - a name of our own
SIZE = "SELECT pg_size_pretty(pg_database_size(current_database()))"


def main() -> None:
    parser = argparse.ArgumentParser(description="Pages of the list of payments, narrowed in every way.")
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=15, help="how often each page is asked for, with other values")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.measure:
        with every_company("a benchmark looks for values to ask for; its requests see what requests see"):
            measure(wishes.payments, each=wishes.each)
        return
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another account
        with running_postgres(state=Path(folder) / "database", say=lambda _word: None, durable=False) as postgres:
            environment = os.environ | filled(postgres, Path(folder)) | {POSTGRES: str(postgres.process.pid)}
            fill(postgres, wishes.payments)
            subprocess.run([sys.executable, *sys.argv, "--measure"], env=environment, check=True)


def fill(postgres: RunningPostgres, payments: int) -> None:
    """Past every trigger, as nobody else may; indexes are made when the rows are there."""
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        names = {
            "n": str(payments),
            "company": OURS,
            "account": f"(SELECT min(id) FROM companies_gatewayaccount WHERE company_id = {OURS})",  # noqa: S608
            "text": f"(SELECT min(id) FROM companies_companytext WHERE company_id = {OURS})",  # noqa: S608
        }
        indexes = connection.execute(LOOSE_INDEXES, [list(TABLES)]).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        statements = FILL | dict(indexes) | {"look around": "VACUUM ANALYZE"}
        for what, statement in statements.items():
            began = time.monotonic()
            written = statement.format(**names).replace("%%", "%") if what in FILL else statement
            connection.execute(written.encode())
            print(f"{time.monotonic() - began:8.1f} s  {what}", flush=True)
        print(*connection.execute(SIZE).fetchone() or (), flush=True)


def measure(payments: int, *, each: int) -> None:
    """In a process that has the application's settings."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bawabati.config.settings"
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - settings first

    Path(os.environ["BAWABATI_STATE"], "static").mkdir()
    get_wsgi_application()
    logging.disable()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # no line for each request
    call_command("collectstatic", "--noinput", "-v0")
    client = officer()
    dice = random.Random(7)

    def any_id() -> int:
        return dice.randint(1, payments)

    def column(name: str, where: str = "true") -> Callable[[], str]:
        return lambda: value_of(name, any_id(), where)

    def narrowed(**fields: Callable[[], str]) -> Callable[[], str]:
        return lambda: posted(client, {name: value() for name, value in fields.items()})

    def one(word: str) -> Callable[[], str]:
        return lambda: word

    def deep() -> str:
        return f"{LIST}?after={after(any_id())}"

    def day(at: int) -> Callable[[], str]:
        return lambda: value_of("opened_at::date::text", payments // 3 + at * 7 + dice.randint(0, payments // 3))

    online = "way = 'web' AND state = 'paid'"

    def one_day() -> str:
        found = day(1)()
        return posted(client, {"from": found, "to": found})

    agency = lambda: str(1001 + dice.randrange(30))  # noqa: E731
    pages: dict[str, Callable[[], str]] = {
        "yardstick: an office page of few rows": one("/fr/office/readers/"),
        "first page": one(LIST),
        "a page anywhere in the list": deep,
        "order number": narrowed(number=column("order_number")),
        "gateway's name of the order": narrowed(number=column("gateway_reference", online)),
        "receipt number": narrowed(number=lambda: f"2026-W-{int(value_of('id::text', any_id(), online)):07d}"),
        "payment number of a bill": narrowed(number=lambda: f"{any_id():014d}"),
        "bill number": narrowed(number=lambda: f"F{any_id():09d}"),
        "customer": narrowed(customer=lambda: f"C{dice.randint(1, payments // 10):09d}"),
        "e-mail": narrowed(email=lambda: f"payer{dice.randrange(payments // 10)}@example.com"),
        "last 4 digits": narrowed(card=lambda: f"{dice.randrange(10_000):04d}"),
        "authorisation code": narrowed(approval=column("approval_code", online)),
        "amount": narrowed(amount=column("(amount_centimes / 100.0)::numeric(12, 2)::text")),
        "an amount that nobody paid": narrowed(amount=one("7,77")),
        "one day": one_day,
        "from a day on": narrowed(**{"from": day(2)}),
        "until a day": narrowed(to=day(3)),
        "paid": narrowed(state=one("paid")),
        "refused": narrowed(state=one("declined")),
        "being checked": narrowed(state=one("in_doubt")),
        "online": narrowed(way=one("web")),
        "by cheque": narrowed(way=one("cheque")),
        "one agency": narrowed(agency=agency),
        "one agency, until a day": narrowed(agency=agency, to=day(4)),
        "refused, until a day": narrowed(state=one("declined"), to=day(5)),
        "cheque at one agency": narrowed(way=one("cheque"), agency=agency),
        "last 4 digits, amount, until a day": narrowed(
            card=lambda: f"{dice.randrange(10_000):04d}", amount=one("1430,50"), to=day(6)
        ),
        "refused, and by cheque (never)": narrowed(state=one("declined"), way=one("cheque")),
        "one payment in full": lambda: f"{LIST}{value_of('id::text', any_id(), online)}/",
    }
    print(f"\n{payments} payments, load {os.getloadavg()[0]:.1f}; ms of server time, {each} times each, other values")
    print(f"{'page':40} {'median':>8} {'worst':>8} {'of processors, portal':>24} {'PostgreSQL':>12}")
    slow = []
    for name, address in pages.items():
        spent = [spent_on(client, address()) for _ in range(WARM_UP + each)][WARM_UP:]
        clock, portal, postgres = zip(*spent, strict=True)
        print(
            f"{name:40} {median(clock):8.1f} {max(clock):8.1f} {median(portal):24.1f} {median(postgres):12.1f}",
            flush=True,
        )
        if median(clock) > AIM_MS:
            slow.append(name)
    print(f"\nover {AIM_MS} ms: {', '.join(slow) or 'none'}")


POSTGRES = "BAWABATI_BENCHMARK_POSTGRES"
LIST = "/fr/office/payments/"


def officer() -> Client:
    """A finance officer's browser, signed in."""
    from django.test import Client  # noqa: PLC0415 - settings first

    from bawabati.companies.reads import find_company  # noqa: PLC0415
    from bawabati.people.rules import Role  # noqa: PLC0415
    from staff import add_person, signed_in  # noqa: PLC0415

    company = find_company(COMPANY)
    assert company is not None
    person = add_person("bench@oran.example", Role.FINANCE, Role.OPERATOR, company=company)
    return signed_in(person, client=Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000"))


def posted(client: Client, fields: dict[str, str]) -> str:
    """Where the form leads: what is personal is sealed in it."""
    answer = client.post(LIST, "&".join(f"{k}={v}" for k, v in fields.items()), content_type=FORM)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["Location"])


FORM = "application/x-www-form-urlencoded"


def spent_on(client: Client, address: str) -> tuple[float, float, float]:
    """Milliseconds from the request to the whole answer: on the clock, of our processor time, of PostgreSQL's."""
    backends = tree_of(int(os.environ[POSTGRES]))
    before = time.perf_counter(), time.process_time(), cpu_clock(backends)
    answer = client.get(address)
    after = time.perf_counter(), time.process_time(), cpu_clock(backends)
    assert answer.status_code == 200, (address, answer.status_code)
    clock, portal, postgres = ((now - then) * 1000 for now, then in zip(after, before, strict=True))
    return clock, portal, postgres


def value_of(name: str, at: int, where: str = "true") -> str:
    """That column of a payment near that one."""
    from django.db import connection  # noqa: PLC0415 - settings first

    question = f"SELECT {name} FROM payments_payment WHERE id >= %s AND {where} ORDER BY id LIMIT 1"  # noqa: S608 - ours
    with connection.cursor() as cursor:
        cursor.execute(question, [at - at // 50])
        return str(cursor.fetchone()[0])


def after(at: int) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    from bawabati.payments.models import Payment  # noqa: PLC0415 - settings first

    opened = Payment.objects.values_list("opened_at", flat=True).get(id=at)
    return quote(f"{opened.isoformat()}~{at}")


if __name__ == "__main__":
    main()
