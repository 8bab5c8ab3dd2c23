"""The agency bridge: on an agency's network between the portal, which decides, and the card readers and printers.

It only ever calls outwards, over HTTPS. It executes orders, writes each step into its journal before and after, and
reports what was seen; it decides nothing about money.
"""

VERSION = "0.1.0"
