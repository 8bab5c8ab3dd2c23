"""Files that people bring over the pages, on the disk until a worker has read them.

The folder belongs to the portal and its workers together: where they stand on different machines, it is shared.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings


def folder_of_uploads() -> Path:
    """The folder, made when it is not there yet; nobody else may look into it: bills name people."""
    folder = Path(settings.UPLOADS_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_name() -> str:
    """A name of our own: what a sender calls a file never becomes a path."""
    return secrets.token_hex(16)


def path_of(stored_as: str) -> Path:
    """Where that file lies."""
    return folder_of_uploads() / stored_as


def forget_file(stored_as: str) -> None:
    """It is no longer needed. Safe to repeat."""
    path_of(stored_as).unlink(missing_ok=True)
