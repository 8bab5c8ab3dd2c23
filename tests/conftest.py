"""What the tests stand on: a real PostgreSQL, our programs as processes, a real browser. Nothing of ours is mocked.

    database      PostgreSQL with our tables, empty; the test works as the application's role and really commits
    behind_the_scenes    a connection as superuser, to look at or break what the application may not
    together      calls made at the same moment, each on connections of its own
    portal        the portal in its own process, over real HTTP
    worker        the portal's jobs, in their own process, while the test lasts
    sandbox       the outside world in its own process: gateway, phone, inbox
    outside       the same, as a test steers it; `company` and `bill` live beside it
    new_page      pages of a real browser, of any width and language

Whatever a test does not ask for is not started: the rules need none of it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from chromium import find_chromium
from long_files import BEGIN_WITH
from outside import Outside
from people import add_bill, add_company
from postgres_elsewhere import VARIABLE, Addresses, postgres_elsewhere
from programs import Program, free_port, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.plugin import DjangoDbBlocker

    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company

# Everybody may enter: root's PostgreSQL runs as another account. What is private in it has its own permissions.
STATE = Path(tempfile.mkdtemp(prefix="bawabati-tests-"))
STATE.chmod(0o755)

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "bawabati.config.settings",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",  # until a test asks for the database
    "BAWABATI_SECRET_KEY": "a key for tests, known to everybody who reads them",
    "BAWABATI_STATE": str(STATE),
    "BAWABATI_HOSTS": "127.0.0.1 localhost testserver",  # the last is what the test client calls us
    "BAWABATI_EMAIL_URL": "smtp://127.0.0.1:1",
    "BAWABATI_EMAIL_FROM": "bawabati@example.com",
}
for name in [name for name in os.environ if name.startswith(("BAWABATI_", "DATABASE_", "PG"))]:
    del os.environ[name]  # a developer's own installation is none of the tests' business
os.environ |= SETTINGS

# A busy machine breaks no rule: time has its limits in the benchmarks.
settings.register_profile("whatever the machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever the machine")

Answer = TypeVar("Answer")


def pytest_configure() -> None:
    """Has the settings read, which tells pytest-django to set Django up."""
    from django.conf import settings  # noqa: PLC0415 - with the environment above

    settings.DATABASES  # noqa: B018
    # The hands of a run inherit this environment, and pytest-django would have them read it before their own conftest:
    # all would work in the folder of the one that starts them.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure() -> None:
    shutil.rmtree(STATE, ignore_errors=True)


# --- the database ---


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; the rest as chance has shuffled it, so that what waits meets what works."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(BEGIN_WITH))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Addresses]:
    """A server of the session's own, quick because nothing in it has to survive; or that of TEST_POSTGRES."""
    from bawabati.config.embedded_postgres import running_postgres  # noqa: PLC0415 - only for those who ask

    if VARIABLE in os.environ:
        with postgres_elsewhere() as addresses:
            yield addresses
        return
    with running_postgres(state=STATE / "database", durable=False) as server:
        yield Addresses(
            application_url=server.application_url, owner_url=server.owner_url, superuser_url=server.superuser_url
        )


@pytest.fixture(scope="session")
def django_db_setup(postgres: Addresses, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tables made by their owner, once, as `bawabati setup-database` makes them anywhere."""
    from django.core.management import call_command  # noqa: PLC0415 - settings first
    from django.db import connections  # noqa: PLC0415

    from bawabati.config.environment import Environment  # noqa: PLC0415

    addresses = Environment({"default": postgres.application_url, "owner": postgres.owner_url})
    for alias in ("default", "owner"):
        where = addresses.database(alias)
        connections.settings[alias] |= {name: where[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        connections[alias].close_pool()  # a test without a database may have made one for the address before
    with django_db_blocker.unblock():
        call_command("setup_database", verbosity=0)
        connections.close_all()
    yield
    for alias in connections:
        connections[alias].close_pool()


@pytest.fixture(scope="session")
def behind_the_scenes(postgres: Addresses, django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:  # noqa: ARG001
    """A superuser's connection, each statement for itself."""
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '20s'")  # a test that left a transaction open fails instead of hanging
        yield connection


@pytest.fixture
def database(behind_the_scenes: psycopg.Connection[Any], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, empty, as the application sees it. What the test commits is gone after it.

    A test sees every company, unless it says `only_company`; a request that it sends sees what a request sees.
    """
    from django.db import connections  # noqa: PLC0415 - settings first

    from bawabati.scope import every_company  # noqa: PLC0415

    with django_db_blocker.unblock(), every_company("tests look at everything"):
        yield
        connections.close_all()
    _empty(behind_the_scenes)


def _empty(connection: psycopg.Connection[Any]) -> None:
    """Deletes every row of ours: much quicker than TRUNCATE for the few rows that a test makes."""
    tables = [
        sql.Identifier(name)
        for (name,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
        )
    ]
    anything = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table.as_string()), table)
        for table in tables
    )
    filled = [sql.SQL("DELETE FROM {}").format(sql.SQL(name)) for (name,) in connection.execute(anything)]
    with connection.transaction():
        # As a replica, the session runs no triggers: neither those that keep rows for ever nor the foreign keys'.
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in filled:
            connection.execute(statement)


@pytest.fixture
def together(database: None) -> Callable[..., list[Any]]:  # noqa: ARG001 - the calls need it
    """Calls functions at the same moment, each in a thread with connections of its own.

    Gives what each returned, in order; what one raised is given in its place.
    """
    from django.db import connections  # noqa: PLC0415 - settings first

    def call_together(*calls: Callable[[], Answer]) -> list[Answer | Exception]:
        all_are_here = Barrier(len(calls))

        def call(one: Callable[[], Answer]) -> Answer | Exception:
            all_are_here.wait()
            try:
                return one()
            except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=len(calls)) as threads:
            return [future.result() for future in [threads.submit(copy_context().run, call, one) for one in calls]]

    return call_together


# --- the programs ---


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Program]:
    """The outside world. `sandbox.announced` says where everything of it is."""
    state = STATE / "sandbox"
    with running("sandbox", "-m", "sandbox", "--state", str(state), state=state, announces=True) as program:
        yield program


@pytest.fixture(scope="session")
def settings_of_the_portal(
    postgres: Addresses,
    django_db_setup: None,  # noqa: ARG001 - the tables are there
) -> dict[str, str]:
    """The environment of every process of the portal."""
    return SETTINGS | {"DATABASE_URL": postgres.application_url, "DATABASE_OWNER_URL": postgres.owner_url}


@pytest.fixture
def start_portal(
    database: None,  # noqa: ARG001 - emptied after the test
    settings_of_the_portal: dict[str, str],
) -> Iterator[Callable[..., Program]]:
    """Starts a portal with settings of its own: `start_portal(BAWABATI_LIMITS="0")`. It ends with the test."""
    with ExitStack() as programs:

        def start(**settings: str) -> Program:
            return programs.enter_context(_running_portal(settings_of_the_portal | settings))

        yield start


@pytest.fixture(scope="session")
def portal_of_the_session(settings_of_the_portal: dict[str, str], sandbox: Program) -> Iterator[Program]:
    with _running_portal(_with_mail(settings_of_the_portal, sandbox)) as program:
        yield program


@pytest.fixture
def portal(portal_of_the_session: Program, database: None) -> Program:  # noqa: ARG001 - emptied after the test
    """The portal; `portal.url` is its address. It works on the same database as the test."""
    return portal_of_the_session


@pytest.fixture
def worker(portal: Program, settings_of_the_portal: dict[str, str], sandbox: Program) -> Iterator[Program]:
    """The portal's jobs, done while the test lasts."""
    settings = _with_mail(settings_of_the_portal, sandbox) | {"BAWABATI_PUBLIC_URL": portal.url}
    with running("worker", "-m", "bawabati.config.commands", "worker", settings=settings, state=STATE) as program:
        yield program


def _running_portal(settings: dict[str, str]) -> Any:  # noqa: ANN401 - a context manager of Program
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ("-m", "bawabati.config.commands", "serve", "--port", str(port))
    settings = settings | {"BAWABATI_PUBLIC_URL": url}
    return running("portal", *command, settings=settings, url=url, state=STATE)


def _with_mail(settings: dict[str, str], sandbox: Program) -> dict[str, str]:
    where = sandbox.announced
    return settings | {"BAWABATI_EMAIL_URL": f"smtp://{where['smtp_host']}:{where['smtp_port']}"}


# --- the cast's world ---


@pytest.fixture
def outside(sandbox: Program) -> Iterator[Outside]:
    """The outside world, back at its first day before and after the test."""
    world = Outside(sandbox.url)
    world.reset()
    yield world
    world.reset()


@pytest.fixture
def company(outside: Outside, database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """A company whose gateway is the sandbox."""
    return add_company(gateway_url=outside.url)


@pytest.fixture
def bill(company: Company) -> Bill:
    """A bill of it that can be paid."""
    return add_bill(company)


# --- the browser ---

QUIET = (
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium. Fails with the sentence that helps where there is none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only for those who ask

    # Playwright keeps an event loop in this thread, and Django would refuse the database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=[*QUIET, *as_root])
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each of a visitor of its own: `new_page(width=360, language="ar", javascript=True)`."""
    with ExitStack() as visitors:

        def open_page(*, width: int = 360, language: str = "ar", javascript: bool = True) -> Page:
            visitor = browser.new_context(
                viewport={"width": width, "height": 800},
                locale=f"{language}-DZ",
                timezone_id="Africa/Algiers",
                java_script_enabled=javascript,
            )
            visitors.callback(visitor.close)
            return visitor.new_page()

        yield open_page


@pytest.fixture(scope="session")
def collected() -> None:
    """The style sheet under its hashed name, as `bawabati serve` collects it."""
    from django.core.management import call_command  # noqa: PLC0415 - settings first

    call_command("collectstatic", interactive=False, verbosity=0)
