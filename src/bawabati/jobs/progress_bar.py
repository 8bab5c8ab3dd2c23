"""A bar on a terminal; nothing at all where there is none."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self, TextIO

_WIDTH: Final = 40


class ProgressBar:
    """Shows how far something has come; `says` names it, and `then` what follows when all of it is there."""

    def __init__(self, terminal: TextIO, *, says: str, then: str) -> None:
        self._terminal = terminal
        self._says = says
        self._then = then
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def show(self, done: int, of: int) -> None:
        """Draws the bar anew if it looks different."""
        if not self._terminal.isatty():
            return
        share = done / of if of else 1.0
        filled = round(share * _WIDTH)
        word = self._then if done >= of else self._says
        line = f"\r{word:8} [{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}"
        if line != self._shown:
            self._terminal.write(line)
            self._terminal.flush()
            self._shown = line

    def __exit__(self, _failed: object, _error: object, _where: TracebackType | None) -> None:
        if self._shown:
            self._terminal.write("\r" + " " * len(self._shown) + "\r")
            self._terminal.flush()
