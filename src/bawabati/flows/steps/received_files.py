"""Files that people bring over the pages, on the disk until a worker has read them.

The folder belongs to the portal and its workers together: where they stand on different machines, it is shared.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from shutil import disk_usage
from typing import ClassVar, Final, NamedTuple
from zipfile import BadZipFile, ZipFile

from django.conf import settings

from bawabati.errors import CannotDo

MEGABYTE: Final = 1024 * 1024
DBASE_KINDS: Final = frozenset({0x03, 0x30, 0x83, 0x8B, 0xF5})
LEFT_FREE_MEGABYTES: Final = 1024
"""Of the disk of uploads: the database or the journal of orders may lie on it, and without room no payment begins."""


class FileTooLarge(CannotDo):
    """More than the installation takes."""

    code: ClassVar[str] = "file_too_large"
    sentence: ClassVar[str] = "The file is too large: at most %(megabytes)s MB."


class NoRoomForFile(CannotDo):
    """The disk is full, or cannot be written."""

    code: ClassVar[str] = "no_room_for_file"
    sentence: ClassVar[str] = "The server cannot keep the file now: its disk is full. Tell whoever looks after it."


class Stored(NamedTuple):
    """A file as it lies in the folder."""

    stored_as: str
    content_sha256: str
    size_bytes: int


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


def holds_dbase(path: Path) -> bool:
    """Whether it is a zip with a dBase table in it; a spreadsheet is a zip as well."""
    try:
        with ZipFile(path) as packed:
            return any(name.lower().endswith(".dbf") for name in packed.namelist())
    except (BadZipFile, ValueError, OSError):
        return False


def begins_as_dbase(begins: bytes) -> bool:
    """The kind of table, then the day on which it was last written: no text begins so."""
    return len(begins) > 3 and begins[0] in DBASE_KINDS and begins[2] <= 12 and begins[3] <= 31  # noqa: PLR2004 - a day


def forget_file(stored_as: str) -> None:
    """It is no longer needed. Safe to repeat."""
    path_of(stored_as).unlink(missing_ok=True)


def store(pieces: Iterable[bytes], *, at_most_megabytes: int) -> Stored:
    """Writes the pieces into a file of the folder. Whoever takes it up forgets it when it is not needed.

    Raises:
        FileTooLarge, NoRoomForFile: nothing of it is left.
    """
    stored_as, digest, size = new_name(), sha256(), 0
    try:
        with os.fdopen(os.open(path_of(stored_as), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > at_most_megabytes * MEGABYTE:
                    raise FileTooLarge(megabytes=at_most_megabytes)  # noqa: TRY301 - the file goes with it
                if disk_usage(folder_of_uploads()).free < LEFT_FREE_MEGABYTES * MEGABYTE:
                    raise NoRoomForFile  # noqa: TRY301 - as above
                digest.update(piece)
                file.write(piece)
    except OSError as error:
        forget_file(stored_as)
        raise NoRoomForFile from error
    except BaseException:
        forget_file(stored_as)
        raise
    return Stored(stored_as, digest.hexdigest(), size)
