"""A bridge that dies, as by `kill -9`, at the place that its first argument names."""

from __future__ import annotations

import os
import signal
import sys

from agency_bridge.commands import main
from agency_bridge.crashpoints import dying_at

if __name__ == "__main__":
    place = sys.argv.pop(1)

    def dies_here(name: str) -> None:
        if name == place:
            os.kill(os.getpid(), signal.SIGKILL)

    with dying_at(dies_here):
        sys.exit(main())
