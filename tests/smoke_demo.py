"""`make demo` as a stranger meets it: ports taken, a path with a space. It opens, and leaves nothing behind.

Run by `.ci/run`. Prints what it saw; exits 1 with words when something is not as promised.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_PORTS = (8000, 8001, 8025)
OPEN_SECONDS = 180
BRIDGE_SECONDS = 120
STOP_SECONDS = 120
DESK = re.compile(r"the card reader +(https?://\S+)")
PORTAL = re.compile(r"the portal +(https?://\S+)")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bawabati demo ")))
        folder.chmod(0o755)
        state = folder / "state of the demo"
        for port in DEFAULT_PORTS:
            stack.enter_context(take(port))
        started = time.monotonic()
        log = folder / "demo.log"
        demo = subprocess.Popen(
            ["make", "demo"],
            cwd=ROOT,
            env=os.environ | {"BAWABATI_STATE": str(state)},
            stdin=subprocess.DEVNULL,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        stack.callback(kill_group, demo)
        url = wait_for_the_portal(demo, log)
        directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with directly.open(url, timeout=30) as page:
            body = page.read().decode()
        expect("بوابتي" in body, f"the first page greets in Arabic, not with:\n{body[:500]}")
        say(f"the first page came {time.monotonic() - started:.1f} s after `make demo`")
        screen = DESK.search(log.read_text())
        expect(screen, f"the card reader of a desk is told:\n{log.read_text()}")
        with directly.open(screen[1], timeout=30) as page:  # type: ignore[index]  # expect leaves otherwise
            expect("SIM1000" in page.read().decode(), "the card reader is on screen")
        wait_for_the_bridge(state / "logs" / "bridge.log")
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=STOP_SECONDS)
        expect("is taken" in log.read_text(), f"the taken ports are told:\n{log.read_text()}")
        left = processes_of(state)
        expect(not left, f"no process is left behind: {left}\n{log.read_text()}")
        say("it stopped, and left no process behind")


def take(port: int) -> socket.socket:
    """Listens on a port, unless somebody does already: it is taken either way."""
    taken = socket.socket()
    try:
        taken.bind(("127.0.0.1", port))
        taken.listen()
    except OSError:
        pass
    return taken


def wait_for_the_portal(demo: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + OPEN_SECONDS
    while not (found := PORTAL.search(log.read_text())):
        expect(demo.poll() is None, f"the demo opens:\n{log.read_text()}")
        expect(time.monotonic() < deadline, f"the demo opens within {OPEN_SECONDS} s:\n{log.read_text()}")
        time.sleep(0.1)
    return found[1]


def wait_for_the_bridge(log: Path) -> None:
    """The bridge starts after the first page, when people can sign in."""
    deadline = time.monotonic() + BRIDGE_SECONDS
    while "the portal answers" not in (told := log.read_text() if log.exists() else ""):
        expect(time.monotonic() < deadline, f"the bridge finds its portal within {BRIDGE_SECONDS} s:\n{told}")
        time.sleep(0.1)


def processes_of(state: Path) -> list[str]:
    """Living processes that name the state folder in their command or environment, or work in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if os.fsencode(state) in words and process.name != str(os.getpid()):
                command = (process / "cmdline").read_text(errors="replace").replace("\0", " ")
                found.append(f"{process.name}: {command}")
        except OSError:
            continue
    return found


def kill_group(demo: subprocess.Popen[bytes]) -> None:
    if demo.poll() is None:
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait()


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def expect(holds: object, promise: str) -> None:
    if not holds:
        sys.exit(f"Not as promised: {promise}")


if __name__ == "__main__":
    main()
