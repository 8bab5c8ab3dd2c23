"""What may be set in the bridge's own folder. What concerns readers, desks and people comes from the portal."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from agency_bridge.drivers.contract import Patience

FILE: Final = "settings.toml"


class NotUsable(Exception):  # noqa: N818 - it says what happened
    """The settings cannot be used; the sentence says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Seconds, unless the name says otherwise. The page docs/guides/agency-bridge.md has the same rows."""

    portal_ca_file: str = ""
    portal_connect_seconds: float = 5.0
    portal_wait_seconds: float = 20.0
    portal_read_seconds: float = 15.0
    contact_seconds: float = 30.0
    retry_first_seconds: float = 1.0
    retry_most_seconds: float = 60.0
    go_seconds: float = 30.0
    reader_connect_seconds: float = 5.0
    payment_seconds: float = 180.0
    reversal_seconds: float = 60.0
    question_seconds: float = 10.0
    totals_seconds: float = 60.0
    progress_seconds: float = 1.5
    stop_seconds: float = 20.0
    journal_days: int = 400
    printer_host: str = ""
    printer_port: int = 9100
    printer_width: int = 576
    desk_host: str = "127.0.0.1"
    desk_port: int = 8765
    desk_language: str = "fr"
    desk_idle_minutes: int = 15
    log_level: str = "info"

    @property
    def patience(self) -> Patience:
        return Patience(
            connect_seconds=self.reader_connect_seconds,
            payment_seconds=self.payment_seconds,
            reversal_seconds=self.reversal_seconds,
            question_seconds=self.question_seconds,
            totals_seconds=self.totals_seconds,
            progress_seconds=self.progress_seconds,
        )


_ZERO_ALLOWED: Final = frozenset({"desk_port", "progress_seconds", "stop_seconds"})
_CHOICES: Final = {"desk_language": ("ar", "fr"), "log_level": ("debug", "info", "warning", "error")}


def read_settings(folder: Path) -> Settings:
    """The settings in `folder`; the defaults where there is no file.

    Raises:
        NotUsable: an unknown name, or a value of the wrong kind.
    """
    path = folder / FILE
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise NotUsable(f"{path} cannot be read: {error}") from error
    defaults = {each.name: each.default for each in fields(Settings)}
    return Settings(**{name: _checked(name, value, defaults) for name, value in told.items()})


def _checked(name: str, value: object, defaults: dict[str, Any]) -> Any:  # noqa: ANN401 - as many kinds as settings
    if name not in defaults:
        raise NotUsable(f"there is no setting {name}")
    default = defaults[name]
    if isinstance(default, str):
        if not isinstance(value, str):
            raise NotUsable(f"{name} has to be a text")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise NotUsable(f"{name} has to be one of {', '.join(_CHOICES[name])}")
        return value
    whole = isinstance(default, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise NotUsable(f"{name} has to be a {'whole ' if whole else ''}number")
    if value < 0 or (value == 0 and name not in _ZERO_ALLOWED):
        raise NotUsable(f"{name} has to be more than 0")
    return value
