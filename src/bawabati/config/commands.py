"""The `bawabati` command: Django's command line with our settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from bawabati.config.environment import environment
from bawabati.config.measuring import PROGRAMS, count_in_files
from bawabati.scope import every_company


def main() -> None:
    """Runs the command named on the command line, hyphens or not; `bawabati help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawabati.config.settings")
    name, *rest = sys.argv[1:] or ["help"]
    if name in PROGRAMS:
        count_in_files(environment().state_folder, name)
    try:
        with every_company("a command of the operator, and the worker's jobs"):
            execute_from_command_line(["bawabati", name.replace("-", "_") if not name.startswith("-") else name, *rest])
    except ImproperlyConfigured as missing:
        sys.exit(f"bawabati: {missing}")


if __name__ == "__main__":
    main()
