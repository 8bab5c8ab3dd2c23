"""Commands of the portal, several in one process: each process costs more to start than most of them to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo.children import Children

BAWABATI = ("-m", "bawabati.config.commands")


@dataclass(frozen=True, slots=True)
class Told:
    """What commands have printed: words for people, and answers as lines of JSON."""

    text: str

    def answer(self, key: str) -> dict[str, Any]:
        """The last line of JSON that says `key`."""
        lines = (json.loads(line) for line in reversed(self.text.splitlines()) if line.startswith("{"))
        return next(line for line in lines if key in line)


def in_one_process(children: Children, name: str, steps: Sequence[Sequence[str]], **of_its_own: str) -> Told:
    """Runs the commands one after the other, with settings `of_its_own`; their log has that name.

    Raises:
        ChildFailed: one of them failed, and the rest was not begun.
    """
    return Told(children.run(name, *BAWABATI, "demo-steps", json.dumps(steps), **of_its_own))
