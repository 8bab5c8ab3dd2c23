"""`python -m benchmarks`: every benchmark, one after the other. `python -m benchmarks payments receipts`: some."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
ALL = (
    "payments",
    "pages",
    "imports",
    "statements",
    "month",
    "receipts",
    "books",
    "companies",
    "reminders",
    "demo",
    "closed_browser",
    "slow_gateway",
    "office_lists",
)


def main() -> int:
    """How many of them failed."""
    failed = 0
    for name in sys.argv[1:] or ALL:
        print(f"\n=== {name} ===", flush=True)
        failed += subprocess.run([sys.executable, FOLDER / f"{name}.py"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
