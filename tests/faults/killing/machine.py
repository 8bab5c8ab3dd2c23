"""Kills the programs of a street at random moments while people pay, lets it heal, and compares.

The moments and the victims come from a seed. What the programs are doing at such a moment does not: a run is never the
same twice, which is what it is for. What must repeat exactly is the work of the harness beside this one.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg

from faults.killing.books import (
    Collected,
    ask_for_what_comes_each_minute,
    let_leases_pass,
    violations,
    wait_until_quiet,
)
from faults.killing.payers import Crowd
from faults.killing.street import COMPANY, KilledStreet, Pace

PAYABLE = f"""
SELECT payment_number FROM bills_bill JOIN companies_company AS company ON company.id = company_id
WHERE code = '{COMPANY}' AND status = 'open' AND settled_centimes = 0
  AND due_centimes BETWEEN minimum_centimes AND ceiling_centimes ORDER BY bills_bill.id
"""  # noqa: S608 - our own company


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to happen."""

    seed: int
    kills: int
    database_crashes: int
    pace: Pace
    bills: int
    payers: int
    thinks_seconds: float
    between_kills_seconds: tuple[float, float]
    down_seconds: tuple[float, float]
    workers: int = 2
    waits_for_leases: bool = True
    """False: the leases of the dead are ended by hand, where there is no time to wait for their end."""
    heals_within_seconds: float = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What happened."""

    kills: Counter[str]
    ways: Counter[str]
    states: dict[str, int]
    seconds: float
    heal_seconds: float
    loads_again: Counter[str]
    mails: int
    promises: dict[str, int]
    violations: list[str]

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {number}" for name, number in sorted(self.kills.items()))
        return "\n".join(
            [
                f"process kills: {sum(self.kills.values()) - self.kills['postgres']} ({kills})",
                f"database crashes: {self.kills['postgres']}",
                f"payers: {sum(self.ways.values()) - self.ways['gave up']} ({dict(self.ways)})",
                f"pages loaded again: {dict(self.loads_again)}",
                f"attempts: {sum(self.states.values())} ({self.states}), letters: {self.mails}",
                f"promises compared with the books: {self.promises}",
                f"seconds: {self.seconds:.0f}, of which {self.heal_seconds:.0f} to become quiet",
                f"violations: {len(self.violations)}",
                *(f"    {violation}" for violation in self.violations[:40]),
            ]
        )


def run(plan: Plan, *, say: Callable[[str], None], state: Path | None = None) -> Report:
    """Does all of it on a folder of its own, of which nothing is left but what a violation makes worth keeping."""
    began = time.monotonic()
    with _opened(plan, state) as street:
        numbers = [number for (number,) in street.rows(PAYABLE)]
        crowd = Crowd(
            street=street,
            numbers=numbers,
            seed=plan.seed,
            patience_seconds=30,
            thinks_seconds=plan.thinks_seconds,
        )
        mails = Collected()
        let_them_finish = crowd.come(at_once=plan.payers)
        try:
            kills = _kill(plan, street, mails, say)
        finally:
            let_them_finish()
        heal_began = time.monotonic()
        moving = _heal(plan, street)
        mails.collect(street)
        found = [f"I10: still moving: {what}" for what in moving] + list(violations(street, crowd, mails))
        states = dict(street.rows("SELECT state, count(*) FROM payments_payment GROUP BY state"))
        return Report(
            kills=kills,
            ways=crowd.ways,
            states=states,
            seconds=time.monotonic() - began,
            heal_seconds=time.monotonic() - heal_began,
            loads_again=crowd.loads_again,
            mails=sum(map(len, mails.by_address().values())),
            promises={
                "an attempt's address": sum(bool(told.attempt) for told in crowd.told),
                "paid": sum(told.says_paid for told in crowd.told),
                "a receipt's address": sum(bool(told.receipt) for told in crowd.told),
                "this bill is paid": sum(told.bill_says_paid for told in crowd.told),
                "no money was taken": sum(told.says_no_money for told in crowd.told),
            },
            violations=found,
        )


def _kill(plan: Plan, street: KilledStreet, mails: Collected, say: Callable[[str], None]) -> Counter[str]:
    """Every so often one of them; the database at moments of its own in between."""
    random = Random(plan.seed)
    done: Counter[str] = Counter()
    crashes_at = set(random.sample(range(1, plan.kills), plan.database_crashes))
    for turn in range(plan.kills):
        time.sleep(random.uniform(*plan.between_kills_seconds))
        if turn in crashes_at:
            street.crash_the_database()
            done["postgres"] += 1
            say(f"{turn:4}  the postmaster")
            time.sleep(random.uniform(*plan.down_seconds))
            street.start_the_database()
        name = _kill_one(random, street, plan)
        done[name] += 1
        if turn % 25 == 0:
            mails.collect(street)
            say(f"{turn:4}  {name}")
    return done


def _kill_one(random: Random, street: KilledStreet, plan: Plan) -> str:
    victims = [street.portal, *street.workers, street.sandbox]
    name = random.choices(["portal", "worker", "sandbox", "backend"], weights=[8, 8, 3, 1])[0]
    if name == "backend":
        try:
            street.crash_a_backend(random.randrange(100))
        except (OSError, StopIteration, psycopg.Error):
            return "no backend"
        return name
    victim = random.choice([one for one in victims if one.name.startswith(name)])
    victim.kill()
    time.sleep(random.uniform(*plan.down_seconds))
    victim.start()
    return name


def _heal(plan: Plan, street: KilledStreet) -> list[str]:
    """No more kills. What still moves at the end of the patience."""
    if not plan.waits_for_leases:
        for worker in street.workers:
            worker.kill()
        let_leases_pass(street)
        for worker in street.workers:
            worker.start()
        ask_for_what_comes_each_minute(street)
    for victim in street.everything():
        victim.note_its_end()
        if victim.process is not None and victim.process.poll() is not None:
            victim.start()
    for victim in (street.sandbox, street.portal):
        victim.wait_until_ready()
    return wait_until_quiet(street, patience_seconds=plan.heals_within_seconds)


@contextmanager
def _opened(plan: Plan, state: Path | None) -> Iterator[KilledStreet]:
    with tempfile.TemporaryDirectory(prefix="bawabati-killing-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another account
        kept = state or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        street = KilledStreet(state=kept, pace=plan.pace, workers=plan.workers)
        try:
            street.open(bills=plan.bills)
            yield street
        finally:
            street.end()
