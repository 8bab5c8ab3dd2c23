"""`python -m demo`: reads the wishes, runs the street, stops it when asked."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from demo.children import ChildFailed, Children
from demo.desks import open_desks
from demo.past import tell_the_past
from demo.street import Wishes, build_street
from demo.welcome import welcome

_ASKED_TO_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main() -> int:
    """0 when it was asked to stop, 1 when a program failed; nothing runs any more either way."""
    wishes = _read_wishes()
    wishes.state.mkdir(parents=True, exist_ok=True)
    for asked in _ASKED_TO_STOP:
        signal.signal(asked, _leave)
    logs = wishes.state / "logs"
    logs.mkdir(exist_ok=True)
    try:
        with Children(settings=os.environ, logs=logs) as children:
            try:
                street = build_street(children, wishes, say=say)
                say(welcome(street, state=wishes.state))
                open_desks(children, street.desks, state=wishes.state, portal_url=street.portal_url)
                say("The desks are open, and whoever works here can sign in.")
                tell_the_past(children, state=wishes.state, sandbox_url=street.sandbox_url, say=say)
                children.watch()
            except ChildFailed as failure:
                _ignore_further_wishes()
                say(f"{failure}\nStopping the others …")
                return 1
    finally:
        say("Everything is stopped.")


def say(words: str) -> None:
    """Speaks to the terminal, if it is still there."""
    with suppress(OSError):
        print(words, flush=True)  # noqa: T201 - the launcher speaks to a terminal


def _read_wishes() -> Wishes:
    parser = argparse.ArgumentParser(prog="python -m demo", description="A water company, its customers and a bank.")
    state = Path(os.environ.get("BAWABATI_STATE") or ".state")
    parser.add_argument("--state", type=Path, default=state, help="folder that keeps everything (default: %(default)s)")
    parser.add_argument("--portal-port", type=int, default=8000)
    parser.add_argument("--sandbox-port", type=int, default=8001)
    parser.add_argument("--smtp-port", type=int, default=8025)
    tls = os.environ.get("BAWABATI_TLS") == "1"
    parser.add_argument("--tls", action="store_true", default=tls, help="serve the portal over TLS (or BAWABATI_TLS=1)")
    read = parser.parse_args()
    return Wishes(**{**vars(read), "state": read.state.resolve()})


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    _ignore_further_wishes()
    say("Stopping …")
    sys.exit(0)


def _ignore_further_wishes() -> None:
    """Stopping is under way; a second wish changes nothing."""
    for asked in _ASKED_TO_STOP:
        signal.signal(asked, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
