"""What is played in the browser, once for all the lines that look at it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _
from playwright.sync_api import Error

from bawabati.jobs.acceptance.bills_to_pay import BillToPay, NoBillLeft
from bawabati.jobs.acceptance.codes import NotTheSandbox
from bawabati.jobs.acceptance.deck import Card, Scenario
from bawabati.jobs.acceptance.gateway_page import GatewayPage, NumberNotTaken
from bawabati.jobs.acceptance.lines import Picture, failed, not_checked
from bawabati.jobs.acceptance.records import Recorded
from bawabati.jobs.acceptance.said import say
from bawabati.jobs.acceptance.stage import LANGUAGES, Stage
from bawabati.jobs.acceptance.visit import BillRests, Visit, plain

Played = TypeVar("Played")

_WRONG_PASSWORDS: Final = ("000000", "111111")
_MOST_PASSWORDS: Final = 3
_BEFORE_THE_CARD: Final = _("The acquirer's page, before the card is typed")

_BUTTON: Final = """(button) => {
  const mark = button.querySelector("img");
  return {
    words: button.innerText,
    hasMark: Boolean(mark && mark.complete && mark.naturalWidth > 0 && mark.checkVisibility()),
    markSays: mark ? mark.alt : "",
  };
}"""
_SUM: Final = """() => {
  const sum = document.querySelector(".sum strong");
  if (!sum) return { words: "", isBold: false, isLarger: false };
  const ordinary = parseFloat(getComputedStyle(document.querySelector("main p.small") ?? document.body).fontSize);
  const style = getComputedStyle(sum);
  const isLarger = parseFloat(style.fontSize) > ordinary;
  return { words: sum.innerText, isBold: Number(style.fontWeight) >= 600, isLarger };
}"""
_FORM: Final = """(form) => {
  const terms = [...form.querySelectorAll("details")].map((details) => ({
    title: details.querySelector("summary")?.innerText ?? "",
    letters: (details.querySelector(".terms")?.textContent ?? "").replace(/\\s/g, "").length,
  }));
  const box = form.querySelector("[name=accept]");
  const button = form.querySelector("button.pay");
  const follows = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  return {
    terms,
    isUnticked: Boolean(box && !box.checked),
    isBeforeTheButton: Boolean(box && button && follows(box, button)),
    hasCaptcha: Boolean(form.querySelector("[data-captcha], [name=captcha_code]")),
  };
}"""
_WINDOW: Final = (
    "() => ({ isTop: window.top === window.self, frames: document.querySelectorAll('iframe, frame').length })"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The page that holds the pay button, before anything was pressed, and what pressing too early did."""

    bill: BillToPay
    page_text: str
    """Of the whole page, with what stands around its main part."""
    button: dict[str, Any]
    sum: dict[str, Any]
    form: dict[str, Any]
    window: dict[str, Any]
    headers: dict[str, str]
    starts_without_captcha: bool
    starts_without_terms: bool
    picture: Picture
    refused_picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A way through the acquirer's page and back. `visit` still stands on the page that it ended on."""

    visit: Visit
    card: Card | None
    bill: BillToPay
    recorded: Recorded
    is_receipt: bool
    text: str
    """Of the page's main part."""
    page_text: str
    """Of the whole page."""
    gateway_host: str
    gateway_is_top: bool
    gateway_frames: int
    before: tuple[Picture, ...] = field(default=())
    """Of the pages on the way."""
    picture: Picture
    """Of the page that it ended on."""
    stayed_after_wrong_password: bool = False

    @property
    def labels(self) -> list[str]:
        """The names of the receipt's lines."""
        return [plain(label) for label in self.visit.page.locator(".receipt dt").all_inner_texts()]


def review(stage: Stage) -> Review:
    """The page with the button that pays, in French."""
    return stage.once(("review",), lambda: _guarded(lambda: _with_a_bill(stage, _play_review, refuses=True)))


def accepted(stage: Stage, language: str) -> Outcome:
    """A payment that the acquirer accepts."""
    cards = stage.cards(accepted=True)
    return with_card(stage, cards[LANGUAGES.index(language) % len(cards)], language)


def with_card(stage: Stage, card: Card, language: str | None = None) -> Outcome:
    """A payment with that card, however it ends."""
    spoken = language or stage.language_of(card)

    def play(of_stage: Stage, visit: Visit, bill: BillToPay) -> Outcome:
        return _play_card(of_stage, visit, bill, card)

    return stage.once(
        ("card", card.id, spoken),
        lambda: _guarded(lambda: _with_a_bill(stage, play, refuses=not card.is_accepted, language=spoken)),
    )


def cancelled(stage: Stage) -> Outcome:
    """The payer cancels on the acquirer's page, in French."""
    return stage.once(("cancelled",), lambda: _guarded(lambda: _with_a_bill(stage, _play_cancelling, refuses=True)))


def _guarded(play: Callable[[], Played]) -> Played:
    """Turns what stops a scene into what that makes of its lines."""
    try:
        return play()
    except NoBillLeft as none_left:
        raise not_checked(
            say(
                _("No bill was left that can be paid now: name others with %(option)s, or wait an hour."),
                option="--payment-number",
            )
        ) from none_left
    except NotTheSandbox as error:
        raise not_checked(say(_("The code could not be read from the sandbox: %(why)s"), why=str(error))) from error
    except Error as error:
        first_line = str(error).partition("\n")[0]
        raise failed(say(_("The browser could not go on: %(why)s"), why=first_line)) from error


def _with_a_bill(
    stage: Stage, play: Callable[[Stage, Visit, BillToPay], Played], *, refuses: bool, language: str = LANGUAGES[0]
) -> Played:
    """Plays with one bill after another until the portal lets one be paid."""
    while True:
        bill = stage.bills.to_refuse() if refuses else stage.bills.to_pay()
        visit = stage.new_visit(language)
        try:
            visit.to_the_bill(bill)
            visit.to_the_review()
            return play(stage, visit, bill)
        except BillRests:
            visit.context.close()
            stage.bills.is_gone(bill)


def _play_review(_stage: Stage, visit: Visit, bill: BillToPay) -> Review:
    page = visit.page
    picture = visit.take(_("The last page before the acquirer's: amount, terms, captcha, the button that pays"))
    button = page.locator("button.pay").evaluate(_BUTTON)
    form = page.locator("form", has=page.locator("button.pay")).evaluate(_FORM)
    emphasised = page.evaluate(_SUM)
    page_text, window, headers = visit.whole_text(), page.evaluate(_WINDOW), visit.headers
    visit.accept_terms()
    starts_without_captcha = visit.try_to_pay()
    starts_without_terms = False
    if not starts_without_captcha:
        page.goto(page.url)
        if visit.solve_captcha():
            starts_without_terms = visit.try_to_pay()
    refused_picture = visit.take(_("The button pressed without accepting the terms"))
    visit.context.close()
    return Review(
        bill=bill,
        page_text=page_text,
        button=button,
        sum=emphasised,
        form=form,
        window=window,
        headers=headers,
        starts_without_captcha=starts_without_captcha,
        starts_without_terms=starts_without_terms,
        picture=picture,
        refused_picture=refused_picture,
    )


def _play_card(stage: Stage, visit: Visit, bill: BillToPay, card: Card) -> Outcome:
    gateway = _to_the_gateway(visit)
    where = _where(visit)
    # One page before the card looks like the other; a refusal is seen where it ends.
    before = (visit.take(_BEFORE_THE_CARD),) if card.is_accepted else ()
    stayed = False
    try:
        asks = gateway.give_card(card)
    except NumberNotTaken:
        picture = visit.take(_("The acquirer's page does not take this card's number or date"))
        with suppress(Error):
            gateway.cancel()
            stage.bills.was_refused(bill)
        raise not_checked(
            say(_("The acquirer's page refuses this card by itself (check digit or date), so that no bank was asked.")),
            pictures=[*before, picture],
        ) from None
    if asks and card.scenario is Scenario.WRONG_PASSWORD:
        stayed = gateway.give_password(_wrong_password(card))
        before = (*before, visit.take(_("The password page after a wrong password")))
        if stayed:
            gateway.cancel()
    elif asks and card.scenario is Scenario.THREE_WRONG_PASSWORDS:
        for _try in range(_MOST_PASSWORDS):
            if not gateway.give_password(_wrong_password(card)):
                break
    elif asks and gateway.give_password(stage.codes.code_for(card, gateway.reference)):
        stage.bills.is_gone(bill)  # its payment is still open
        picture = visit.take(_("The password page did not take the password"))
        raise not_checked(
            say(_("The acquirer's page did not take the password of this card: compare the deck.")), pictures=[picture]
        )
    return _outcome(stage, visit, bill, gateway, card=card, before=before, stayed=stayed, **where)


def _play_cancelling(stage: Stage, visit: Visit, bill: BillToPay) -> Outcome:
    gateway = _to_the_gateway(visit)
    where, before = _where(visit), (visit.take(_BEFORE_THE_CARD),)
    gateway.cancel()
    return _outcome(stage, visit, bill, gateway, card=None, before=before, **where)


def _to_the_gateway(visit: Visit) -> GatewayPage:
    visit.pay()
    return visit.to_the_gateway()


def _where(visit: Visit) -> dict[str, Any]:
    window = visit.page.evaluate(_WINDOW)
    return {
        "gateway_host": urlsplit(visit.page.url).netloc,
        "gateway_is_top": bool(window["isTop"]),
        "gateway_frames": int(window["frames"]),
    }


def _outcome(
    stage: Stage,
    visit: Visit,
    bill: BillToPay,
    gateway: GatewayPage,
    *,
    card: Card | None,
    stayed: bool = False,
    **rest: Any,  # noqa: ANN401 - fields of Outcome
) -> Outcome:
    is_receipt = visit.wait_for_the_end()
    if is_receipt:
        stage.bills.is_gone(bill)
    else:
        stage.bills.was_refused(bill)
    recorded = stage.records.find(gateway.reference)
    picture = _picture_of_the_end(visit, card, is_receipt=is_receipt)
    if recorded is None:
        raise failed(
            say(_("The portal has no payment of the order that was on the acquirer's page.")), pictures=[picture]
        )
    return Outcome(
        visit=visit,
        card=card,
        bill=bill,
        recorded=recorded,
        is_receipt=is_receipt,
        text=visit.text(),
        page_text=visit.whole_text(),
        picture=picture,
        stayed_after_wrong_password=stayed,
        **rest,
    )


def _picture_of_the_end(visit: Visit, card: Card | None, *, is_receipt: bool) -> Picture:
    if card is None:
        return visit.take(_("The page of a payment that the payer cancelled"))
    if is_receipt:
        return visit.take(_("The receipt, paid with card %(card)s"), card=card.masked)
    return visit.take(_("The page of a payment that was refused: %(card)s"), card=card.masked)


def _wrong_password(card: Card) -> str:
    return next(wrong for wrong in _WRONG_PASSWORDS if wrong != card.password)
