"""The page on which a cashier takes cash while the line is cut. Plain HTML, no scripts, Arabic and French.

Rule: offline-blocks (failures.md T9)
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from agency_bridge.bridge import Bridge
from agency_bridge.desk.cashiers import Cashiers, SignedIn, TooManyTries, WrongCode
from agency_bridge.desk.duty import NoDuty, stamp_duty_centimes
from agency_bridge.desk.figures import dinars, receipt_number
from agency_bridge.desk.paper import receipt_paper
from agency_bridge.desk.typed import NotReadable, read_amount, read_payment_number
from agency_bridge.desk.words import say
from agency_bridge.identity import Identity
from agency_bridge.journal.receipts import BlockUsedUp, OfflineReceipt
from agency_bridge.moments import ALGIERS, written
from agency_bridge.printing.drawn import CannotDraw
from agency_bridge.printing.printer import NotPrinted

_log = logging.getLogger("agency_bridge.desk")

_HERE: Final = Path(__file__).parent
_COOKIE: Final = "desk"
_LANGUAGE: Final = "desk_language"
_LARGEST_FORM: Final = 16 * 1024
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_templates: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Page = Callable[["Desk", Request, SignedIn], Awaitable[Response]]


class Desk:
    """What the pages share."""

    def __init__(
        self,
        bridge: Bridge,
        *,
        identity: Identity,
        language: str,
        idle: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self.bridge = bridge
        self.identity = identity
        self.language = language
        self.now = now
        self.receipts = bridge.journal.receipts
        self.cashiers = Cashiers(idle=idle, now=now)

    @property
    def state(self) -> str:
        """cut, up, refused, or unknown just after a start."""
        line = self.bridge.line
        if line.unauthorised:
            return "refused"
        if line.up:
            return "up"
        return "cut" if line.is_cut else "unknown"

    def language_of(self, request: Request) -> str:
        asked = request.query_params.get("language") or request.cookies.get(_LANGUAGE) or self.language
        return "ar" if asked == "ar" else "fr"

    def page(self, request: Request, name: str, *, status: int = 200, message: str = "", **values: Any) -> Response:  # noqa: ANN401 - whatever a template wants
        language = self.language_of(request)
        lost_at = self.bridge.line.lost_at
        html = _templates.get_template(name).render(
            language=language,
            say=lambda word, **more: say(word, language, **more),
            dinars=lambda centimes: dinars(centimes, language),
            standing=_standing,
            agency=self.identity.agency,
            state=self.state,
            since=f"{lost_at.astimezone(ALGIERS):%d/%m %H:%M}" if lost_at else "",
            message=message,
            **values,
        )
        response = HTMLResponse(html, status_code=status)
        if request.query_params.get("language"):
            response.set_cookie(_LANGUAGE, language, samesite="strict", httponly=True)
        return response

    def block_of(self, cashier: SignedIn) -> dict[str, Any]:
        return self.receipts.find_block(cashier.block) or {}

    async def print_out(self, receipt: OfflineReceipt, *, duplicata: bool) -> bool:
        """Whether the paper came out."""
        print_out = self.bridge.printing_at_desk()
        if print_out is None:
            return False
        block = self.receipts.find_block(receipt.block) or {}
        try:
            await print_out(receipt_paper(receipt, block, duplicata=duplicata))
        except (NotPrinted, CannotDraw) as why:
            _log.warning("receipt %s is not printed: %s", receipt.number, why)
            return False
        return True


def desk_application(desk: Desk) -> Starlette:
    """The pages, as an ASGI application."""

    def route(path: str, page: Page, *, method: str) -> Route:
        async def answer(request: Request) -> Response:
            return _with_headers(await _answered(desk, request, page))

        return Route(path, answer, methods=[method])

    async def sheet(_: Request) -> Response:
        return FileResponse(_HERE / "static" / "desk.css", media_type="text/css")

    async def sign_in(request: Request) -> Response:
        return _with_headers(await _sign_in(desk, request))

    return Starlette(
        routes=[
            Route("/desk.css", sheet),
            Route("/sign-in", sign_in, methods=["POST"]),
            route("/", _home, method="GET"),
            route("/sign-out", _sign_out, method="POST"),
            route("/review", _review, method="POST"),
            route("/confirm", _confirm, method="POST"),
            route("/receipts/{number:int}", _receipt, method="GET"),
            route("/receipts/{number:int}/print", _print, method="POST"),
            route("/receipts/{number:int}/void", _void, method="POST"),
        ]
    )


async def _answered(desk: Desk, request: Request, page: Page) -> Response:
    if not _is_our_host(request):
        return Response(status_code=421)
    cashier = desk.cashiers.find(request.cookies.get(_COOKIE, ""))
    if cashier is None:
        if request.method == "POST":
            return RedirectResponse("/", status_code=303)
        return desk.page(request, "sign_in.html", blocks=desk.receipts.open_blocks())
    if request.method == "POST":
        form = await _form(request)
        if not hmac.compare_digest(form.get("form_key", "").encode(), cashier.form_key.encode()):
            return RedirectResponse("/", status_code=303)
    return await page(desk, request, cashier)


def _is_our_host(request: Request) -> bool:
    """A name that somebody else's server leads here by is not ours: only addresses are, and `localhost`."""
    host = request.url.hostname or ""
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _form(request: Request) -> Mapping[str, str]:
    if int(request.headers.get("content-length") or _LARGEST_FORM + 1) > _LARGEST_FORM:
        return {}
    form = await request.form(max_fields=20, max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _with_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


async def _sign_in(desk: Desk, request: Request) -> Response:
    if not _is_our_host(request):
        return Response(status_code=421)
    form = await _form(request)
    blocks = {str(block["block"]): block for block in desk.receipts.open_blocks()}
    block = blocks.get(form.get("block", ""))
    message = "wrong_code"
    if block is not None:
        try:
            secret = await asyncio.to_thread(
                desk.cashiers.sign_in,
                block=int(block["block"]),
                code=form.get("code", ""),
                told=str(block.get("code_scrypt") or ""),
            )
        except WrongCode:
            _log.warning("a wrong code at the desk of block %s", block["block"])
        except TooManyTries:
            message = "too_many"
        else:
            response = RedirectResponse("/", status_code=303)
            response.set_cookie(_COOKIE, secret, samesite="strict", httponly=True)
            return response
    return desk.page(request, "sign_in.html", status=422, message=message, blocks=list(blocks.values()))


async def _sign_out(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    del cashier
    desk.cashiers.sign_out(request.cookies.get(_COOKIE, ""))
    return RedirectResponse("/", status_code=303)


async def _home(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    return _desk_page(desk, request, cashier)


def _desk_page(
    desk: Desk, request: Request, cashier: SignedIn, *, message: str = "", typed: Mapping[str, str] | None = None
) -> Response:
    block = desk.block_of(cashier)
    return desk.page(
        request,
        "desk.html",
        status=422 if message else 200,
        message=message,
        form_key=cashier.form_key,
        typed={"payment_number": "", "amount": ""} | dict(typed or {}),
        block=block,
        left=desk.receipts.left(cashier.block),
        receipts=desk.receipts.given(cashier.block),
        number_of=lambda receipt: receipt_number(block, receipt.number),
    )


async def _review(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    form = await _form(request)
    try:
        facts = _facts(desk, cashier, form)
    except NotReadable as why:
        typed = {} if why.word == "card_number" else {name: form.get(name, "")[:60] for name in _TYPED}
        return _desk_page(desk, request, cashier, message=why.word, typed=typed)
    before = [
        receipt
        for receipt in desk.receipts.given(cashier.block)
        if not receipt.voided
        and (receipt.row["payment_number"], receipt.row["amount_centimes"])
        == (facts["payment_number"], facts["amount_centimes"])
    ]
    return desk.page(
        request,
        "review.html",
        form_key=cashier.form_key,
        token=secrets.token_urlsafe(18),
        payment_number=facts["payment_number"],
        amount=form.get("amount", ""),
        amount_centimes=facts["amount_centimes"],
        stamp_duty_centimes=facts["stamp_duty_centimes"],
        given_before=bool(before),
    )


_TYPED: Final = ("payment_number", "amount")


def _facts(desk: Desk, cashier: SignedIn, form: Mapping[str, str]) -> dict[str, Any]:
    """What the receipt says. Raises NotReadable with the word to show."""
    if desk.state != "cut":
        raise NotReadable("line_up")
    block = desk.block_of(cashier)
    payment_number = read_payment_number(form.get("payment_number", ""))
    amount = read_amount(form.get("amount", ""))
    now = desk.now()
    if now.astimezone(ALGIERS).year != block.get("year"):
        raise NotReadable("used_up")  # a number belongs to the year of its receipt
    try:
        duty = stamp_duty_centimes(amount, rows=block.get("stamp_duty") or [], on=now.astimezone(ALGIERS).date())
    except NoDuty as error:
        raise NotReadable("no_duty") from error
    return {
        "payment_number": payment_number,
        "amount_centimes": amount,
        "stamp_duty_centimes": duty,
        "taken_at": written(now),
        "cashier": str(block.get("cashier") or ""),
    }


async def _confirm(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    """The number is on the disk before the printer hears of it; the same form twice is one receipt, printed once."""
    form = await _form(request)
    token = form.get("token", "")
    if not token:
        return RedirectResponse("/", status_code=303)
    given = desk.receipts.find_token(token)
    if given is not None:
        return RedirectResponse(f"/receipts/{given.number}", status_code=303)
    try:
        receipt = desk.receipts.give(block=cashier.block, token=token, facts=_facts(desk, cashier, form))
    except NotReadable as why:
        return _desk_page(desk, request, cashier, message=why.word)
    except BlockUsedUp:
        return _desk_page(desk, request, cashier, message="used_up")
    printed = await desk.print_out(receipt, duplicata=False)
    return _receipt_page(desk, request, cashier, receipt, message="printed" if printed else "not_printed")


async def _receipt(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    receipt = _find(desk, request, cashier)
    if receipt is None:
        return _desk_page(desk, request, cashier, message="page_not_found")
    return _receipt_page(desk, request, cashier, receipt)


async def _print(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    receipt = _find(desk, request, cashier)
    if receipt is None:
        return RedirectResponse("/", status_code=303)
    printed = await desk.print_out(receipt, duplicata=True)
    return _receipt_page(desk, request, cashier, receipt, message="printed" if printed else "not_printed")


async def _void(desk: Desk, request: Request, cashier: SignedIn) -> Response:
    receipt = _find(desk, request, cashier)
    if receipt is None:
        return RedirectResponse("/", status_code=303)
    if not receipt.voided and not desk.receipts.void(block=receipt.block, number=receipt.number):
        return _receipt_page(desk, request, cashier, receipt, message="not_voidable")
    return RedirectResponse(f"/receipts/{receipt.number}", status_code=303)


def _find(desk: Desk, request: Request, cashier: SignedIn) -> OfflineReceipt | None:
    try:
        return desk.receipts.get(block=cashier.block, number=request.path_params["number"])
    except (KeyError, OverflowError):
        return None


def _receipt_page(
    desk: Desk, request: Request, cashier: SignedIn, receipt: OfflineReceipt, *, message: str = ""
) -> Response:
    block = desk.block_of(cashier)
    return desk.page(
        request,
        "receipt.html",
        message=message,
        receipt=receipt,
        form_key=cashier.form_key,
        number_of=lambda one: receipt_number(block, one.number),
    )


def _standing(receipt: OfflineReceipt) -> str:
    """The word that says how a receipt stands."""
    if receipt.voided:
        return "voided"
    if not receipt.acknowledged:
        return "waiting"
    return f"case_{receipt.told_case}" if receipt.told_case in _CASES else "sent"


_CASES: Final = frozenset({"surplus", "unknown_bill", "amount_differs", "number_twice"})
