"""Importing bills, beside COPY of the same rows into the same indexed table, in the same run.

    python benchmarks/imports.py --bills 1000000

Starts a PostgreSQL of its own, makes up a file of bills, and measures, at a tenth of the size and at the whole:

    copy      COPY of the rows, made ready beforehand, into the bills' own table: its indexes, checks and foreign key
    bare      the same without the foreign key
    import    `bawabati import-bills` as a process of its own: reading, checking, customers, bills, versions
    again     the same bills a second time, in a file that differs by one empty line: nothing changes

and the peak memory of the importing process, which must not grow with the file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from bawabati.adapters.billfiles.contract import BillLine
from bawabati.adapters.billfiles.csv_bills.reader import CsvBills
from bawabati.companies.rules import MINTED_FORMAT
from bawabati.config.embedded_postgres import RunningPostgres, running_postgres
from bawabati.jobs.demo.bills import write_bills
from street import filled

BLOCK = 1 << 20
# The bills' own table with what the file says beside it; its customers stand ready, as nothing in the file makes them.
YARDSTICK = """
CREATE TABLE yardstick_customer (LIKE bills_customer INCLUDING ALL, UNIQUE (company_id, id));
INSERT INTO yardstick_customer (id, company_id, number, name)
    SELECT place, 1, place::text, '' FROM generate_series(1, {bills}) AS place;
CREATE TABLE yardstick (LIKE bills_bill INCLUDING ALL) WITH (fillfactor = 70);
ALTER TABLE yardstick ADD holder_name varchar(120) NOT NULL, ADD lines jsonb NOT NULL,
    ALTER company_id SET DEFAULT 1, ALTER version SET DEFAULT 1, ALTER settled_centimes SET DEFAULT 0,
    ALTER as_of SET DEFAULT now();
"""
KEY = "ALTER TABLE yardstick ADD FOREIGN KEY (company_id, customer_id) REFERENCES yardstick_customer (company_id, id)"
COPY = """
COPY yardstick (payment_number, bill_number, customer_id, holder_name, period, issued_on, due_on, due_centimes,
    status, replaced_by, is_estimated, lines) FROM STDIN
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Importing bills, beside COPY.")
    parser.add_argument("--bills", type=int, default=1_000_000)
    size = parser.parse_args().bills
    print("     bills   bare s   copy s  import s  ratio  bills/s  again s  peak MB")
    for bills in (size // 10, size):
        measure(bills)


def measure(bills: int) -> None:
    # PostgreSQL may run as another account: everybody may enter.
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "bills.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            write_bills(
                text,
                count=bills,
                company="oran",
                number_format=MINTED_FORMAT,
                seed=1,
                day=date(2026, 11, 1),
                with_numbers=True,
            )
        with running_postgres(state=Path(folder) / "database", say=lambda _word: None) as postgres:
            environment = os.environ | filled(postgres, Path(folder))
            bare_seconds = copied(postgres, file, bills)
            copy_seconds = copied(postgres, file, bills, KEY)
            import_seconds, peak = imported(postgres, file, environment)
            with file.open("a") as more:
                more.write("\r\n")
            again_seconds, peak_again = imported(postgres, file, environment)
    print(
        f"{bills:>10} {bare_seconds:>8.1f} {copy_seconds:>8.1f} {import_seconds:>9.1f}"
        f" {import_seconds / copy_seconds:>6.2f} {bills / import_seconds:>8.0f}"
        f" {again_seconds:>8.1f} {max(peak, peak_again) / 1024:>8.0f}",
        flush=True,
    )


def copied(postgres: RunningPostgres, file: Path, bills: int, *constraints: str) -> float:
    """Seconds of COPY alone: its rows are made ready before the clock runs."""
    ready = file.with_suffix(".rows")
    with ready.open("w", encoding="utf-8", newline="") as rows:
        rows.writelines(copy_rows(file))
    with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
        for statement in (YARDSTICK.replace("{bills}", str(bills)), *constraints):
            connection.execute(statement.encode())
        settle(postgres)
        started = time.monotonic()
        with ready.open("rb") as rows, connection.cursor() as cursor, cursor.copy(COPY) as copy:
            while block := rows.read(BLOCK):
                copy.write(block)
        seconds = time.monotonic() - started
        connection.execute("DROP TABLE yardstick, yardstick_customer")
    ready.unlink()
    return seconds


def copy_rows(file: Path) -> Iterator[str]:
    for bill in CsvBills().open(file).lines:
        assert isinstance(bill, BillLine), bill
        lines = json.dumps([[label, amount.centimes] for label, amount in bill.lines], ensure_ascii=False)
        values = (
            *(bill.payment_number, bill.bill_number, int(bill.customer_number[2:]), bill.holder_name, bill.period),
            *(bill.issued_on, bill.due_on, bill.due.centimes, bill.status, bill.replaced_by, bill.estimated, lines),
        )
        yield "\t".join(map(str, values)) + "\n"


def imported(postgres: RunningPostgres, file: Path, environment: dict[str, str]) -> tuple[float, int]:
    """Seconds and peak kilobytes of the importing process."""
    settle(postgres)
    started = time.monotonic()
    process = bawabati_process(environment, "import-bills", file, "--company", "oran", "--as", "operator@oran.example")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return seconds, usage.ru_maxrss


def settle(postgres: RunningPostgres) -> None:
    """Every measurement begins with nothing left to write."""
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def bawabati_process(environment: dict[str, str], *arguments: object) -> subprocess.Popen[Any]:
    command = [sys.executable, "-m", "bawabati.config.commands", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
