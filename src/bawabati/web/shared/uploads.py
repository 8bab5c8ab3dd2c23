"""Files that a browser sends: kept small, or written to the disk piece by piece, never whole in memory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from shutil import disk_usage
from typing import IO, Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from bawabati.errors import CannotDo
from bawabati.flows.steps.received_files import (
    LEFT_FREE_MEGABYTES,
    MEGABYTE,
    FileTooLarge,
    NoRoomForFile,
    folder_of_uploads,
    forget_file,
    new_name,
    path_of,
)

log = structlog.get_logger(__name__)


class NotTooMuch(FileUploadHandler):
    """Refuses a posted form whose files are larger than those of any ordinary page, before a byte of it is kept."""

    def handle_raw_input(
        self,
        input_data: object,  # noqa: ARG002 - Django's signature, as all of these
        META: Mapping[str, Any],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Raises RequestDataTooBig."""
        if content_length > settings.POSTED_FILE_MEGABYTES * MEGABYTE:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """For the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler's."""


class OnDisk(UploadedFile):  # type: ignore[type-arg]  # generic for the checker alone
    """A file in the folder of uploads, under a name of ours. `begins` are its first bytes."""

    def __init__(self, *, name: str, stored_as: str, size: int, content_sha256: str, begins: bytes) -> None:
        super().__init__(None, name, size=size)
        self.stored_as = stored_as
        self.content_sha256 = content_sha256
        self.begins = begins

    def close(self) -> None:
        """Nothing is open."""


class ToDisk(FileUploadHandler):
    """Writes the one file of a form into the folder of uploads. Whoever takes it up forgets it when it is not needed.

    What does not fit is read to its end, so that the browser shows our answer, and `refusal` says why.
    """

    def __init__(self, *, at_most_megabytes: int) -> None:
        super().__init__()
        self.refusal: CannotDo | None = None
        self._megabytes = at_most_megabytes
        self._announced = 0
        self._stored_as = ""
        self._file: IO[bytes] | None = None

    def handle_raw_input(
        self,
        input_data: object,  # noqa: ARG002 - Django's signature, as all of these
        META: Mapping[str, Any],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """How long the form says that it is."""
        self._announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """A second file of the form is left aside, and one after which the disk would be full."""
        super().new_file(*args, **kwargs)
        if self._stored_as:
            raise SkipFile
        self._stored_as = new_name()
        self._digest, self._begins, self._size = sha256(), b"", 0
        try:
            has_room = disk_usage(folder_of_uploads()).free - self._announced > LEFT_FREE_MEGABYTES * MEGABYTE
        except OSError:
            has_room = False
        if not has_room:
            self._give_up(NoRoomForFile())
        try:
            self._file = os.fdopen(os.open(path_of(self._stored_as), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError:
            self._give_up(NoRoomForFile())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Raises SkipFile when it does not fit."""
        self._size += len(raw_data)
        if self._size > self._megabytes * MEGABYTE:
            self._give_up(FileTooLarge(megabytes=self._megabytes))
        if len(self._begins) < len(raw_data):
            self._begins = (self._begins + raw_data)[:8]
        self._digest.update(raw_data)
        try:
            self._open_file().write(raw_data)
        except OSError:
            self._give_up(NoRoomForFile())

    def file_complete(self, file_size: int) -> OnDisk | None:
        """The file, safe on the disk; None when it was left aside."""
        if self._file is None:
            return None
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError:
            with suppress(SkipFile):
                self._give_up(NoRoomForFile())
            return None
        self._file = None
        return OnDisk(
            name=str(self.file_name),
            stored_as=self._stored_as,
            size=file_size,
            content_sha256=self._digest.hexdigest(),
            begins=self._begins,
        )

    def upload_interrupted(self) -> None:
        """The browser has gone away."""
        with suppress(SkipFile):
            self._give_up(NoRoomForFile())

    def _open_file(self) -> IO[bytes]:
        if self._file is None:
            raise SkipFile
        return self._file

    def _give_up(self, because: CannotDo) -> None:
        self.refusal = because
        log.warning("file_left_aside", reason=because.code)
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        with suppress(OSError):
            forget_file(self._stored_as)
        raise SkipFile
