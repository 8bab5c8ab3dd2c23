"""The programs that the launcher runs: started, watched, and stopped in order, with no process left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

_READY_SECONDS = 90
_STOP_SECONDS = 40
_LAST_LINES = 15
_LOOK_EVERY_SECONDS = 0.05


class ChildFailed(Exception):  # noqa: N818 - it says what happened
    """A program ended by itself or did not get ready; the words hold the last lines that it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A running program, in a process group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def has_ended(self) -> bool:
        """Looks without collecting the process, so that its group's number stays its own."""
        if self.process.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def stop(self) -> None:
        """Asks the program to stop, then makes sure of the whole group."""
        if not self.has_ended():
            self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while not self.has_ended() and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_SECONDS)
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Children:
    """Starts programs one after another; on leaving the `with` block, stops them in the opposite order."""

    def __init__(self, *, settings: Mapping[str, str], logs: Path) -> None:
        self.settings = dict(settings)
        """The environment of every program started from now on."""
        self._logs = logs
        self._started: list[Child] = []

    def __enter__(self) -> Self:
        """Nothing runs yet."""
        return self

    def __exit__(self, *_reason: object) -> None:
        """Stops everything, the last started first: each finds what it stands on until its own end."""
        with ExitStack() as stops:  # one that cannot be stopped does not spare the others
            for child in self._started:
                stops.callback(child.stop)

    def start(self, name: str, *command: str, **of_its_own: str) -> Child:
        """Starts `python *command`, with settings `of_its_own`; what it writes goes to a log of its name."""
        log = self._log_of(name)
        with log.open("wb") as written:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, *command],
                env=self.settings | of_its_own,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a terminal's Ctrl-C is for the launcher, who stops them in order
                preexec_fn=_stop_when_the_launcher_dies(),  # noqa: PLW1509 - the launcher has no other thread
            )
        child = Child(name=name, process=process, log=log)
        self._started.append(child)
        return child

    def run(self, name: str, *command: str, **of_its_own: str) -> str:
        """Runs `python *command` to its end, with settings `of_its_own`; returns what it wrote.

        Raises:
            ChildFailed: it ended with anything but 0.
        """
        child = self.start(name, *command, **of_its_own)
        while not child.has_ended():
            self._fail_if_one_ended(but=child)
            time.sleep(_LOOK_EVERY_SECONDS)
        self._started.remove(child)
        if child.process.wait() != 0:
            raise ChildFailed(f"{name} failed. {_last_words(child.log)}")
        return child.log.read_text(errors="replace")

    def wait_for(self, child: Child, *, until: Callable[[], bool]) -> None:
        """Waits for `child` to be ready.

        Raises:
            ChildFailed: it, or another one, ended instead, or took too long.
        """
        deadline = time.monotonic() + _READY_SECONDS
        while not until():
            self._fail_if_one_ended()
            if time.monotonic() > deadline:
                raise ChildFailed(
                    f"{child.name} was not ready after {_READY_SECONDS} seconds. {_last_words(child.log)}"
                )
            time.sleep(_LOOK_EVERY_SECONDS)

    def watch(self) -> NoReturn:
        """Returns never: the launcher stands here until it is told to stop.

        Raises:
            ChildFailed: one of the programs ended by itself.
        """
        while True:
            self._fail_if_one_ended()
            time.sleep(0.5)

    def _fail_if_one_ended(self, *, but: Child | None = None) -> None:
        for child in self._started:
            if child is not but and child.has_ended():
                raise ChildFailed(f"{child.name} has stopped by itself. {_last_words(child.log)}")

    def _log_of(self, name: str) -> Path:
        log = self._logs / f"{name}.log"
        log.unlink(missing_ok=True)
        log.touch(mode=0o600)
        return log


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in lines)])


def _stop_when_the_launcher_dies() -> Callable[[], None] | None:
    """On Linux the system tells the children even when the launcher was killed without a chance to."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    set_parent_death_signal = 1

    def ask() -> None:
        library.prctl(set_parent_death_signal, signal.SIGTERM)

    return ask
