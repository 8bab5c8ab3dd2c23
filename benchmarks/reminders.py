"""Planning a day's reminders, beside INSERT … SELECT of the very rows that it writes, in the same run.

    python benchmarks/reminders.py --bills 100000

Starts a PostgreSQL of its own, fills it by SQL with bills that are due in five days, a customer and an address for
each, and measures, at a tenth of the size and at the whole:

    plan      `plan_reminders` in a process of its own: whose turn has come, where he may be written to, written down
    copied    the reminders and the messages once more, by INSERT … SELECT into tables with the same indexes, checks and
              foreign keys: what writing them costs when nothing has to be found out
    again     the same day planned a second time: nothing changes

and the peak memory of the process, which must not grow with the bills.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psycopg

from street import COMPANY, filled

from bawabati.config.embedded_postgres import RunningPostgres, running_postgres  # isort: skip # street says where it is

PLANNED: Final = ("reminders_reminder", "reminders_remindermessage")
FILL: Final = (
    """INSERT INTO bills_customer (id, company_id, number, name)
    SELECT 1000000 + n, {company}, 'B' || n, 'Somebody' FROM generate_series(1, {bills}) n""",
    """INSERT INTO bills_bill (id, company_id, customer_id, payment_number, bill_number, period, issued_on, due_on,
        is_estimated, status, replaced_by, version, due_centimes, settled_centimes, as_of)
    SELECT 1000000 + n, {company}, 1000000 + n, 'P' || n, 'B' || n, '2026-T3', '2026-10-05', '2026-12-05',
        false, 'open', '', 1, 100000 + n, 0, now() FROM generate_series(1, {bills}) n""",
    """INSERT INTO bills_customercontact (company_id, customer_id, means, address, language, source, said_at)
    SELECT {company}, 1000000 + n, 'email', 'payer' || n || '@example.com', 'fr', 'file', now()
    FROM generate_series(1, {bills}) n""",
)
KEYS: Final = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"


def main() -> None:
    parser = argparse.ArgumentParser(description="Planning reminders, beside writing them alone.")
    parser.add_argument("--bills", type=int, default=100_000)
    parser.add_argument("--plan", action="store_true", help="what the measured process does")
    options = parser.parse_args()
    if options.plan:
        plan()
        return
    print("     bills  messages  plan s  copied s  ratio  again s  peak MB")
    for bills in dict.fromkeys((max(1000, options.bills // 10), options.bills)):
        measure(bills)


def plan() -> None:
    """Plans the day, and says how many seconds that took without the start of the process."""
    import django  # noqa: PLC0415 - of the measured process alone

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawabati.config.settings")
    django.setup()
    from bawabati.companies.reads import find_company  # noqa: PLC0415 - settings first
    from bawabati.flows.plan_reminders import plan_reminders  # noqa: PLC0415
    from bawabati.reminders.reads import find_plan  # noqa: PLC0415
    from bawabati.scope import every_company  # noqa: PLC0415
    from reminding import FIVE_DAYS_BEFORE, switched_on  # noqa: PLC0415

    with every_company("a benchmark plans the day of its one company"):
        company = find_company(COMPANY)
        assert company
        decided = find_plan(company.id) or switched_on(company)
        started = time.monotonic()
        plan_reminders(decided, now=FIVE_DAYS_BEFORE)
        print(time.monotonic() - started)


def measure(bills: int) -> None:
    # PostgreSQL may run as another account: everybody may enter.
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)
        with running_postgres(state=Path(folder) / "database", say=lambda _word: None) as postgres:
            environment = os.environ | filled(postgres, Path(folder))
            with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
                fill(connection, bills)
                connection.execute("CHECKPOINT")
                seconds, peak = planned(environment)
                again, peak_again = planned(environment)
                messages = connection.execute("SELECT count(*) FROM reminders_remindermessage").fetchone()
                assert messages == (bills,), messages
                copied_seconds = copied(postgres, bills)
    print(
        f"{bills:>10} {messages[0]:>9} {seconds:>7.2f} {copied_seconds:>9.2f} {seconds / copied_seconds:>6.2f}"
        f" {again:>8.2f} {max(peak, peak_again) / 1024:>8.0f}",
        flush=True,
    )


def fill(connection: psycopg.Connection[Any], bills: int) -> None:
    """Bills that are all due on one day, each of a customer who may be written to."""
    row = connection.execute("SELECT id FROM companies_company WHERE code = %s", [COMPANY]).fetchone()
    assert row
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in FILL:
            connection.execute(statement.format(company=row[0], bills=bills).encode())
    connection.execute("VACUUM ANALYZE bills_bill, bills_customer, bills_customercontact")


def planned(environment: dict[str, str]) -> tuple[float, int]:
    """Seconds of the planning, and peak kilobytes of its process."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--plan"],
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return float(said), usage.ru_maxrss


def copied(postgres: RunningPostgres, bills: int) -> float:
    """Seconds of writing the same rows in one transaction, with the same indexes, checks and foreign keys."""
    with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
        for table in PLANNED:
            connection.execute(f"CREATE TABLE yardstick_{table} (LIKE {table} INCLUDING ALL)".encode())
            for (key,) in connection.execute(KEYS, [table]).fetchall():
                connection.execute(f"ALTER TABLE yardstick_{table} ADD {key}".encode())
        started = time.monotonic()
        with connection.transaction():
            for table in PLANNED:
                again = f"INSERT INTO yardstick_{table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}"  # noqa: S608
                rows = connection.execute(again.encode()).rowcount
                assert rows == bills, rows
        return time.monotonic() - started


if __name__ == "__main__":
    main()
