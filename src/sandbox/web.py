"""What all pages of the sandbox share: templates, language, headers, forms."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.reader.ports import Ports
from sandbox.times import local_time
from sandbox.words import LANGUAGE_NAMES, LANGUAGES, dinars, say, say_card
from sandbox.world import World

_HERE = Path(__file__).parent
LARGEST_FORM_BYTES = 64 * 1024
MOST_FIELDS = 200

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["dinars"] = dinars
_templates.filters["moment"] = lambda seconds: local_time(seconds).strftime("%d/%m/%Y %H:%M:%S")
_templates.filters["grouped"] = lambda pan: " ".join(pan[at : at + 4] for at in range(0, len(pan), 4))


class TooLarge(Exception):  # noqa: N818 - reads as what it is
    """A form with more bytes or fields than any honest one has."""


def world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


def ports_of(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


def language_of(request: Request, *, otherwise: str = "") -> str:
    """The language asked for in the address, else `otherwise`, else the browser's, else English."""
    asked = request.query_params.get("language", "").lower()
    if asked in LANGUAGES:
        return asked
    if otherwise:
        return otherwise
    for wish in request.headers.get("accept-language", "").lower().split(","):
        if (wanted := wish.strip()[:2]) in LANGUAGES:
            return wanted
    return "en"


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    language: str,
    status: int = 200,
    form_origins: Iterable[str] = (),
) -> Response:
    """A page of ours, with headers that let in nothing foreign.

    `form_origins` are the addresses that a form of this page may end at after a redirect: browsers apply
    `form-action` to those too.
    """
    addresses = {
        each: str(request.url.include_query_params(language=each)).removeprefix(_origin(str(request.url)))
        for each in LANGUAGES
    }
    html = _templates.get_template(template).render(
        {
            "say": lambda key: say(key, language),
            "say_card": lambda about: say_card(about, language),
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "language_names": LANGUAGE_NAMES,
            "language_addresses": addresses,
            **values,
        }
    )
    form_action = " ".join(["'self'", *sorted({_origin(each) for each in form_origins if each})])
    return HTMLResponse(
        html,
        status_code=status,
        headers={
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
                f"form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
            ),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        },
    )


async def body_of(request: Request) -> bytes:
    """Raises TooLarge rather than reading without end."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            raise TooLarge
    return bytes(body)


async def values_of(request: Request) -> dict[str, str]:
    """Query and form together; of a name given twice the last one counts. Raises TooLarge."""
    try:
        values = _pairs(request.scope["query_string"])
        if request.method == "POST":
            body = await body_of(request)
            several_parts = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
            values |= await _parts(request, body) if several_parts else _pairs(body)
    except ValueError as error:
        raise TooLarge from error
    return values


async def _parts(request: Request, body: bytes) -> dict[str, str]:
    """A form in several parts, as some clients send it by default; files in it are passed over, nonsense is empty."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream(), max_files=0, max_fields=MOST_FIELDS).parse()
    except (MultiPartException, KeyError):
        return {}
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _pairs(encoded: bytes) -> dict[str, str]:
    # Latin-1 keeps every byte, percent-encoded ones are read as UTF-8, and what is not UTF-8 is replaced.
    return dict(
        parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
