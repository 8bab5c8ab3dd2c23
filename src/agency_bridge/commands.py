"""`bawabati-bridge`: enrol once, then run."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sqlite3
import sys
from pathlib import Path

from agency_bridge import VERSION
from agency_bridge.bridge import Bridge
from agency_bridge.desk.server import serve_desk
from agency_bridge.identity import Identity, NotEnrolled, begin_enrolment, keep_identity, read_identity
from agency_bridge.journal.file import JournalNotUsable
from agency_bridge.journal.journal import Journal
from agency_bridge.logs import log_to_stderr
from agency_bridge.moments import utc_now
from agency_bridge.portal.address import BadAddress, checked_address
from agency_bridge.portal.client import NoAnswer, Portal, Refused
from agency_bridge.settings import NotUsable, Settings, read_settings


class DidNotWork(Exception):  # noqa: N818 - it says what happened
    """The sentence says what the person at the keyboard can do."""


def main() -> int:
    """0 after a clean stop, 2 when it could not begin or had to end."""
    told = parser().parse_args()
    try:
        told.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = read_settings(told.folder)
        log_to_stderr(level=settings.log_level)
        asyncio.run(_enrol(told, settings) if told.command == "enrol" else _run(told.folder, settings))
    except sqlite3.Error as error:
        sys.stderr.write(f"bawabati-bridge: the journal cannot be written, and nothing is sent without it: {error}\n")
        return 2
    except (BadAddress, DidNotWork, JournalNotUsable, NotEnrolled, NotUsable, OSError) as error:
        sys.stderr.write(f"bawabati-bridge: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    told = argparse.ArgumentParser(
        prog="bawabati-bridge",
        description="Connects an agency's card readers and receipt printers to the portal.",
    )
    told.add_argument("--version", action="version", version=VERSION)
    commands = told.add_subparsers(dest="command", required=True)
    enrol = commands.add_parser("enrol", help="make a key and tell the portal, once, with the code that it gave")
    enrol.add_argument("--portal", required=True, help="the portal's address, https://…")
    enrol.add_argument("--code", required=True, help="the code that the portal showed, XXXX-XXXX-XXXX")
    run = commands.add_parser("run", help="work until SIGTERM")
    for each in (enrol, run):
        each.add_argument("--folder", required=True, type=Path, help="where key, settings and journal are")
    return told


async def _enrol(told: argparse.Namespace, settings: Settings) -> None:
    address, code = checked_address(told.portal), told.code.strip().upper()
    key = begin_enrolment(told.folder, portal=address, code=code)
    portal = Portal(address=address, bearer="", settings=settings)
    try:
        answer = await portal.enrol(code=code, key=key)
    finally:
        await portal.close()
    if isinstance(answer, NoAnswer):
        raise DidNotWork(f"the portal does not answer ({answer.why}); the same command may be given again")
    if isinstance(answer, Refused):
        raise DidNotWork(answer.sentence or f"the portal refuses: {answer.code or answer.status}")
    try:
        identity = Identity(
            portal=address,
            bridge=int(answer.row["bridge"]),
            key=key,
            name=str(answer.row.get("name") or ""),
            company=str(answer.row.get("company") or ""),
            agency=str(answer.row.get("agency") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DidNotWork("the portal's answer cannot be read; is the address right?") from error
    keep_identity(told.folder, identity)
    line = {"bridge": identity.bridge, "name": identity.name, "company": identity.company, "agency": identity.agency}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


async def _run(folder: Path, settings: Settings) -> None:
    identity = read_identity(folder)
    portal = Portal(address=checked_address(identity.portal), bearer=identity.bearer, settings=settings)
    journal = Journal(folder)
    bridge = Bridge(settings=settings, journal=journal, portal=portal)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl+C still ends it
            loop.add_signal_handler(number, stopping.set)
    desk = asyncio.create_task(serve_desk(bridge, identity=identity, settings=settings, now=utc_now))
    try:
        await bridge.run(stopping)
    finally:
        desk.cancel()
        await asyncio.gather(desk, return_exceptions=True)
        await portal.close()
        journal.close()
