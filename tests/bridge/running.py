"""A real bridge, as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agency_bridge.identity import Identity, keep_identity, new_key
from bridge.portal_side import PATIENCE_SECONDS, PortalSide

DYING = Path(__file__).with_name("dying.py")
SETTINGS = """
portal_wait_seconds = 1
contact_seconds = 0.5
retry_first_seconds = 0.05
retry_most_seconds = 0.3
reader_connect_seconds = 2
payment_seconds = 10
question_seconds = 2
stop_seconds = 5
desk_port = {desk_port}
"""


@dataclass(frozen=True)
class RunningBridge:
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)

    def wait_for_death(self) -> None:
        assert self.process.wait(PATIENCE_SECONDS) == -signal.SIGKILL, self.said()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agency_bridge", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def enrolled(side: PortalSide, folder: Path, *, desk_port: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(SETTINGS.format(desk_port=desk_port))
    keep_identity(
        folder, Identity(portal=side.url, bridge=7, key=new_key(), name="Accueil", company="oran", agency="AG07")
    )
    return folder


@contextmanager
def bridge_in(folder: Path, *, dies_at: str = "", full_disk: bool = False) -> Iterator[RunningBridge]:
    """`full_disk`: no file may grow beyond half a kilobyte; the log is not kept then."""
    program = [str(DYING), dies_at] if dies_at else ["-m", "agency_bridge"]
    log = folder / "log"
    command = [sys.executable, *program, "run", "--folder", str(folder)]
    if full_disk:
        command = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", *command]
    with log.open("ab") as written:
        process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONWARNINGS": "default"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if full_disk else written,
            stderr=subprocess.STDOUT,
        )
    try:
        yield RunningBridge(process=process, log=log)
    finally:
        process.kill()
        process.wait()
