"""The reader on screen: its display, its keys, the customer's cards, and the paper that comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.gateway.settings import Unusable
from sandbox.reader.core import Reader, Stage
from sandbox.reader.faults import Kind
from sandbox.reader.settings import How, Protocol, ReaderSettings
from sandbox.reader.transactions import Category, Transaction
from sandbox.web import language_of, page, ports_of, values_of, world_of
from sandbox.world import World

_PROMPTS = {
    Stage.IDLE: "reader_idle",
    Stage.CARD: "reader_present_card",
    Stage.PIN: "reader_enter_pin",
    Stage.AUTHORISING: "reader_authorising",
    Stage.PRINTING: "reader_printing",
    Stage.MAINTENANCE: "reader_maintenance",
}


async def readers(request: Request) -> Response:
    """GET lists all readers of this sandbox; POST adds one, at a free port."""
    if request.method == "GET":
        return _show_all(request)
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return _show_all(request, status=403)
    world, values = world_of(request), await values_of(request)
    try:
        settings = ReaderSettings.from_row({name: values.get(name, "") for name in ("poi_id", "protocol")})
        if world.readers.find(settings.poi_id) is None:
            await ports_of(request).open(world.readers.put(settings))
    except Unusable as error:
        return _show_all(request, problem=str(error), status=422)
    return RedirectResponse(f"/reader/{settings.poi_id}/?language={language_of(request)}", status_code=303)


def _show_all(request: Request, *, problem: str = "", status: int = 200) -> Response:
    shown = [place.reader.settings for place in world_of(request).readers.places()]
    values = {"readers": shown, "problem": problem, "protocols": list(Protocol)}
    return page(request, "readers.html", values, language=language_of(request), status=status)


async def authority(request: Request) -> Response:
    """What a till pins: the certificate that has signed those of all readers here."""
    return PlainTextResponse(ports_of(request).ca_pem, media_type="application/x-pem-file")


async def screen(request: Request) -> Response:
    """GET shows the reader; POST does one thing (`do`) at it and shows it again."""
    world = world_of(request)
    place = world.readers.find(request.path_params["poi_id"])
    language = language_of(request)
    if place is None:
        return page(request, "gone.html", {"key": "not_found", "back": ""}, language=language, status=404)
    now = world.clock.now()
    place.reader.catch_up(now=now)
    if request.method == "GET":
        return _show(request, place.reader, language=language)
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return _show(request, place.reader, language=language, status=403)
    try:
        _do(world, place.reader, await values_of(request), now=now)
    except Unusable:
        return _show(request, place.reader, language=language, status=422)
    return RedirectResponse(f"/reader/{place.reader.settings.poi_id}/?language={language}", status_code=303)


_KEYS: Mapping[str, Callable[[Reader, float], object]] = {
    "red": lambda reader, now: reader.press_red(now=now),
    "yellow": lambda reader, now: reader.press_yellow(now=now),
    "green": lambda reader, now: reader.press_green(now=now),
    "pull": lambda reader, now: reader.remove_card(now=now),
    "paper": lambda reader, _now: reader.put_paper_in(),
    "restart": lambda reader, now: reader.restart(now=now),
    "restart wipe": lambda reader, now: reader.restart(now=now, wipe=True),
}


def _do(world: World, reader: Reader, values: Mapping[str, str], *, now: float) -> None:
    wanted = values.get("do", "")
    if wanted in _KEYS:
        _KEYS[wanted](reader, now)
        return
    match wanted.partition(" "):
        case ("key", _, digit):
            reader.key(digit, now=now)
        case ("insert", _, _):
            reader.present_card(values.get("card", ""), how=How.CONTACT, now=now)
        case ("tap", _, _):
            reader.present_card(values.get("card", ""), how=How.CONTACTLESS, now=now)
        case ("fault", _, _):
            rule = {"kind": values.get("kind", ""), "poi_id": reader.settings.poi_id, "times": 1}
            world.readers.faults.add(rule, now=now)
        case _:
            raise Unusable("There is nothing of that name to do.")


def _show(request: Request, reader: Reader, *, language: str, status: int = 200) -> Response:
    now = world_of(request).clock.now()
    stage = reader.shown_stage(now=now)
    last = reader.current or reader.last_result(now=now)
    settings = reader.settings
    return page(
        request,
        "reader.html",
        {
            "settings": settings,
            "stage": stage,
            "prompt": _prompt(reader, stage),
            "sale": last,
            "result": f"reader_{last.ending}" if last is not None and last.ending else "",
            "is_good": last is not None and last.ending is not None and last.ending.moved_money,
            "title": _title(last),
            "keyed": reader.keyed,
            "card_in": reader.card_in,
            "has_paper": reader.has_paper,
            "paper": list(reversed(reader.paper)),
            "cards": reader.issuer.cards(),
            "blocked": reader.issuer.is_pin_blocked,
            "kinds": list(Kind),
            "faults": [each for each in world_of(request).readers.faults.rules() if each.poi_id == settings.poi_id],
        },
        language=language,
        status=status,
    )


def _prompt(reader: Reader, stage: Stage) -> str:
    if stage is Stage.PIN and reader.wrong_pin:
        return "reader_wrong_pin_again"
    if stage is Stage.IDLE and reader.card_in:
        return "reader_remove_card"
    return _PROMPTS[stage]


def _title(sale: Transaction | None) -> str:
    if sale is None:
        return ""
    if sale.category is Category.REVERSAL:
        return "slip_reversal"
    return "slip_credit" if sale.wanted.direction == "credit" else "slip_sale"


routes = [
    Route("/reader/", readers, methods=["GET", "POST"]),
    Route("/reader/ca.pem", authority),
    Route("/reader/{poi_id}/", screen, methods=["GET", "POST"]),
]
