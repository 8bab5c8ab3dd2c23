"""Who this bridge is for the portal: written once at the enrolment, readable for its own account alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

FILE: Final = "identity.json"
_UNFINISHED: Final = "enrolment.json"
_KEY_BYTES: Final = 32


class NotEnrolled(Exception):  # noqa: N818 - it says what happened
    """There is no identity in the folder, or none that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The key is this bridge's own: it made it, and the portal keeps only its hash."""

    portal: str
    bridge: int
    key: str = field(repr=False)
    name: str
    company: str
    agency: str

    @property
    def bearer(self) -> str:
        return f"Bearer {self.bridge}.{self.key}"


def new_key() -> str:
    """43 characters of base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).rstrip(b"=").decode("ascii")


def begin_enrolment(folder: Path, *, portal: str, code: str) -> str:
    """The key to enrol with, kept before it is sent: when the answer is lost, the same code works again with it."""
    path = folder / _UNFINISHED
    try:
        begun = json.loads(path.read_text(encoding="utf-8"))
        if (begun["portal"], begun["code"]) == (portal, code):
            return str(begun["key"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    key = new_key()
    _write(path, {"portal": portal, "code": code, "key": key})
    return key


def keep_identity(folder: Path, identity: Identity) -> None:
    """Safe to repeat."""
    _write(folder / FILE, asdict(identity))
    (folder / _UNFINISHED).unlink(missing_ok=True)


def read_identity(folder: Path) -> Identity:
    """Raises NotEnrolled."""
    try:
        return Identity(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotEnrolled(f"{folder / FILE} cannot be read: enrol this bridge first") from error


def _write(path: Path, row: dict[str, object]) -> None:
    """Whole or not at all, on the disk, and for nobody else to read."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(row, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
