"""Files of backups: which there are, and what is in one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connections

from bawabati.adapters.backups.contract import DatabaseAddress
from bawabati.database.roles import role_of_every_company
from bawabati.operations.rules import Kept
from bawabati.sealed_stream import FileDamaged, OpeningReader

LENGTH_BYTES: Final = 8
LONGEST_MANIFEST: Final = 16 << 20
NAME: Final = re.compile(r"bawabati-(\d{8}T\d{6})Z\.backup")
MAJOR: Final = 10_000


def list_backups(folder: Path) -> list[Kept]:
    """The whole backups in a folder, oldest first. Other files are not looked at."""
    found = [(NAME.fullmatch(path.name), path.name) for path in folder.iterdir()]
    return sorted(
        (
            Kept(name=name, made_at=datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC))
            for match, name in found
            if match
        ),
        key=lambda file: file.made_at,
    )


@contextmanager
def read_backup(path: Path, *, keys: Sequence[str]) -> Iterator[tuple[dict[str, Any], OpeningReader]]:
    """Its manifest, and the copy of the database behind it. Raises FileDamaged or OtherKey, even while it is read."""
    with path.open("rb") as file:
        content = OpeningReader(file, keys=keys)
        length = int.from_bytes(content.read(LENGTH_BYTES), "big")
        if length > LONGEST_MANIFEST:
            raise FileDamaged
        try:
            manifest = json.loads(content.read(length))
        except ValueError:
            raise FileDamaged from None
        yield manifest, content


def database_address(alias: str) -> DatabaseAddress:
    """Where the database of that connection is, for a program of PostgreSQL's, which has to see every company."""
    connection = connections[alias]
    known = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // MAJOR
    return DatabaseAddress(
        host=str(known["HOST"]),
        port=str(known["PORT"]),
        name=str(known["NAME"]),
        user=str(known["USER"]),
        password=str(known["PASSWORD"]),
        role="" if alias == "owner" else role_of_every_company(str(known["USER"])),
        version=version,
        tls={name: str(value) for name, value in known["OPTIONS"].items() if name.startswith("ssl")},
    )
