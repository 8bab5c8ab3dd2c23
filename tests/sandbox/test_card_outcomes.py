"""Each card of the deck, on both wires, from the card page to the result call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

ACCEPTED = ("00", 0, 2)

# card, (respCode, actionCode, OrderStatus) on the present wire, the same on the older one
OUTCOMES = [
    ("6280581110007215", ACCEPTED, ACCEPTED),
    ("6280580610061011", ACCEPTED, ACCEPTED),
    ("6280581110006712", ("37", 119, 6), ("37", 203, 6)),
    ("6280581110006316", ("41", 126, 6), ("41", 208, 6)),
    ("6280581110006415", ("43", 127, 6), ("43", 209, 6)),
    ("6280581110006613", ("AD", 100882, 6), ("AD", -1, 6)),
    ("6280580610061219", ACCEPTED, ("61", 121, 6)),
    ("6280580610061110", ("51", 116, 6), ("51", 116, 6)),
    ("6280581110006514", ("AB", 140, 6), ("AB", 111, 6)),
    ("6280580610061318", (None, 2003, 6), (None, 2003, 6)),
    ("6280581110007017", (None, 2003, 6), (None, 2003, 6)),
    ("6280581110007116", ("AE", 100254, 6), ("AE", -1, 6)),
    ("6280581110007314", ACCEPTED, ("05", -2006, 6)),
    ("6280580610056615", ACCEPTED, ("33", 101, 6)),
    ("9999000000010003", ACCEPTED, ACCEPTED),
    ("9999000000020002", ("51", 116, 6), ("51", 116, 6)),
    ("9999000000030001", ("61", 121, 6), ("61", 121, 6)),
    ("4000000000000002", (None, 2003, 6), ("62", 125, 6)),
]


@pytest.mark.parametrize("wire", ["B", "A"])
@pytest.mark.parametrize(("card", "on_b", "on_a"), OUTCOMES, ids=[case[0][-4:] for case in OUTCOMES])
def test_a_card_ends_as_its_deck_says(
    sandbox: Sandbox, wire: str, card: str, on_b: tuple[str | None, int, int], on_a: tuple[str | None, int, int]
) -> None:
    response_code, action_code, status = on_a if wire == "A" else on_b
    order = sandbox.register(wire=wire)
    order.pay(card)
    result = order.result()
    assert (result["OrderStatus"], result["actionCode"]) == (status, action_code)
    assert (result.get("params") or {}).get("respCode") == response_code
    assert result.get("SvfeResponse") == response_code
    paid = status == 2
    assert result["depositAmount"] == (143050 if paid else 0)
    assert order.books()["captured_centimes"] == (143050 if paid else 0)
    assert result["ErrorCode"] == ("0" if paid else "3" if wire == "A" else "2")


def test_the_card_that_fails_the_check_digit_is_stopped_on_the_present_page(sandbox: Sandbox) -> None:
    order = sandbox.register()
    assert order.give_card("6280581110003927").status_code == 422
    assert order.result()["actionCode"] == -100


def test_the_card_that_fails_the_check_digit_is_unknown_on_the_older_wire(sandbox: Sandbox) -> None:
    order = sandbox.register(wire="A")
    order.pay("6280581110003927")
    assert order.result()["SvfeResponse"] == "62"


def test_the_printed_deck_can_be_asked_for_on_the_present_wire(sandbox: Sandbox) -> None:
    sandbox.settings(deck="printed")
    order = sandbox.register()
    order.pay("6280580610056615")
    assert order.result()["SvfeResponse"] == "33"


@pytest.mark.parametrize(("change", "response_code"), [({"iCVC": "999"}, "AB"), ({"year": "2029"}, "AD")])
def test_a_good_card_with_a_wrong_detail_is_refused(
    sandbox: Sandbox, change: dict[str, str], response_code: str
) -> None:
    order = sandbox.register()
    order.pay(**change)
    assert order.result()["SvfeResponse"] == response_code


def test_a_good_card_whose_account_runs_dry_is_refused(sandbox: Sandbox) -> None:
    account = "CIB-061011"
    sandbox.control("POST", f"accounts/{account}/entries", {"centimes": -(sandbox.balance(account) - 143049)})
    order = sandbox.register()
    order.pay("6280580610061011")
    assert order.result()["SvfeResponse"] == "51"
    sandbox.control("POST", f"accounts/{account}/entries", {"centimes": 1})
    again = sandbox.register()
    again.pay("6280580610061011")
    assert again.result()["OrderStatus"] == 2
    assert sandbox.balance(account) == 0
