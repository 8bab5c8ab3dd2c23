"""What a planted bug is: a patch of one place in one file of the product."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """Which harness has to catch it, within how many seeds."""

    PURE = "pure"
    REAL = "real"
    DESKS = "desks"
    """The real level, with an agency in every seed."""


MOST_SEEDS = {Level.PURE: 20_000, Level.REAL: 2_000, Level.DESKS: 300}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """`before` stands in `file` (under src/bawabati) exactly once; planted, `after` stands there."""

    name: str
    level: Level
    file: str
    before: str
    after: str

    def plant(self, source: Path) -> None:
        """Changes the file under `source`. Raises LookupError when the place is not there once."""
        path = source / "bawabati" / self.file
        text = path.read_text()
        if text.count(self.before) != 1:
            raise LookupError(f"{self.name}: its place is {text.count(self.before)} times in {self.file}")
        path.write_text(text.replace(self.before, self.after))
