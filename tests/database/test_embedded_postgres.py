"""The PostgreSQL that we bring along, started, killed and started again as people do."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bawabati.config.embedded_postgres import AlreadyRunning, PostgresWouldNotStart, RunningPostgres, running_postgres
from programs import running

SETTLED = "SELECT count(*) FROM paid"


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder with a space in its name. Root's PostgreSQL, which is another account, may enter it too."""
    with tempfile.TemporaryDirectory(prefix="bawabati tests ") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "a state"


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return next(connection.execute(question))[0]  # type: ignore[arg-type]


def write_something(postgres: RunningPostgres) -> None:
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("CREATE TABLE paid (id int)")
        connection.execute("INSERT INTO paid VALUES (7)")


def quiet(_words: str) -> None:
    pass


def test_it_starts_in_a_path_with_spaces_and_keeps_its_data(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        write_something(postgres)
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        assert ask(postgres.owner_url, SETTLED) == 1


def test_the_application_owns_nothing_and_may_not_make_tables(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        write_something(postgres)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(postgres.application_url, SETTLED)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(postgres.application_url, "CREATE TABLE mine ()")


def test_nobody_comes_in_without_the_password(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        wrong = postgres.superuser_url.replace("postgres:", "postgres:x", 1)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            ask(wrong, "SELECT 1")


def test_only_the_owner_of_the_state_folder_reads_its_passwords(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet):
        for file in ("postgres-passwords.json", "postgres.log"):
            assert stat.S_IMODE((state / file).stat().st_mode) == 0o600


def test_money_is_durable_unless_a_test_says_otherwise(state: Path) -> None:
    with running_postgres(state=state, say=quiet) as postgres:
        assert ask(postgres.superuser_url, "SHOW fsync") == "on"
        assert ask(postgres.superuser_url, "SHOW data_checksums") == "on"


def test_two_programs_do_not_run_it_on_one_folder(state: Path) -> None:
    with (
        running_postgres(state=state, durable=False, say=quiet),
        pytest.raises(AlreadyRunning, match="a state"),
        running_postgres(state=state, say=quiet),
    ):
        pass


def test_new_passwords_are_given_when_the_file_is_lost(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        write_something(postgres)
    (state / "postgres-passwords.json").unlink()
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        assert ask(postgres.owner_url, SETTLED) == 1


def test_a_killed_server_recovers_what_was_committed(state: Path) -> None:
    with running_postgres(state=state, say=quiet) as postgres:
        write_something(postgres)
        postgres.process.kill()
    with running_postgres(state=state, say=quiet) as postgres:
        assert ask(postgres.owner_url, SETTLED) == 1


def test_a_note_that_names_another_program_does_not_keep_it_from_starting(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        data = Path(str(ask(postgres.superuser_url, "SHOW data_directory")))
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        assert ask(postgres.owner_url, "SELECT 1") == 1


def test_a_server_that_outlived_its_starter_is_replaced(state: Path) -> None:
    command = ("-m", "bawabati.config.embedded_postgres", "--quick", "--state", str(state))
    with running("postgres", *command, state=state) as starter:
        while not (state / "postgres.json").exists():
            assert starter.process.poll() is None, starter.said()
        starter.process.kill()
        starter.process.wait()
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        assert ask(postgres.owner_url, "SELECT 1") == 1


def test_asked_to_stop_it_leaves_no_process(state: Path) -> None:
    command = ("-m", "bawabati.config.embedded_postgres", "--quick", "--state", str(state))
    with running("postgres", *command, state=state) as starter:
        while not (state / "postgres.json").exists():
            assert starter.process.poll() is None, starter.said()
        starter.process.send_signal(signal.SIGTERM)
        assert starter.process.wait() == 0
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(state) not in listed
    assert not (state / "postgres.json").exists()


def test_a_folder_that_only_its_owner_may_enter_will_do(state: Path) -> None:
    state.parent.chmod(0o700)
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        write_something(postgres)
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        assert ask(postgres.owner_url, SETTLED) == 1
    elsewhere = state / "postgres-is-elsewhere"  # where it is when root lent PostgreSQL an account
    assert elsewhere.exists() == (os.geteuid() == 0)
    if elsewhere.exists():
        shutil.rmtree(elsewhere.read_text().strip())


def test_damaged_data_are_refused_in_words(state: Path) -> None:
    with running_postgres(state=state, durable=False, say=quiet) as postgres:
        data = Path(str(ask(postgres.superuser_url, "SHOW data_directory")))
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(PostgresWouldNotStart, match=r"postgres\.log"), running_postgres(state=state, say=quiet):
        pass
