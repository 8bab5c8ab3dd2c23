"""The payer's pages at the gateway: the card, then the code, then back to the merchant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.answering import OnTheWire
from sandbox.gateway.card_form import CardForm
from sandbox.gateway.core import (
    CodeExpired,
    CodeSent,
    Ended,
    NotNow,
    RefusedMayRetry,
    Stalled,
    WrongCode,
    occasion_of,
)
from sandbox.gateway.faults import PAGE_KINDS, Kind, Moment
from sandbox.gateway.orders import AUTHORISED_STATES, Order, State
from sandbox.gateway.outcomes import AUTHENTICATION_FAILED, TIMED_OUT, Wire
from sandbox.gateway.settings import CodeBy
from sandbox.gateway.spoiling import HTML, NO_ANSWER, Answer
from sandbox.gateway.wanted import LANGUAGES
from sandbox.times import local_time
from sandbox.web import language_of, page, values_of, world_of
from sandbox.world import World

CODE_PAGE = "/acs/api/3ds/form"

_OLDEST_YEAR = 2020
_YEARS_AHEAD = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """What the fields of a code page are called: automatic payers find them by these names."""

    code: str
    submit: str
    resend: str


_PRESENT = CodePage(code="passwordEdit", submit="SendPayment2", resend="resend")
_OLDER_BANK = CodePage(code="pwdInputMasked", submit="submitPasswordButton", resend="sendPasswordButton")
_OLDER_POST = CodePage(code="pwdInputVisible", submit="submitPasswordButton", resend="sendPasswordButton")
_CODE_PAGES = (_PRESENT, _OLDER_BANK, _OLDER_POST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of one payer: which order, in which language, with what filled in."""

    request: Request
    world: World
    order: Order
    language: str
    values: Mapping[str, str]
    now: float

    @property
    def merchant_name(self) -> str:
        merchant = self.world.gateway.merchants.find(self.order.merchant)
        return merchant.name(self.language) if merchant else self.order.merchant

    @property
    def wire(self) -> Wire:
        merchant = self.world.gateway.merchants.find(self.order.merchant)
        return merchant.wire if merchant else Wire.B

    @property
    def seconds_left(self) -> int:
        return max(0, int(self.order.page_ends_at - self.now))

    @property
    def way_back(self) -> str:
        return self.order.way_back(language=self.language)


async def card_page(request: Request) -> Response:
    """The hosted card page, at either generation's address."""
    visit = await _visit(request)
    if isinstance(visit, Response):
        return visit
    if not _is_own_page(visit):
        return _gone(request, "over_unknown", status=404)
    gateway, order = visit.world.gateway, visit.order
    if not gateway.is_open(order, now=visit.now):
        return _ended(visit)
    if request.method == "GET":
        return _show_card(visit, CardForm(refused=order.may_retry))
    if "cancel" in visit.values:
        gateway.cancel(order, now=visit.now)
        return _back_to_merchant(visit)
    form = CardForm.read(visit.values, luhn=visit.wire is Wire.B)
    if form.problems:
        return _show_card(visit, form, status=422)
    return _take_card(visit, form)


async def code_page(request: Request) -> Response:
    """Where the code from the phone is typed. Only a right code moves money."""
    visit = await _visit(request)
    if isinstance(visit, Response):
        return visit
    gateway, order = visit.world.gateway, visit.order
    if not gateway.is_open(order, now=visit.now):
        return _ended(visit)
    if not order.awaits_code:
        return RedirectResponse(_card_address(visit), status_code=303)
    if request.method == "GET":
        return _show_code(visit)
    if "cancel" in visit.values:
        gateway.cancel(order, now=visit.now)
        return _back_to_merchant(visit)
    if visit.values.keys() & {names.resend for names in _CODE_PAGES}:
        sent = gateway.send_another_code(order, now=visit.now)
        return _show_code(visit, notice="another_code_sent" if isinstance(sent, CodeSent) else "")
    return _take_code(visit)


def _take_card(visit: Visit, form: CardForm) -> Response:
    client = visit.request.client
    answer = visit.world.gateway.give_card(
        visit.order,
        pan=form.pan,
        expiry=form.expiry,
        cvv2=form.cvv2,
        holder=form.holder,
        payer_ip=client.host if client else "",
        now=visit.now,
    )
    match answer:
        case CodeSent():
            return RedirectResponse(_code_address(visit), status_code=303)
        case RefusedMayRetry():
            return _show_card(visit, CardForm(refused=True))
        case Ended() | NotNow():
            return _back_to_merchant(visit)
        case _:
            assert_never(answer)


def _take_code(visit: Visit) -> Response:
    typed = (visit.values.get(names.code) for names in _CODE_PAGES)
    code = _western_digits(next(filter(None, typed), ""))
    answer = visit.world.gateway.give_code(visit.order, code=code, now=visit.now)
    match answer:
        case WrongCode(attempts_left=left):
            return _show_code(visit, problem="wrong_code", attempts_left=left)
        case CodeExpired():
            return _show_code(visit, problem="code_expired")
        case Stalled():
            return _gone(visit.request, "over_stalled", status=200, back=visit.way_back, language=visit.language)
        case RefusedMayRetry():
            return RedirectResponse(_card_address(visit), status_code=303)
        case Ended() | NotNow():
            return _back_to_merchant(visit)
        case _:
            assert_never(answer)


# Where the payer goes next


def _back_to_merchant(visit: Visit) -> Response:
    lost = visit.world.faults.draw(
        Moment.REDIRECT, kinds={Kind.REDIRECT_LOST}, occasion=occasion_of(visit.order, call="page")
    )
    if lost is not None:
        return _gone(visit.request, "redirect_lost", status=lost.status or 502, language=visit.language)
    return RedirectResponse(visit.way_back, status_code=303)


def _ended(visit: Visit) -> Response:
    """A page whose time has passed. A form that comes once more leads back; an address opened again explains."""
    order = visit.order
    if order.authorises_at:
        key = "over_stalled"
    elif visit.request.method == "POST":
        return _back_to_merchant(visit)
    elif order.state in AUTHORISED_STATES:
        key = "over_paid"
    elif order.state is State.REGISTERED or order.outcome in {TIMED_OUT, AUTHENTICATION_FAILED}:
        key = "over_time"
    else:
        key = "over_declined"
    return _gone(visit.request, key, status=403, back=visit.way_back, language=visit.language)


def _gone(request: Request, key: str, *, status: int, back: str = "", language: str = "") -> Response:
    values = {"key": key, "back": back}
    return page(request, "gone.html", values, language=language or language_of(request), status=status)


def _code_address(visit: Visit) -> str:
    return f"{CODE_PAGE}?mdOrder={visit.order.md_order}&language={visit.language}"


def _card_address(visit: Visit) -> str:
    merchant = visit.world.gateway.merchants.find(visit.order.merchant)
    return visit.world.card_path(visit.order, merchant, language=visit.language) if merchant else "/"


# The pages themselves


def _show_card(visit: Visit, form: CardForm, *, status: int = 200) -> Response:
    this_year = local_time(visit.now).year
    return _show(
        visit,
        "card.html",
        {
            "form": form,
            "months": [f"{month:02d}" for month in range(1, 13)],
            "years": [str(year) for year in range(_OLDEST_YEAR, this_year + _YEARS_AHEAD)],
            "older_wire": visit.wire is Wire.A,
        },
        status=status,
    )


def _show_code(visit: Visit, *, problem: str = "", notice: str = "", attempts_left: int = 0) -> Response:
    card = visit.world.gateway.issuer.find_card(visit.order.card_pan)
    code_by = visit.world.gateway.settings.code_by
    phone = card.phone if card else ""
    names = _PRESENT
    if visit.wire is Wire.A:
        names = _OLDER_POST if card is not None and card.brand == "Edahabia" else _OLDER_BANK
    return _show(
        visit,
        "code.html",
        {
            "names": names,
            "by_sms": code_by is not CodeBy.PASSWORD,
            "password": card.password if card and code_by is CodeBy.EITHER else "",
            "problem": problem,
            "notice": notice,
            "attempts_left": attempts_left,
            "phone": phone,
            "phone_hidden": f"{phone[:4]} •• •• {phone[-2:]}",
            "date": local_time(visit.now).strftime("%d.%m.%Y"),
            "address": _code_address(visit),
            "more_codes": visit.order.codes_sent < visit.world.gateway.settings.codes_per_order,
        },
        status=422 if problem else 200,
    )


def _show(visit: Visit, template: str, values: Mapping[str, Any], *, status: int) -> Response:
    shared = {"order": visit.order, "merchant_name": visit.merchant_name, "seconds_left": visit.seconds_left}
    return page(
        visit.request,
        template,
        shared | dict(values),
        language=visit.language,
        status=status,
        form_origins=(visit.order.return_url, visit.order.fail_url),
    )


# Reading the request


async def _visit(request: Request) -> Visit | Response:
    """The visit, or the answer where none takes place: no such order, or a fault that was planned."""
    world = world_of(request)
    values, now = await values_of(request), world.clock.now()
    if world.faults.outage(now=now):
        return OnTheWire(NO_ANSWER)
    order = world.gateway.find_order(values.get("mdOrder", ""))
    if order is None:
        return _gone(request, "over_unknown", status=404)
    named = request.path_params.get("page_language", "")  # on the older wire the page's own name says it
    language = language_of(request, otherwise=named if named in LANGUAGES else order.language)
    visit = Visit(request=request, world=world, order=order, language=language, values=values, now=now)
    return _fault(visit) or visit


def _fault(visit: Visit) -> Response | None:
    fault = visit.world.faults.draw(Moment.PAGE, kinds=PAGE_KINDS, occasion=occasion_of(visit.order, call="page"))
    if fault is None:
        return None
    if fault.kind is Kind.STATUS:
        status = fault.status or 502
        return OnTheWire(Answer(status=status, body=f"<h1>{status}</h1>", content_type=HTML))
    return OnTheWire(Answer(send_fraction=0.0, after_seconds=fault.seconds if fault.kind is Kind.TIME_OUT else 0.0))


def _is_own_page(visit: Visit) -> bool:
    merchant = visit.world.gateway.merchants.find(visit.order.merchant)
    return merchant is not None and merchant.page_name == visit.request.path_params["merchant"]


def _western_digits(typed: str) -> str:
    """What was typed with its digits as 0 to 9 and without spaces, whatever the keyboard."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed if not sign.isspace())


routes = [
    Route("/payment/epg/merchants/{merchant}/payment.html", card_page, methods=["GET", "POST"]),
    Route("/payment/merchants/{merchant}/payment_{page_language}.html", card_page, methods=["GET", "POST"]),
    Route(CODE_PAGE, code_page, methods=["GET", "POST"]),
]
