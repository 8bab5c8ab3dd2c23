"""Reconciling a file of the acquirer with as many payments, beside COPY of the same lines, in the same run.

    python benchmarks/statements.py --lines 1000000

Starts a PostgreSQL of its own, fills it with payments by SQL, writes the acquirer's file of all of them (one line in a
thousand has something wrong), and measures, at a tenth of the size and at the whole:

    copy        COPY of the lines, made ready beforehand, into the lines' own table: indexes, checks, foreign keys
    reconcile   `bawabati import-statement` as a process of its own: reading, keeping, matching, posting, items
    again       the same file a second time: nothing changes

and the peak memory of that process, which must not grow with the file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from bawabati.config.embedded_postgres import RunningPostgres, running_postgres
from books import FILL
from street import BAWABATI, COMPANY, filled

BLOCK = 1 << 20
FINANCE = "finance@oran.example"
HEAD = (
    "TYPE;DATE;HEURE;TERMINAL;COMMERCANT;ORDRE;REFERENCE;AUTORISATION;CARTE;"
    "MONTANT_BRUT;COMMISSION;TVA;MONTANT_NET;REMISE;DATE_VALEUR\n"
)
# The lines' own table with what a line points to; what it points to stands ready.
YARDSTICK = """
CREATE TABLE yardstick_statement (company_id bigint, id bigint, UNIQUE (company_id, id));
CREATE TABLE yardstick_remittance (company_id bigint, id bigint, UNIQUE (company_id, id));
INSERT INTO yardstick_statement VALUES (1, 1);
INSERT INTO yardstick_remittance SELECT 1, place FROM generate_series(1, {remittances}) AS place;
CREATE TABLE yardstick (LIKE settlement_statementline INCLUDING ALL);
ALTER TABLE yardstick ADD FOREIGN KEY (company_id, statement_id) REFERENCES yardstick_statement (company_id, id),
    ADD FOREIGN KEY (company_id, remittance_id) REFERENCES yardstick_remittance (company_id, id),
    ALTER company_id SET DEFAULT 1, ALTER statement_id SET DEFAULT 1, ALTER label SET DEFAULT '',
    ALTER reason SET DEFAULT '', ALTER text SET DEFAULT '', ALTER is_counted SET DEFAULT true;
"""
COPY = """
COPY yardstick (line_number, kind, happened_on, happened_at, terminal, order_number, reference, approval_code,
    masked_card, gross_centimes, fee_centimes, vat_centimes, net_centimes, remittance_id, value_on, line_key)
FROM STDIN
"""
PAID = "SELECT id, order_number, gateway_reference, accounted_on FROM payments_payment WHERE state = 'paid' ORDER BY id"
FEES = """
INSERT INTO settlement_feetable (company_id, way, from_on, tiers, least_centimes, vat_ppm, because, written_by_id,
    written_at)
SELECT {company}, '', '2020-01-01', '[{{"up_to": 500000, "rate_ppm": 7000}}, {{"rate_ppm": 5000}}]', 0, 190000, 'x',
    min(id), now() FROM people_staff
"""
GROSS, FEE, VAT = 143050, 1001, 190
LINES_A_REMITTANCE = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Reconciling, beside COPY.")
    parser.add_argument("--lines", type=int, default=1_000_000)
    size = parser.parse_args().lines
    print("     lines   copy s  reconcile s  ratio  lines/s  again s  peak MB   items")
    for lines in dict.fromkeys((max(1000, size // 10), size)):
        measure(lines)


def measure(lines: int) -> None:
    # PostgreSQL may run as another account: everybody may enter.
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)
        with running_postgres(state=Path(folder) / "database", say=lambda _word: None) as postgres:
            environment = os.environ | filled(postgres, Path(folder))
            file = Path(folder) / "SATIM_E010901201_20261119.csv"
            with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
                company = fill(connection, payments=lines * 10 // 9)
                with file.open("w", encoding="utf-8") as text:
                    text.writelines(file_lines(connection))
            copied_lines, copy_seconds = copied(postgres, file)
            seconds, peak = reconciled(postgres, file, environment)
            again_seconds, peak_again = reconciled(postgres, file, environment)
            items, matches = outcome(postgres, company)
    assert matches == copied_lines - copied_lines // 2000, (matches, copied_lines)
    print(
        f"{copied_lines:>10} {copy_seconds:>8.1f} {seconds:>12.1f} {seconds / copy_seconds:>6.2f}"
        f" {copied_lines / seconds:>8.0f} {again_seconds:>8.1f} {max(peak, peak_again) / 1024:>8.0f} {items:>7}",
        flush=True,
    )


def fill(connection: psycopg.Connection[Any], *, payments: int) -> int:
    """Payments with their bills, without their postings: nine tenths are paid. Gives the company."""
    row = connection.execute("SELECT id FROM companies_company WHERE code = %s", [COMPANY]).fetchone()
    account = connection.execute("SELECT min(id) FROM companies_gatewayaccount").fetchone()
    text = connection.execute("SELECT min(id) FROM companies_companytext").fetchone()
    assert row
    assert account
    assert text
    names = {"n": payments, "company": row[0], "account": account[0], "text": text[0]}
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(FILL["payments"].replace("%%", "%").format(**names).encode())
        connection.execute(FEES.format(**names).encode())
    connection.execute("VACUUM ANALYZE payments_payment")
    return int(row[0])


def file_lines(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Every paid payment; of two thousand lines, one is nobody's and one has another commission."""
    yield HEAD
    sums, count = [0, 0, 0, 0], 0
    with connection.transaction(), connection.cursor("paid") as cursor:
        cursor.itersize = 10000
        for number, (_, order, reference, day) in enumerate(cursor.execute(PAID)):
            count += 1
            is_nobodys, fee = number % 2000 == 1999, FEE + (100 if number % 2000 == 999 else 0)
            net = GROSS - fee - VAT
            for place, value in enumerate((GROSS, fee, VAT, net)):
                sums[place] += value
            names = f";nobody{number}" if is_nobodys else f"{order};{reference}"
            yield (
                f"PAIEMENT;{day:%d/%m/%Y};10:{number // 60 % 60:02}:{number % 60:02};E010901201;SAT2601010001;{names};"
                f"{number % 1000000:06};6280****7215;{dinars(GROSS)};{dinars(fee)};{dinars(VAT)};"
                f"{dinars(net)};R{number // LINES_A_REMITTANCE:09};22/11/2026\n"
            )
    yield "TOTAL;;;;;;;;;" + ";".join(map(dinars, sums)) + f";{count};\n"


def dinars(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02}"


def copied(postgres: RunningPostgres, file: Path) -> tuple[int, float]:
    """How many lines, and the seconds of COPY alone: its rows are made ready before the clock runs."""
    ready = file.with_suffix(".rows")
    count = 0
    with file.open(encoding="utf-8") as lines, ready.open("w", encoding="utf-8") as rows:
        next(lines)
        for number, line in enumerate(lines, start=2):
            values = line.rstrip("\n").split(";")
            if values[0] == "TOTAL":
                break
            count += 1
            rows.write(copy_row(number, values))
    with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
        connection.execute(YARDSTICK.format(remittances=count // LINES_A_REMITTANCE + 2).encode())
        rest(postgres)
        started = time.monotonic()
        with ready.open("rb") as rows_ready, connection.cursor() as cursor, cursor.copy(COPY) as copy:
            while block := rows_ready.read(BLOCK):
                copy.write(block)
        seconds = time.monotonic() - started
        connection.execute("DROP TABLE yardstick, yardstick_statement, yardstick_remittance")
    ready.unlink()
    return count, seconds


def copy_row(number: int, values: list[str]) -> str:
    day, month, year = values[1].split("/")
    sums = [value.replace(",", "") for value in values[9:13]]
    row = (
        *(number, "payment", f"{year}-{month}-{day}", values[2], values[3], values[5], values[6], values[7], values[8]),
        *(*sums, int(values[13][1:]) + 1, "2026-11-22", f"{number * 2654435761 % 2**128:032x}"),
    )
    return "\t".join(map(str, row)) + "\n"


def reconciled(postgres: RunningPostgres, file: Path, environment: dict[str, str]) -> tuple[float, int]:
    """Seconds and peak kilobytes of the process."""
    rest(postgres)
    command = [sys.executable, *BAWABATI, "import-statement", file, "--company", COMPANY, "--profile", "satim"]
    started = time.monotonic()
    process = subprocess.Popen(
        [*map(str, command), "--as", FINANCE], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return seconds, usage.ru_maxrss


def outcome(postgres: RunningPostgres, company: int) -> tuple[int, int]:
    """How many items are open, and how many lines were found."""
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        items = connection.execute("SELECT count(*) FROM settlement_difference WHERE company_id = %s", [company])
        matches = connection.execute("SELECT count(*) FROM settlement_match WHERE company_id = %s", [company])
        found, matched = items.fetchone(), matches.fetchone()
    assert found
    assert matched
    return int(found[0]), int(matched[0])


def rest(postgres: RunningPostgres) -> None:
    """Every measurement begins with nothing left to write."""
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")


if __name__ == "__main__":
    main()
