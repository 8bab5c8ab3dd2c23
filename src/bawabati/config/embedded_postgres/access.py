"""The passwords of our own PostgreSQL: made by us, kept in one file that only its owner may read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bawabati.config.embedded_postgres.cluster import tell_a_stopped_server
from bawabati.config.embedded_postgres.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The password of each role."""

    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    application: str = field(repr=False)


def open_access(place: Place, *, state: Path, log: Path) -> Access:
    """The passwords kept in `state`; new ones are made and given to the stopped server when none are kept."""
    kept = state / "postgres-passwords.json"
    if kept.exists():
        return Access(**json.loads(kept.read_text()))
    made = Access(superuser=secrets.token_hex(24), owner=secrets.token_hex(24), application=secrets.token_hex(24))
    tell_a_stopped_server(
        place,
        f"ALTER ROLE postgres PASSWORD '{made.superuser}'\n"
        f"ALTER ROLE bawabati_owner PASSWORD '{made.owner}'\n"
        f"ALTER ROLE bawabati_app PASSWORD '{made.application}'\n",
        log=log,
    )
    write_privately(kept, json.dumps(asdict(made), indent=1))
    return made


def write_privately(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(text)
    unfinished.rename(path)
