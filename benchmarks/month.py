"""A month of 100,000 payments beside the acquirer's and the bank's files, with every disorder that files know.

    python benchmarks/month.py [--payments 100000] [--seed 20261122]

Payments are filled in with SQL; files come from the sandbox's bank; import, matching and differences are the real code,
on a real PostgreSQL. Each disorder has to be found and typed as what it is, nothing else may be reported, and every
centime has its place in the books: else it ends with 1 and says what is unexplained.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg

from bawabati.config.embedded_postgres import running_postgres
from street import filled


def main() -> int:
    parser = argparse.ArgumentParser(description="A month of payments, settled with disorder.")
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20_261_122)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another account
        with running_postgres(state=Path(folder) / "database", say=lambda _word: None, durable=False) as postgres:
            os.environ.update(filled(postgres, Path(folder)))
            os.environ["DJANGO_SETTINGS_MODULE"] = "bawabati.config.settings"
            import django  # noqa: PLC0415 - the settings are known from here on

            django.setup()
            from bawabati.scope import every_company  # noqa: PLC0415 - as above

            with (
                psycopg.connect(postgres.superuser_url, autocommit=True) as connection,
                every_company("a benchmark looks at everything"),
            ):
                return settle(connection, Path(folder), payments=wishes.payments, seed=wishes.seed)


def settle(connection: psycopg.Connection, folder: Path, *, payments: int, seed: int) -> int:
    """0 when everything is explained."""
    from bawabati.companies.models import Company  # noqa: PLC0415 - settings first
    from bawabati.people.rules import Role  # noqa: PLC0415
    from month import Item, Month, balances, expected_of, items_of, never_told, passing_of, plan  # noqa: PLC0415
    from sandbox.bank.disorders import Kind  # noqa: PLC0415
    from staff import add_person  # noqa: PLC0415

    company = Company.objects.order_by("id")[0]
    officer = add_person("finance-of-the-month@oran.example", Role.FINANCE, company=company)
    month = Month(company=company, officer=officer, connection=connection, folder=folder)
    began = time.monotonic()
    month.fill(payments=payments)
    print(f"filled {len(month.movements):,} movements in {time.monotonic() - began:.1f} s", flush=True)
    bank = month.bank(seed=seed)
    plan(bank)
    month.take_money_of(48)
    began = time.monotonic()
    month.live(bank)
    seconds = time.monotonic() - began
    done = bank.disorders.done()
    expected = Counter(item for each in done for item in expected_of(each))
    expected[Item(kind="paid_but_not_posted_here", about="0000000048")] += 1
    found = Counter(items_of(company, ended=False))
    passing = set(items_of(company, ended=True)) - {item for each in done for item in passing_of(each)}
    books = balances(company, connection)
    not_credited = sum(each.right_centimes or 0 for each in done if each.kind is Kind.NOT_CREDITED)
    unexplained = {
        "cards to collect": books["511"] + books["5113"] - never_told(month, done),
        "set apart": books["4715"] + month.posted_apart(),
        "remittances due": books["5115"] - not_credited,
        "bank": books["512"] - bank.balance_of(bank.settings()[0].merchant),
    }
    print(f"{len(done)} disorders of {len({each.kind for each in done})} kinds in {len(bank.files())} files")
    print(f"import, matching and what is missing: {seconds:.1f} s, peak {_peak_megabytes()} MB")
    print(f"found as what they are: {(found & expected).total()} of {expected.total()}")
    print(f"found and not injected: {dict(found - expected)} {passing}")
    print(f"injected and not found: {dict(expected - found)}")
    print(f"unexplained centimes: {unexplained}")
    print(f"load: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")
    return 0 if found == expected and not passing and not any(unexplained.values()) else 1


def _peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
