"""A change that waits for its second person, in words: what says what now, and what it is to say."""

from collections.abc import Iterator

from bawabati.people.models import PendingChange
from bawabati.people.rules import ChangeKind


def lines_of(change: PendingChange) -> Iterator[str]:
    """One line for each value that is to be different. A password is never shown."""
    if change.kind == ChangeKind.LOST_FACTOR:
        yield f"{change.what['login']}: every second factor goes, and every open session"
        yield f"because: {change.what['because']}"
        return
    for column, (before, after) in change.what["changes"].items():
        yield f"{column}: {_shown(before)} → {_shown(after)}"
    if change.what["new_password"]:
        yield "password: a new one"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")
