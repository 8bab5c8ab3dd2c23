"""The launcher's hold on its programs, tried on small programs that really run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.children import Child, ChildFailed, Children

SLEEPER = ("-c", "import time; time.sleep(600)")
PARENT_OF_TWO = ("-c", "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])")


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    with Children(settings=os.environ, logs=tmp_path) as children:
        yield children


def group_of(child: Child) -> list[str]:
    return living_in_group(child.process.pid)


def living_in_group(number: int) -> list[str]:
    """Living processes of a group. One that is dead and waits to be collected does not count."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return [state for group, state in rows if int(group) == number and not state.startswith("Z")]


def wait_until_empty(group: int) -> None:
    """A killed process takes a moment to go; one that was not killed would hold the test for ever."""
    while living_in_group(group):
        time.sleep(0.05)


def test_leaving_stops_every_program(tmp_path: Path) -> None:
    with Children(settings=os.environ, logs=tmp_path) as children:
        started = [children.start(name, *SLEEPER) for name in ("first", "second")]
        assert all(map(group_of, started))
    assert not any(map(group_of, started))


def test_they_stop_in_the_opposite_order(tmp_path: Path) -> None:
    note = tmp_path / "order"
    program = (
        "import pathlib, signal, sys, time\n"
        "def leave(*_): pathlib.Path(sys.argv[1]).open('a').write(sys.argv[2]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)"
    )
    with Children(settings=os.environ, logs=tmp_path) as children:
        for name in "abc":
            child = children.start(name, "-c", program, str(note), name)
            children.wait_for(child, until=lambda log=child.log: "ready" in log.read_text())
    assert note.read_text() == "cba"


def test_what_a_program_started_itself_goes_with_it(tmp_path: Path) -> None:
    with Children(settings=os.environ, logs=tmp_path) as children:
        parent = children.start("parent", *PARENT_OF_TWO)
        children.wait_for(parent, until=lambda: len(group_of(parent)) > 1)
    wait_until_empty(parent.process.pid)


def test_an_end_that_nobody_asked_for_is_told_with_the_last_words(children: Children) -> None:
    children.start("good", *SLEEPER)
    children.start("bad", "-c", "print('no room left'); raise SystemExit(3)")
    with pytest.raises(ChildFailed, match=r"bad has stopped by itself(?s:.*)no room left"):
        children.watch()


def test_waiting_ends_when_another_program_dies(children: Children) -> None:
    waited_for = children.start("waited for", *SLEEPER)
    children.start("bad", "-c", "raise SystemExit('no room left')")
    with pytest.raises(ChildFailed, match="no room left"):
        children.wait_for(waited_for, until=lambda: False)


def test_a_command_that_fails_is_told_with_its_last_words(children: Children) -> None:
    with pytest.raises(ChildFailed, match=r"setup failed(?s:.*)no such table"):
        children.run("setup", "-c", "raise SystemExit('no such table')")


def test_a_command_that_succeeds_is_no_longer_watched(children: Children) -> None:
    assert children.run("setup", "-c", "print('done')") == "done\n"
    last = children.start("last", "-c", "raise SystemExit('the last word')")
    with pytest.raises(ChildFailed, match=last.name):
        children.watch()


def test_a_killed_launcher_takes_its_programs_along(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\n"
        "from demo.children import Children\n"
        "children = Children(settings=os.environ, logs=pathlib.Path(sys.argv[1]))\n"
        f"child = children.start('child', *{SLEEPER!r})\n"
        "print(child.process.pid, flush=True)\n"
        "children.watch()"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    child = int(launcher.stdout.readline())
    assert living_in_group(child)
    launcher.send_signal(signal.SIGKILL)
    launcher.communicate()
    wait_until_empty(child)
