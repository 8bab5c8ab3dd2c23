"""The acceptance list's card holder at the gateway's pages: both generations, and lists that a script has replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route

from bawabati.jobs.acceptance.deck import PUBLISHED, Card, read_deck
from bawabati.jobs.acceptance.gateway_page import GatewayPage, NumberNotTaken

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

CARDS = {card.id: card for card in read_deck(PUBLISHED)}
GOOD = CARDS["accepted-1"]
ELSEWHERE = "https://gateway.example/payment/epg/merchants/m/payment.html?mdOrder=V721uPPfNNofVQAAABL3&language=fr"
REPLACED_LISTS = """<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Paiement</title>
<form id="formPayment" action="/acs/api/3ds/form" method="get">
<input name="pan_visible" id="pan_visible"><input type="hidden" id="iPAN" name="iPAN">
<select id="month" name="month" style="display:none"><option value=""></option><option value="01">01</option></select>
<select id="year" name="year" style="display:none"><option value=""></option><option value="2027">2027</option></select>
<input id="iCVC" name="iCVC"><input id="iTEXT" name="iTEXT">
<button id="buttonPayment" disabled>Payer</button><a href="https://shop.example/back?cancelled=1">Annuler</a></form>
<script>
for (const name of ["month", "year"]) {
  const list = document.getElementById(name);
  list.selectize = { setValue(value) { list.value = value; check(); } };
}
function check() {
  const filled = ["pan_visible", "month", "year", "iCVC"].every((name) => document.getElementById(name).value);
  document.getElementById("buttonPayment").disabled = !filled;
}
document.addEventListener("input", check);
</script>"""
PASSWORD_PAGE = """<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Authentification</title>
<form action="https://shop.example/back"><input name="passwordEdit" type="password">
<input type="submit" name="SendPayment2" value="Valider"></form>"""


@pytest.fixture
def at(sandbox: Sandbox, new_page: Callable[..., Page]) -> Callable[[str], GatewayPage]:
    home = sandbox.told["http_url"]
    sandbox.settings(code_by="password")

    def arrive(wire: str) -> GatewayPage:
        order = sandbox.register(wire=wire, returnUrl=f"{home}/?back=1", failUrl=f"{home}/?failed=1")
        page = new_page(language="fr")
        page.goto(order.form_url)
        gateway = GatewayPage(page, is_back=lambda: page.url.startswith((f"{home}/?back", f"{home}/?failed")))
        assert gateway.reference == order.md_order
        return gateway

    return arrive


@pytest.mark.parametrize("wire", ["A", "B"])
def test_a_card_and_its_static_password_pay(at: Callable[[str], GatewayPage], sandbox: Sandbox, wire: str) -> None:
    gateway = at(wire)
    assert gateway.give_card(GOOD)
    assert gateway.give_password("000000"), "a wrong password stays on its page"
    assert not gateway.give_password(GOOD.password)
    assert sandbox.control("GET", f"orders/{gateway.reference}")["state"] == "deposited"


@pytest.mark.parametrize("wire", ["A", "B"])
def test_cancelling_leads_back(at: Callable[[str], GatewayPage], sandbox: Sandbox, wire: str) -> None:
    gateway = at(wire)
    gateway.cancel()
    assert sandbox.control("GET", f"orders/{gateway.reference}")["outcome"] == "cancelled"


def test_a_card_that_the_page_itself_refuses_is_told_apart(at: Callable[[str], GatewayPage]) -> None:
    with pytest.raises(NumberNotTaken):
        at("B").give_card(CARDS["unknown-card"])


@pytest.fixture
def elsewhere(new_page: Callable[..., Page]) -> Page:
    """A page as integrators saw the real one, its lists replaced by a script; whoever leaves it stands in a shop."""
    page = new_page(language="fr")

    def answer(route: Route) -> None:
        url = route.request.url
        body = PASSWORD_PAGE if "/acs/" in url else REPLACED_LISTS if "gateway" in url else "<h1>Boutique</h1>"
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto(ELSEWHERE)
    return page


def back_in_the_shop(page: Page) -> Callable[[], bool]:
    return lambda: page.url.startswith("https://shop.example/")


@pytest.mark.parametrize("card", [GOOD, CARDS["balance"]])
def test_lists_that_a_script_has_replaced_are_chosen_from_all_the_same(elsewhere: Page, card: Card) -> None:
    gateway = GatewayPage(elsewhere, is_back=back_in_the_shop(elsewhere))
    assert gateway.reference == "V721uPPfNNofVQAAABL3"
    assert gateway.give_card(card)
    assert not gateway.give_password(card.password)


def test_a_link_may_cancel_as_well_as_a_button(elsewhere: Page) -> None:
    GatewayPage(elsewhere, is_back=back_in_the_shop(elsewhere)).cancel()
    assert "cancelled=1" in elsewhere.url


def test_a_year_that_the_page_does_not_offer_is_a_card_that_it_does_not_take(elsewhere: Page) -> None:
    with pytest.raises(NumberNotTaken):
        GatewayPage(elsewhere, is_back=back_in_the_shop(elsewhere)).give_card(CARDS["expired"])
