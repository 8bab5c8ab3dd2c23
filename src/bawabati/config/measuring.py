"""Where the processes of `serve` and `worker` count, so that whoever is asked can add up what all of them did."""

import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

PROGRAMS: Final = frozenset({"serve", "worker"})
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library reads it when it is first imported, and counts in files from then on."""


def count_in_files(state: Path, program: str) -> None:
    """Makes this process, and those that it starts, count in a folder of their own. Call it before Django is set up.

    Folders of programs of this machine that are gone are removed: counts begin again, as after any restart.
    """
    here = socket.gethostname()
    measures = state / "measures"
    with suppress(OSError):
        for folder in measures.glob(f"*@{here}@*"):
            if not _lives(folder.name.rpartition("@")[2]):
                shutil.rmtree(folder, ignore_errors=True)
        own = measures / f"{program}@{here}@{os.getpid()}"
        shutil.rmtree(own, ignore_errors=True)  # of a process that had this number before
        own.mkdir(mode=0o700, parents=True)
        os.environ[FOLDER] = str(own)


def _lives(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
