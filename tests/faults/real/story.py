"""What happened, as a person can read it: when, who, what, and how the payments stood after it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    seconds: float
    clock_error: float
    who: str
    what: str


class Story:
    """Written while a seed runs; read only when something is wrong."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def tell(self, *, seconds: float, clock_error: float, who: str, what: str) -> None:
        self.lines.append(Line(seconds, clock_error, who, what))

    def __str__(self) -> str:
        return "\n".join(_shown(line) for line in self.lines)


def _shown(line: Line) -> str:
    minutes, seconds = divmod(line.seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    wrong = f" (our clock {line.clock_error / 3600:+.0f} h)" if line.clock_error else ""
    return f"{hours:3d}:{minutes:02d}:{seconds:04.1f}{wrong}  {line.who:<12} {line.what}"
