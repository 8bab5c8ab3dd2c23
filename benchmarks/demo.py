"""How long `make demo` takes from nothing to the first page, downloads aside.

    python benchmarks/demo.py

Starts the demo on an empty state folder, as `make demo` does once the environment is there, and asks for the portal's
home until it comes and the terminal has named the bill to pay. Aim: at most 30 s, of which making the environment from
a filled cache takes its part; that part is measured by `make environment` in a fresh clone.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from programs import free_port

AIM_SECONDS = 30


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bawabati-benchmark-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another account
        ports = (option for name in ("portal", "sandbox", "smtp") for option in (f"--{name}-port", str(free_port())))
        command = [sys.executable, "-u", "-m", "demo", "--state", f"{folder}/state", *ports]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            portal = first_address_in(process)
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(portal) as page:
                assert page.status == 200
            seconds = time.monotonic() - started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    print(f"from an empty folder to the first page: {seconds:.1f} s (aim, with the environment: {AIM_SECONDS} s)")


def first_address_in(process: subprocess.Popen[str]) -> str:
    """The portal's address, as the terminal shows it once all is up."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"the portal\s+(http\S+)", line):
            return found[1]
    raise AssertionError("the demo ended before it was up")


if __name__ == "__main__":
    main()
