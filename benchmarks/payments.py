"""Complete payments over HTTP, beside three durable commits for each in pgbench, in the same run.

    python benchmarks/payments.py [--payments 1000] [--payers 8] [--with-email]

Starts PostgreSQL (durable), portal, worker and sandbox, and lets several payers pay one bill after the other: form,
look-up, bill, review, start, way to the bank, card and code, way back, receipt. Tells how many payments a second this
machine carries with all of it, the payers included, and how much processor time the portal, the worker and PostgreSQL
spend on each; then, with one payer, on which step. At the end the books have to agree with the card's issuer.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import psycopg

from cpu import cpu_clock, cpu_seconds, tree_of
from payer import STEPS, Payer
from street import COMPANY, Street, open_street

AIM_MS = 8
LANGUAGE = "ar"
WARM_UP = 60
YARDSTICK_TABLE = """
DROP TABLE IF EXISTS yardstick;
CREATE TABLE yardstick (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text, amount bigint, at timestamptz);
INSERT INTO yardstick (state, amount, at) SELECT 'opened', 143050, now() FROM generate_series(1, 10000);
"""
YARDSTICK = """
\\set number random(1, 10000)
BEGIN; INSERT INTO yardstick (state, amount, at) VALUES ('opened', 143050, now()); COMMIT;
BEGIN; UPDATE yardstick SET state = 'at_gateway', at = now() WHERE id = :number; COMMIT;
BEGIN; UPDATE yardstick SET state = 'paid', at = now() WHERE id = :number; COMMIT;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Complete payments over HTTP, beside three commits in pgbench.")
    parser.add_argument("--payments", type=int, default=1_000)
    parser.add_argument("--payers", type=int, default=8, help="paying at once")
    parser.add_argument("--with-email", action="store_true", help="every payer asks for the receipt by e-mail")
    parser.add_argument("--yardstick-seconds", type=int, default=10)
    wishes = parser.parse_args()
    one_by_one = 100
    spare = 2 * (WARM_UP + wishes.payments + one_by_one)  # some made-up bills cannot be paid
    with open_street(bills=spare) as street:
        numbers = iter(street.numbers_to_pay())
        email = "payer@example.com" if wishes.with_email else ""
        pay_together(street, numbers, payments=WARM_UP, payers=wishes.payers, email=email)
        analyse(street)
        yardstick = commits_alone(street, clients=wishes.payers, seconds=wishes.yardstick_seconds)
        together = pay_together(street, numbers, payments=wishes.payments, payers=wishes.payers, email=email)
        steps = pay_one_by_one(street, numbers, payments=one_by_one, email=email)
        show(together, steps, yardstick=yardstick, payers=wishes.payers)
        books = street.bawabati("check-books", "--issuer", f"{street.sandbox.url}/control/orders?limit={spare}")
        print(f"\n{books}")
        assert books == "The books agree."


def analyse(street: Street) -> None:
    """Has PostgreSQL count its rows, as it soon does by itself: else it may read all bills to find one."""
    with psycopg.connect(street.postgres.superuser_url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def commits_alone(street: Street, *, clients: int, seconds: int) -> float:
    """Payments a second if each were nothing but three durable commits."""
    programs, url = street.postgres.programs, street.postgres.superuser_url
    subprocess.run([programs / "psql", "-q", url], input=YARDSTICK_TABLE.encode(), check=True)
    script = Path(street.settings["BAWABATI_STATE"]) / "yardstick.sql"
    script.write_text(YARDSTICK)
    command = [programs / "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", 2, "-T", seconds, "-f", script, url]
    told = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", told)
    assert found, told
    return float(found[1])


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds for each payment, on the clock and of processors."""

    clock: float
    portal: float
    worker: float
    postgres: float
    bystanders: float
    """The payers and the sandbox, which no installation has beside it."""

    @property
    def ours(self) -> float:
        return self.portal + self.worker + self.postgres


def pay_together(street: Street, numbers: Iterator[str], *, payments: int, payers: int, email: str) -> Spent:
    """Payers who pay at once, each one bill after the other."""
    waiting = iter([next(numbers) for _ in range(payments)])

    def keep_paying(payer: Payer) -> None:
        for number in waiting:
            for _step in payer.pay(number, email=email):
                pass

    roots = roots_of(street)
    before = {name: cpu_seconds(root) for name, root in roots.items()}
    own_before, clock_before = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(max_workers=payers) as threads:
        for done in [threads.submit(keep_paying, a_payer(street)) for _ in range(payers)]:
            done.result()
    clock, own = time.perf_counter() - clock_before, time.process_time() - own_before
    spent = {name: (cpu_seconds(root) - before[name]) / payments for name, root in roots.items()}
    return Spent(clock=clock / payments, bystanders=spent.pop("sandbox") + own / payments, **spent)


def pay_one_by_one(street: Street, numbers: Iterator[str], *, payments: int, email: str) -> Mapping[str, list[Spent]]:
    """One payer alone, looked at after every answer."""
    payer = a_payer(street)
    spent: dict[str, list[Spent]] = {step: [] for step in STEPS}
    for _ in range(payments):
        trees = {name: tree_of(root) for name, root in roots_of(street).items()}
        before, clock_before = {name: cpu_clock(tree) for name, tree in trees.items()}, time.perf_counter()
        for step in payer.pay(next(numbers), email=email):
            clock = time.perf_counter() - clock_before
            after = {name: cpu_clock(tree) for name, tree in trees.items()}
            passed = {name: after[name] - before[name] for name in trees}
            spent[step].append(Spent(clock=clock, bystanders=passed.pop("sandbox"), **passed))
            before, clock_before = after, time.perf_counter()
    return spent


def a_payer(street: Street) -> Payer:
    return Payer(portal_url=street.portal.url, sandbox_url=street.sandbox.url, company=COMPANY, language=LANGUAGE)


def roots_of(street: Street) -> dict[str, int]:
    return {
        "portal": street.portal.process.pid,
        "worker": street.worker.process.pid,
        "postgres": street.postgres.process.pid,
        "sandbox": street.sandbox.process.pid,
    }


def show(together: Spent, steps: Mapping[str, list[Spent]], *, yardstick: float, payers: int) -> None:
    rate = 1 / together.clock
    print(f"processors: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}, payers at once: {payers}")
    print(f"three durable commits, pgbench:   {yardstick:8.0f} payments/s")
    print(f"complete payments, all included:  {rate:8.1f} payments/s, 1/{yardstick / rate:.0f} of the yardstick")
    print(f"CPU of portal, worker, PostgreSQL:{together.ours * 1000:8.2f} ms/payment (aim: {AIM_MS})")
    print(f"    portal      {together.portal * 1000:8.2f}")
    print(f"    worker      {together.worker * 1000:8.2f}")
    print(f"    PostgreSQL  {together.postgres * 1000:8.2f}")
    print(f"CPU of payers and sandbox:        {together.bystanders * 1000:8.2f} ms/payment")
    print(f"\n{'one payer alone, means, ms':28} {'portal':>8} {'PostgreSQL':>11} {'clock, median':>14}")
    for step, spent in steps.items():
        portal, postgres = fmean(one.portal for one in spent), fmean(one.postgres for one in spent)
        clock = median(one.clock for one in spent)
        print(f"{step:28} {portal * 1000:8.2f} {postgres * 1000:11.2f} {clock * 1000:14.1f}")


if __name__ == "__main__":
    main()
