"""The calls of a company's machines as OpenAPI, read from the code.

python -m bawabati.config.company_api > docs/reference/api.json

A test compares the two.
"""

import json
import sys

import django


def main() -> None:
    """Prints it."""
    django.setup()
    from bawabati.api.company_site import openapi  # noqa: PLC0415 - ready only once Django is

    json.dump(openapi(), sys.stdout, indent=2, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
