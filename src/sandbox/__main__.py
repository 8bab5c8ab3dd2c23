"""`python -m sandbox`"""

from __future__ import annotations

import asyncio
import sys

from sandbox.configuration import read_configuration
from sandbox.gateway.settings import Unusable
from sandbox.logs import log_to_stderr
from sandbox.server import serve


def main() -> int:
    """Runs the sandbox; 0 after a clean stop, 2 when it could not begin."""
    try:
        configuration = read_configuration(sys.argv[1:])
        log_to_stderr(level=configuration.log_level)
        asyncio.run(serve(configuration))
    except (Unusable, OSError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
