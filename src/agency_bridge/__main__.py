"""`python -m agency_bridge`"""

import sys

from agency_bridge.commands import main

if __name__ == "__main__":
    sys.exit(main())
