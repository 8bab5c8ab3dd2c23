"""The sandbox over HTTP: every door in one application."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from sandbox import home
from sandbox.bank import pages as bank_pages
from sandbox.billing import pages as billing_pages
from sandbox.control import api
from sandbox.control import bank as bank_control
from sandbox.control import billing as billing_control
from sandbox.control import page as control_page
from sandbox.control import readers as reader_control
from sandbox.gateway import pages, rest
from sandbox.phone import pages as phone_pages
from sandbox.phone import sms_door
from sandbox.reader import pages as reader_pages
from sandbox.reader.ports import Ports
from sandbox.web import TooLarge, language_of, page
from sandbox.world import World


async def _nothing_here(request: Request, _error: Exception) -> Response:
    return page(request, "gone.html", {"key": "not_found", "back": ""}, language=language_of(request), status=404)


async def _too_large(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Request Entity Too Large", status_code=413)


def application(world: World, ports: Ports) -> Starlette:
    """The sandbox around one world, whose readers listen at `ports`."""
    routes: list[BaseRoute] = [
        *rest.routes,
        *pages.routes,
        *phone_pages.routes,
        *sms_door.routes,
        *reader_pages.routes,
        *control_page.routes,
        *api.routes,
        *reader_control.routes,
        *bank_pages.routes,
        *bank_control.routes,
        *billing_pages.routes,
        *billing_control.routes,
        *home.routes,
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _nothing_here, TooLarge: _too_large})
    app.state.world = world
    app.state.ports = ports
    return app
