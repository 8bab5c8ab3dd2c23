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
    log_level: str
    seed: int | None
    merchants: tuple[Merchant, ...]
    settings: Settings


def read_configuration(arguments: Sequence[str]) -> Configuration:
    """Reads the command line, then the file, then `SANDBOX_<SETTING>` variables, the later ones winning.

    Raises:
        Unusable: the file or a setting cannot be used.
        SystemExit: the command line cannot be understood.
    """
    told = _parser().parse_args(arguments)
    merchants: tuple[Merchant, ...] = DEMO_MERCHANTS
    settings = Settings()
    if told.config is not None:
        merchants, settings = _read_file(told.config, settings)
    return Configuration(
        host=told.host,
        http_port=told.http_port,
        smtp_port=told.smtp_port,
        public_url=told.public_url.rstrip("/"),
        state=told.state,
        announce=told.announce,
        log_level=told.log_level.upper(),
        seed=told.seed,
        merchants=merchants,
        settings=settings.changed(_from_environment(settings, os.environ)),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="The outside world for demos, tests and load. Not real."
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    parser.add_argument("--http-port", type=int, default=0, help="0 takes a free port (default)")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free port (default)")
    parser.add_argument("--public-url", default="", help="where browsers reach the pages, when not at host and port")
    parser.add_argument("--state", type=Path, help="a folder to remember in; without it everything is forgotten")
    parser.add_argument("--announce", type=Path, help="a file that gets one line of JSON when all is ready")
    parser.add_argument("--config", type=Path, help="a JSON file with merchants and settings")
    parser.add_argument("--seed", type=int, help="makes identifiers and codes repeatable")
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    return parser


def _read_file(path: Path, settings: Settings) -> tuple[tuple[Merchant, ...], Settings]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        merchants = tuple(Merchant.from_row(row) for row in told.get("merchants", ()))
        return merchants or DEMO_MERCHANTS, settings.changed(told.get("settings", {}))
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unusable(f"{path} cannot be used: {error}") from error


def _from_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    names = {f"{ENVIRONMENT_PREFIX}{name.upper()}": name for name in settings.to_row()}
    return {names[variable]: value for variable, value in environment.items() if variable in names}
