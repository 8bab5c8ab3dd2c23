"""One process, one loop: HTTP, SMTP, the readers, the tickers, and the callbacks on their way out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import uvicorn

from sandbox.answering import BreakableProtocol
from sandbox.application import application
from sandbox.configuration import Configuration
from sandbox.gateway.callbacks import Callback
from sandbox.gateway.merchants import CallbackMethod
from sandbox.phone.smtp import MailDoor, mail_server
from sandbox.reader.ports import Ports
from sandbox.shelf import NoShelf, Shelf, SqliteShelf
from sandbox.world import World

_log = logging.getLogger("sandbox.server")

_TICK_SECONDS = 0.25
_READER_TICK_SECONDS = 0.05
_STOP_SECONDS = 1
_CALLBACK_SECONDS = 5.0
STATE_FILE = "sandbox.sqlite3"


class _HttpServer(uvicorn.Server):
    """uvicorn without its own handling of signals: the loop below hears them and ends with exit code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(configuration: Configuration) -> None:
    """Runs until SIGTERM or SIGINT. Raises OSError when a port is taken."""
    shelf = _shelf(configuration.state)
    try:
        await _serve(configuration, shelf)
    finally:
        shelf.close()


async def _serve(configuration: Configuration, shelf: Shelf) -> None:
    world = World(
        merchants=configuration.merchants,
        settings=configuration.settings,
        random=Random(configuration.seed),  # noqa: S311 - nothing here is secret, and a seed repeats a run
        shelf=shelf,
        seed=configuration.seed or 0,
        bank_folder=configuration.bank_files,
    )
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    for settings in configuration.readers:
        world.readers.put(settings)
    ports = Ports(fleet=world.readers, authority=world.reader_authority, host=configuration.host, now=world.clock.now)
    door = MailDoor(inbox=world.inbox, faults=world.faults, clock=world.clock)
    with socket.create_server((configuration.host, configuration.http_port), backlog=2048) as listener:
        # Connections inherit it. asyncio would set it only on a socket that names its protocol, and without it every
        # answer waits 40 ms for the other side's acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        http_port = listener.getsockname()[1]
        world.public_url = configuration.public_url or f"http://{_in_address(configuration.host)}:{http_port}"
        smtp = await loop.create_server(mail_server(door), configuration.host, configuration.smtp_port)
        await ports.open_all()
        http = _HttpServer(
            uvicorn.Config(
                application(world, ports),
                http=BreakableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )
        tasks = [
            asyncio.create_task(http.serve(sockets=[listener])),
            asyncio.create_task(_tick(world)),
            asyncio.create_task(_tick_readers(world, ports)),
            asyncio.create_task(_send_callbacks(world)),
        ]
        while not http.started and not tasks[0].done():  # noqa: ASYNC110 - uvicorn has a flag and no event
            await asyncio.sleep(0.005)
        smtp_port = smtp.sockets[0].getsockname()[1]
        _announce(configuration, world, ports, http_port=http_port, smtp_port=smtp_port)
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
        http.should_exit = True
        await ports.shut_all()
        smtp.close()
        for task in (stop, *tasks[1:]):
            task.cancel()
        await asyncio.gather(*tasks, stop, return_exceptions=True)


def _shelf(folder: Path | None) -> Shelf:
    if folder is None:
        return NoShelf()
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteShelf(folder / STATE_FILE)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announce(configuration: Configuration, world: World, ports: Ports, *, http_port: int, smtp_port: int) -> None:
    """One line of JSON, complete or not there at all."""
    line = json.dumps(
        {
            "http_url": f"http://{_in_address(configuration.host)}:{http_port}",
            "http_port": http_port,
            "smtp_host": configuration.host,
            "smtp_port": smtp_port,
            "public_url": world.public_url,
            "rest_url": f"http://{_in_address(configuration.host)}:{http_port}/payment/rest",
            "readers": {
                (poi_id := place.reader.settings.poi_id): ports.port_of(poi_id) for place in world.readers.places()
            },
            "pid": os.getpid(),
        }
    )
    if configuration.announce is None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return
    unfinished = configuration.announce.with_name(configuration.announce.name + ".unfinished")
    unfinished.write_text(line + "\n", encoding="utf-8")
    unfinished.replace(configuration.announce)


async def _tick(world: World) -> None:
    while True:
        world.tick()
        await asyncio.sleep(_TICK_SECONDS)


async def _tick_readers(world: World, ports: Ports) -> None:
    """More often than the rest: a till waits for them."""
    while True:
        world.readers.catch_up(now=world.clock.now())
        await ports.catch_up()
        await asyncio.sleep(_READER_TICK_SECONDS)


async def _sent(client: httpx.AsyncClient, callback: Callback) -> httpx.Response:
    if callback.method is CallbackMethod.POST:
        return await client.post(callback.url, data=dict(callback.values))
    return await client.get(callback.address)


async def _send_callbacks(world: World) -> None:
    """One after the other, once each: a merchant who does not hear has to ask."""
    async with httpx.AsyncClient(timeout=_CALLBACK_SECONDS, trust_env=False) as client:
        while True:
            for callback in world.callbacks_due():
                try:
                    answer = await _sent(client, callback)
                    _log.info("callback -> %s", answer.status_code)
                except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                    _log.info("callback not delivered: %s", type(error).__name__)
            await asyncio.sleep(0.05)
