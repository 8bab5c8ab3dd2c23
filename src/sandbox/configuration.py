"""What the sandbox is started with: command line, environment and one JSON file."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.gateway.merchants import DEMO_MERCHANTS, Merchant
from sandbox.gateway.settings import Settings, Unusable
from sandbox.reader.settings import ReaderSettings

ENVIRONMENT_PREFIX = "SANDBOX_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that is fixed while the process lives."""

    host: str
    http_port: int
    smtp_port: int
    public_url: str
    state: Path | None
    announce: Path | None
    bank_files: Path | None
    log_level: str
    seed: int | None
    merchants: tuple[Merchant, ...]
    settings: Settings
    readers: tuple[ReaderSettings, ...]


def read_configuration(arguments: Sequence[str]) -> Configuration:
    """Reads the command line, then the file, then `SANDBOX_<SETTING>` variables, the later ones winning.

    Raises:
        Unusable: the file or a setting cannot be used.
        SystemExit: the command line cannot be understood.
    """
    told = parser().parse_args(arguments)
    merchants: tuple[Merchant, ...] = DEMO_MERCHANTS
    settings = Settings()
    readers: tuple[ReaderSettings, ...] = ()
    if told.config is not None:
        merchants, settings, readers = _read_file(told.config, settings)
    return Configuration(
        host=told.host,
        http_port=told.http_port,
        smtp_port=told.smtp_port,
        public_url=told.public_url.rstrip("/"),
        state=told.state,
        announce=told.announce,
        bank_files=told.bank_files,
        log_level=told.log_level.upper(),
        seed=told.seed,
        merchants=merchants,
        settings=settings.changed(_from_environment(settings, os.environ)),
        readers=(*readers, *map(_read_reader, told.reader)),
    )


def parser() -> argparse.ArgumentParser:
    """The command line."""
    merchants = "\n".join(
        f"  {each.user_name}  password {each.password}  terminal {each.terminals[0]}  wire {each.wire}"
        for each in DEMO_MERCHANTS
    )
    told = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A stand-in for SATIM's gateway, its page, the banks behind it and the payer's phone. Not real.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"""to begin:
  python -m sandbox --http-port 8600 --smtp-port 8625
  then point a shop at http://127.0.0.1:8600/payment/rest, and open http://127.0.0.1:8600/ for the cards

merchants, when no --config names others:
{merchants}

a card that pays: 6280581110007215, expiry 01/2027, CVV2 373; the code is at /phone/, or take the password 123456
everything else: README.md beside this program""",
    )
    told.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    told.add_argument("--http-port", type=int, default=0, help="0 takes a free port (default)")
    told.add_argument("--smtp-port", type=int, default=0, help="0 takes a free port (default)")
    told.add_argument("--public-url", default="", help="where browsers reach the pages, when not at host and port")
    told.add_argument("--state", type=Path, help="a folder to remember in; without it everything is forgotten")
    told.add_argument(
        "--bank-files", type=Path, help="a folder that the bank puts its files into, also shown at /bank/"
    )
    told.add_argument("--announce", type=Path, help="a file that gets one line of JSON when all is ready")
    told.add_argument("--config", type=Path, help="a JSON file with merchants, settings and readers")
    told.add_argument(
        "--reader",
        action="append",
        default=[],
        help='a card reader, as JSON: {"poi_id": "…", "port": 8443}; repeatable',
    )
    told.add_argument("--seed", type=int, help="makes identifiers and codes repeatable")
    told.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    return told


def _read_file(path: Path, settings: Settings) -> tuple[tuple[Merchant, ...], Settings, tuple[ReaderSettings, ...]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        merchants = tuple(Merchant.from_row(row) for row in told.get("merchants", ()))
        readers = tuple(ReaderSettings.from_row(row) for row in told.get("readers", ()))
        return merchants or DEMO_MERCHANTS, settings.changed(told.get("settings", {})), readers
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unusable(f"{path} cannot be used: {error}") from error


def _read_reader(told: str) -> ReaderSettings:
    try:
        return ReaderSettings.from_row(json.loads(told))
    except (TypeError, AttributeError, ValueError) as error:
        raise Unusable(f"--reader {told} cannot be used: {error}") from error


def _from_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    names = {f"{ENVIRONMENT_PREFIX}{name.upper()}": name for name in settings.to_row()}
    return {names[variable]: value for variable, value in environment.items() if variable in names}
