"""Reading the environment, with words when something is missing or malformed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

REFUSED_SECRET_LENGTH = 32
"""A key shorter than this many characters is refused."""
TLS_OF_THE_DATABASE = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey"})
"""What may stand behind the `?` of a database's address, as PostgreSQL's own programs name it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The process's environment, read by kind."""

    values: Mapping[str, str]

    @property
    def package_folder(self) -> Path:
        """Where the portal's own code lives."""
        return Path(__file__).resolve().parent.parent

    @property
    def state_folder(self) -> Path:
        """Where this installation keeps its files: `BAWABATI_STATE`, `.state` under the working folder by default."""
        return Path(self.values.get("BAWABATI_STATE") or ".state").resolve()

    def text(self, name: str, *, default: str | None = None) -> str:
        """A text. Raises ImproperlyConfigured when it is missing and has no default."""
        value = self.values.get(name) or default
        if value is None:
            raise ImproperlyConfigured(f"{name} is not set: see docs/reference/settings.md")
        return value

    def words(self, name: str, *, default: str) -> list[str]:
        """Words parted by white space."""
        return self.text(name, default=default).split()

    def networks(self, name: str) -> list[str]:
        """Addresses and networks (`10.0.0.0/8`) parted by white space; none by default."""
        written = self.words(name, default="")
        for network in written:
            try:
                ip_network(network, strict=False)
            except ValueError as error:
                raise ImproperlyConfigured(f"{name} has to name addresses or networks: {error}") from error
        return written

    def number(self, name: str, *, default: int) -> int:
        """A whole number."""
        value = self.text(name, default=str(default))
        if not value.isdecimal():
            raise ImproperlyConfigured(f"{name} has to be a whole number, not {value!r}")
        return int(value)

    def clock(self, name: str, *, default: str) -> str:
        """An hour of the day, like 07:00."""
        value = self.text(name, default=default)
        if re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", value) is None:
            raise ImproperlyConfigured(f"{name} has to be an hour of the day like 07:00, not {value!r}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """1 or 0."""
        value = self.text(name, default="1" if default else "0")
        if value not in {"0", "1"}:
            raise ImproperlyConfigured(f"{name} has to be 1 or 0, not {value!r}")
        return value == "1"

    def secret(self, name: str) -> str:
        """A secret, from `name` or from the file that `name`_FILE names."""
        file = self.values.get(f"{name}_FILE")
        value = Path(file).read_text().strip() if file else self.text(name)
        if len(value) < REFUSED_SECRET_LENGTH:
            raise ImproperlyConfigured(f"{name} is too short: give it at least {REFUSED_SECRET_LENGTH} characters")
        return value

    def credential(self, name: str) -> str:
        """What somebody else's door wants to hear, of whatever length, from `name` or `name`_FILE; empty by default."""
        file = self.values.get(f"{name}_FILE")
        return Path(file).read_text().strip() if file else self.values.get(name, "").strip()

    def secrets(self, name: str, *, default: str) -> list[str]:
        """Secrets parted by white space, newest first: the first seals, the others still open."""
        if name not in self.values and f"{name}_FILE" not in self.values:
            return [default]
        keys = self.secret(name).split()
        if any(len(key) < REFUSED_SECRET_LENGTH for key in keys):
            raise ImproperlyConfigured(f"each key of {name} needs at least {REFUSED_SECRET_LENGTH} characters")
        return keys

    def optional_secrets(self, name: str) -> list[str]:
        """The same, of what an installation may do without: none when they are not set."""
        return self.secrets(name, default="") if name in self.values or f"{name}_FILE" in self.values else []

    def database(
        self,
        name: str,
        *,
        default_from: str | None = None,
        engine: str = "django.db.backends.postgresql",
        options: Mapping[str, object] | None = None,
    ) -> dict[str, object]:
        """A PostgreSQL address (`postgresql://role:password@host:port/name`) as Django wants it."""
        url = urlsplit(self.values.get(name) or self.text(default_from or name))
        if url.scheme not in {"postgresql", "postgres"}:
            raise ImproperlyConfigured(f"{name} has to be a postgresql:// address: no other database will do")
        return {
            "ENGINE": engine,
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "OPTIONS": dict(options or {}) | _tls(name, url.query),
        }

    def schedule(self, name: str) -> dict[str, object]:
        """A JSON object with fields of payments.rules.Schedule; empty for the ordinary schedule."""
        try:
            value = json.loads(self.text(name, default="{}"))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise ImproperlyConfigured(f"{name} has to be a JSON object")
        return value


def _tls(name: str, query: str) -> dict[str, str]:
    """What was asked for and would not be done is refused: a line that somebody takes for secret."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(asked.keys() - TLS_OF_THE_DATABASE):
        raise ImproperlyConfigured(f"{name}: only {', '.join(sorted(TLS_OF_THE_DATABASE))} behind ?, not {unknown[0]}")
    return asked


def environment() -> Environment:
    """The environment of this process."""
    return Environment(os.environ)
