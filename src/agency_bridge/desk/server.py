"""The desk's page on its own address, in the bridge's loop. Without it the bridge goes on working."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import uvicorn

from agency_bridge.bridge import Bridge
from agency_bridge.desk.application import Desk, desk_application
from agency_bridge.identity import Identity
from agency_bridge.settings import Settings

_log = logging.getLogger("agency_bridge.desk")


class _Server(uvicorn.Server):
    """uvicorn without its own handling of signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_desk(bridge: Bridge, *, identity: Identity, settings: Settings, now: Callable[[], datetime]) -> None:
    """Until it is cancelled. An address that is taken is said, and nothing more."""
    desk = Desk(
        bridge,
        identity=identity,
        language=settings.desk_language,
        idle=timedelta(minutes=settings.desk_idle_minutes),
        now=now,
    )
    try:
        listener = socket.create_server((settings.desk_host, settings.desk_port))
    except OSError as error:
        _log.error("the desk's page cannot listen on %s:%s: %s", settings.desk_host, settings.desk_port, error)
        return
    with listener:
        _log.info("the desk's page is at http://%s:%s/", settings.desk_host, listener.getsockname()[1])
        server = _Server(
            uvicorn.Config(
                desk_application(desk),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=1,
            )
        )
        try:
            await server.serve(sockets=[listener])
        finally:
            server.should_exit = True
