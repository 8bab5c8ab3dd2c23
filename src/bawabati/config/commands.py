"""The `bawabati` command: Django's command line with our settings."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Runs the command named on the command line; `bawabati help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawabati.config.settings")
    execute_from_command_line(["bawabati", *sys.argv[1:]])


if __name__ == "__main__":
    main()
