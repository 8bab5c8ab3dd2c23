"""What it costs that PostgreSQL shows one company at a time: the same questions with and without, in the same run.

python benchmarks/companies.py [--companies 50] [--bills 20000]

scope      telling a connection that another company begins, and the emptiest transaction beside it
questions  as the pages ask, of one company among many: the application's role under its policy, beside the owner's,
to whom every row is shown. Statements are prepared, as the portal's are
whole      a sum over everything: the role that sees every company, beside the owner's
plans      what PostgreSQL makes of the policy, from EXPLAIN: fails unless it stands in the index and is folded
newcomer   a bill of a company that has just joined, before PostgreSQL has counted its rows and after
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

import psycopg
from psycopg import sql

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from bawabati.config.embedded_postgres import RunningPostgres, running_postgres  # noqa: E402 - found by the line above
from bawabati.database.roles import role_of_every_company  # noqa: E402
from street import A_KEY, BAWABATI  # noqa: E402

APPLICATION: Final = "bawabati_app"
ROUNDS: Final = 2_000
SUMS: Final = 20
FILL: Final = (
    """INSERT INTO companies_company SELECT (jsonb_populate_record(NULL::companies_company,
        to_jsonb(c) || jsonb_build_object('id', 1000 + n, 'code', 'c' || n))).*
    FROM (SELECT * FROM companies_company LIMIT 1) c, generate_series(%(first)s::int, %(last)s) n""",
    """INSERT INTO bills_customer (id, company_id, number, name)
    SELECT c * 1000000 + n, c, n, 'Somebody'
    FROM generate_series(1000 + %(first)s, 1000 + %(last)s) c, generate_series(1, %(bills)s) n""",
    """INSERT INTO bills_bill (id, company_id, customer_id, payment_number, bill_number, period, issued_on, due_on,
        is_estimated, status, replaced_by, version, due_centimes, settled_centimes, as_of)
    SELECT id, company_id, id, 'P' || number, 'B' || number, '2026-T3', '2026-10-05', '2026-12-05',
        false, 'open', '', 1, 143050, 0, now() FROM bills_customer WHERE company_id >= 1000 + %(first)s""",
)
QUESTIONS: Final = {
    "by its number, company named": "SELECT * FROM bills_bill WHERE company_id = %s AND payment_number = %s",
    "by its key, no company named": "SELECT * FROM bills_bill WHERE id = %s",
    "a page of fifty, company named": "SELECT * FROM bills_bill WHERE company_id = %s ORDER BY id DESC LIMIT 50",
    "with its customer, by key": (
        "SELECT * FROM bills_bill b JOIN bills_customer u ON u.id = b.customer_id WHERE b.id = %s"
    ),
}
WHOLE: Final = "SELECT sum(due_centimes), count(*) FROM bills_bill JOIN bills_customer u ON u.id = customer_id"


def main() -> int:
    """Prints the figures beside their yardsticks; fails when a plan is not what it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--bills", type=int, default=20_000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as state,
        running_postgres(state=Path(state) / "database", say=lambda _word: None) as postgres,
    ):
        fill(postgres, companies=options.companies, bills=options.bills)
        with (
            psycopg.connect(postgres.application_url, autocommit=True) as application,
            psycopg.connect(postgres.owner_url, autocommit=True) as owner,
        ):
            tell_scopes(application)
            ask_questions(application, owner)
            sum_all(application, owner)
            wrong = show_plans(application)
        tell_newcomer(postgres, place=options.companies + 1, bills=options.companies * options.bills // 20)
        return wrong


def fill(postgres: RunningPostgres, *, companies: int, bills: int) -> None:
    """One company by the demo's own commands, and the others after its likeness."""
    environment = {
        "DATABASE_URL": postgres.application_url,
        "DATABASE_OWNER_URL": postgres.owner_url,
        "BAWABATI_SECRET_KEY": A_KEY,
        "DJANGO_SETTINGS_MODULE": "bawabati.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "PATH": "/usr/bin:/bin",
    }
    for command in (["setup-database"], ["demo-company", "--sandbox-url", "http://127.0.0.1:1"]):
        subprocess.run([sys.executable, *BAWABATI, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        add_companies(connection, first=1, last=companies, bills=bills)
        connection.execute("VACUUM ANALYZE")


def add_companies(connection: psycopg.Connection[Any], *, first: int, last: int, bills: int) -> None:
    """Companies 1000 + `first` to 1000 + `last`, as a superuser."""
    connection.execute("SET session_replication_role = replica")
    for statement in FILL:
        connection.execute(statement.encode(), {"first": first, "last": last, "bills": bills})


def tell_scopes(application: psycopg.Connection[Any]) -> None:
    """Microseconds of the statement that a change of scope sends."""
    wide = role_of_every_company(APPLICATION)
    one = sql.SQL("SET bawabati.company TO '1001'; SET ROLE NONE")
    every = sql.SQL("SET bawabati.company TO ''; SET ROLE {}").format(sql.Identifier(wide))
    nothing = microseconds(lambda _: application.execute("SELECT 1", prepare=True))
    same = microseconds(lambda _: application.execute(one, prepare=False))
    both = microseconds(lambda n: application.execute(every if n % 2 else one, prepare=False))
    print(f"scope      another company {same:6.0f} us, from one to every {both:6.0f} us; SELECT 1 {nothing:6.0f} us")


def ask_questions(application: psycopg.Connection[Any], owner: psycopg.Connection[Any]) -> None:
    """Microseconds of each question, medians, one connection after the other in turns."""
    application.execute("SET bawabati.company TO '1007'; SET ROLE NONE")
    for what, question in QUESTIONS.items():
        given: Callable[[int], tuple[object, ...]]
        if "payment_number" in question:
            given = lambda n: (1007, f"P{1 + n % 1000}")  # noqa: E731
        elif "LIMIT" in question:
            given = lambda _: (1007,)  # noqa: E731
        else:
            given = lambda n: (1007 * 1_000_000 + 1 + n % 1000,)  # noqa: E731
        walled, bare = in_turns(
            lambda n, q=question, g=given: application.execute(q.encode(), g(n), prepare=True).fetchall(),  # type: ignore[misc]
            lambda n, q=question, g=given: owner.execute(q.encode(), g(n), prepare=True).fetchall(),  # type: ignore[misc]
        )
        print(f"question   {what:32} {walled:6.0f} us beside {bare:6.0f} us: {walled / bare:.2f} times")


def sum_all(application: psycopg.Connection[Any], owner: psycopg.Connection[Any]) -> None:
    """Seconds of a sum over every company."""
    application.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role_of_every_company(APPLICATION))))
    walled, bare = in_turns(
        lambda _: application.execute(WHOLE).fetchall(), lambda _: owner.execute(WHOLE).fetchall(), rounds=SUMS
    )
    ratio = f"{walled / 1e3:8.1f} ms beside {bare / 1e3:8.1f} ms: {walled / bare:.2f} times"
    print(f"whole      a sum over every company {ratio}")


def show_plans(application: psycopg.Connection[Any]) -> int:
    """How many plans are not what they have to be."""
    application.execute("SET bawabati.company TO '1007'; SET ROLE NONE")
    wanted = {
        "SELECT * FROM bills_bill WHERE payment_number = 'P7'": ("Index Cond", "current_setting"),
        "SELECT * FROM bills_bill WHERE company_id = 1007 AND payment_number = 'P7'": (
            "One-Time Filter",
            "current_setting",
        ),
    }
    wrong = 0
    for question, words in wanted.items():
        plan = [line for (line,) in application.execute(f"EXPLAIN (COSTS OFF) {question}".encode())]
        is_right = any(all(word in line for word in words) for line in plan)
        wrong += not is_right
        print(f"plan       {question}\n           " + "\n           ".join(plan))
        if not is_right:
            print(f"           MISSING: {words}")
    return wrong


def tell_newcomer(postgres: RunningPostgres, *, place: int, bills: int) -> None:
    """Microseconds of a bill by its number, while the newest company is unknown to the statistics and after it."""
    question = b"SELECT * FROM bills_bill WHERE company_id = %s AND payment_number = %s"
    with (
        psycopg.connect(postgres.superuser_url, autocommit=True) as superuser,
        psycopg.connect(postgres.application_url, autocommit=True) as application,
    ):
        for table in ("bills_bill", "bills_customer"):
            superuser.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)".encode())
        add_companies(superuser, first=place, last=place, bills=bills)
        application.execute(f"SET bawabati.company TO '{1000 + place}'; SET ROLE NONE".encode())

        def ask(n: int) -> None:
            application.execute(question, (1000 + place, f"P{1 + n % bills}"), prepare=True).fetchall()

        before = in_turns(ask, rounds=SUMS)[0]
        superuser.execute("ANALYZE bills_bill, bills_customer")
        after = in_turns(ask)[0]
    print(
        f"newcomer   by its number, not counted {before:6.0f} us; counted {after:6.0f} us: {before / after:.0f} times"
    )


def microseconds(ask: Callable[[int], object]) -> float:
    """The median of many."""
    return in_turns(ask)[0]


def in_turns(*asked: Callable[[int], object], rounds: int = ROUNDS) -> list[float]:
    """The median microseconds of each, asked in turns so that a busy moment meets all alike."""
    took: list[list[float]] = [[] for _ in asked]
    for n in range(rounds):
        for place, ask in enumerate(asked):
            began = time.perf_counter()
            ask(n)
            took[place].append(time.perf_counter() - began)
    return [median(each) * 1e6 for each in took]


if __name__ == "__main__":
    sys.exit(main())
