"""Seeds that broke something once. Every test run replays them, for ever."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("regressions.txt")


def kept() -> list[int]:
    """The seeds of the file, without what stands behind them."""
    lines = (line.partition("#")[0].strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    return [int(line) for line in lines if line]


def keep(seed: int, *, because: str) -> None:
    """Adds a seed once."""
    if seed not in kept():
        with FILE.open("a", encoding="utf-8") as file:
            file.write(f"{seed}  # {because.splitlines()[0][:100]}\n")
