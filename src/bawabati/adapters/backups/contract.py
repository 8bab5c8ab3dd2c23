"""What copies a whole database out and in again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, ClassVar, Protocol

from bawabati.errors import CannotDo


class ProgramsMissing(CannotDo):
    """Nothing on this machine can copy a database of that version."""

    code: ClassVar[str] = "programs_missing"
    sentence: ClassVar[str] = (
        "No %(program)s for PostgreSQL %(version)s was found. Install PostgreSQL's client programs of that version."
    )


class CopyFailed(CannotDo):
    """The program ended with an error; its last words say which."""

    code: ClassVar[str] = "copy_failed"
    sentence: ClassVar[str] = "%(program)s did not finish. It said: %(words)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """Where a database is, and as whom it is read or filled: `user`, who takes on `role` first if there is one.

    `version` is the server's, e.g. 18. `tls` is how the line is kept secret: PostgreSQL's own names, such as sslmode.
    """

    host: str
    port: str
    name: str
    user: str
    password: str = field(repr=False)
    role: str = ""
    version: int = 0
    tls: Mapping[str, str] = field(default_factory=dict)


class DatabaseCopier(Protocol):
    """Copies a database as a stream of bytes that its counterpart understands.

    Raises ProgramsMissing before anything happens, and CopyFailed when the block ends.
    """

    def copy_out(self, database: DatabaseAddress, *, snapshot: str) -> AbstractContextManager[IO[bytes]]:
        """The bytes of everything in it, as it was at that exported snapshot."""

    def copy_in(self, database: DatabaseAddress) -> AbstractContextManager[IO[bytes]]:
        """Takes those bytes. When the block has ended without an error all of it is there; else nothing is."""
