"""The seeds that ever broke something, each with its story in a line. They are replayed for ever."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("regressions.txt")


def kept_seeds() -> dict[int, str]:
    """What each broke, by seed."""
    lines = (line.strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    split = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {int(seed): story for seed, _, story in split}


def keep(seed: int, story: str) -> None:
    """Adds a seed that broke something, once."""
    if seed not in kept_seeds():
        with FILE.open("a", encoding="utf-8") as file:
            file.write(f"{seed} {story}\n")
