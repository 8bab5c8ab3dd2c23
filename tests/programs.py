"""Programs of ours as real processes, for the tests that look at them from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 60
"""How long a busy machine may take to start a program. A program that ends earlier is noticed at once."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """A running program: where it answers, what it announced about itself, where its log is."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""
    announced: dict[str, Any] = field(default_factory=dict)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


class DidNotStart(Exception):  # noqa: N818 - it says what happened
    pass


@contextmanager
def running(
    name: str,
    *command: str,
    state: Path,
    settings: Mapping[str, str] | None = None,
    url: str = "",
    announces: bool = False,
) -> Iterator[Program]:
    """Runs `python *command`, and ends it with the block.

    It is ready when `url` answers, or, if it `announces`, when the file that it is told to write is there.
    """
    state.mkdir(parents=True, exist_ok=True)
    announcement = state / f"{name}-{free_port()}.json"
    if announces:
        command = (*command, "--announce", str(announcement))
    log = state / f"{name}.log"
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, *command],
            env=os.environ | (settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    program = Program(name=name, process=process, log=log, url=url)
    try:
        if announces:
            _wait(program, until=announcement.exists)
            announced = json.loads(announcement.read_text())
            program = Program(name=name, process=process, log=log, url=announced["http_url"], announced=announced)
        elif url:
            _wait(program, until=lambda: answers(url))
        yield program
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(program: Program, *, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until():
        if program.process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(f"{program.name} did not start. It said:\n{program.said()[-3000:]}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with directly.open(url, timeout=PATIENCE_SECONDS):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
