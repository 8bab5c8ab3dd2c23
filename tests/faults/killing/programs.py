"""A program that is killed and started again, as a machine that loses its current does to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from programs import DidNotStart

PATIENCE_SECONDS = 90


@dataclass(kw_only=True)
class Victim:
    """A program of ours. It is started by the same command each time, and finds what it left on the disk."""

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None
    killed: int = 0
    ended_by_itself: list[str] = field(default_factory=list)

    def start(self) -> None:
        with self.log.open("ab") as written:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env=os.environ | dict(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """`kill -9` of the program and of all that it has started in its group."""
        assert self.process is not None
        self.note_its_end()
        self.killed += 1
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """As an operator ends it; the machine is about to be cleared away."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None

    def note_its_end(self) -> None:
        """A program that gives up when something else dies would need somebody to start it: that is a violation."""
        if self.process is not None and self.process.poll() is not None:
            self.ended_by_itself.append(f"{self.name} ended by itself with {self.process.returncode}: {self.tail()}")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{self.name} did not start. It said:\n{self.tail()}")
            time.sleep(0.05)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-1500:]
