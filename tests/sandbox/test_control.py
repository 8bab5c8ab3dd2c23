from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_an_order_is_paid_in_one_call_through_the_same_steps(sandbox: Sandbox) -> None:
    order = sandbox.register()
    told = sandbox.control("POST", "pay", {"mdOrder": order.md_order, "card": "6280581110007215"})
    assert (told["answer"], told["state"], told["outcome"]) == ("Ended", "deposited", "accepted")
    assert told["redirect_url"] == f"http://merchant.example/back?token=a1&lang=fr&orderId={order.md_order}"
    assert len(sandbox.control("GET", "sms")["sms"]) == 1
    again = sandbox.control("POST", "pay", {"mdOrder": order.md_order})
    assert again["answer"] == "NotNow"
    assert order.books()["captured_centimes"] == 143050


@pytest.mark.parametrize(
    ("more", "answer"),
    [({"code": "nothing"}, "WrongCode"), ({"card": "6280581110006712"}, "Ended"), ({"card": "1"}, "Ended")],
)
def test_paying_in_one_call_may_fail_like_on_the_pages(sandbox: Sandbox, more: dict[str, str], answer: str) -> None:
    order = sandbox.register()
    told = sandbox.control("POST", "pay", {"mdOrder": order.md_order, **more})
    assert told["answer"] == answer
    assert order.books()["captured_centimes"] == 0


def test_orders_are_listed_beside_the_issuers_books(sandbox: Sandbox) -> None:
    first, second = sandbox.paid(), sandbox.register()
    listed = sandbox.control("GET", "orders")
    assert [each["md_order"] for each in listed["orders"]] == [second.md_order, first.md_order]
    assert [each["captured_centimes"] for each in listed["orders"]] == [0, 143050]
    assert sandbox.control("GET", f"orders?order_number={first.number}")["count"] == 1
    assert sandbox.control("GET", "orders?merchant=nobody")["count"] == 0
    assert len(sandbox.control("GET", "orders?limit=1")["orders"]) == 1


def test_every_balance_is_the_sum_of_its_entries(sandbox: Sandbox) -> None:
    sandbox.paid().refund(5_000)
    sandbox.paid()
    for account in sandbox.control("GET", "accounts")["accounts"]:
        entries = sandbox.control("GET", f"accounts/{account['number']}/entries")["entries"]
        assert sum(entry["centimes"] for entry in entries) == account["balance_centimes"]


def test_the_clock_can_be_set_advanced_and_put_right(sandbox: Sandbox) -> None:
    sandbox.control("POST", "clock", {"now": "2030-01-01T00:00:00+01:00"})
    assert sandbox.register().books()["registered_at"].startswith("2029-12-31T23:00:0")
    sandbox.advance(86400)
    assert sandbox.register().books()["registered_at"].startswith("2030-01-01T23:00:0")
    assert sandbox.control("POST", "clock", {"reset": True})["shift_seconds"] == 0


def test_settings_are_read_changed_and_put_back_by_a_reset(sandbox: Sandbox) -> None:
    sandbox.settings(page_seconds=7, auto_cancel_gives_back=False, auto_cancel_seconds=None)
    told = sandbox.control("GET", "settings")
    assert (told["page_seconds"], told["auto_cancel_gives_back"], told["auto_cancel_seconds"]) == (7, False, None)
    sandbox.control("POST", "reset")
    assert sandbox.control("GET", "settings")["page_seconds"] == 600


def test_a_reset_is_the_first_day(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    sandbox.control("POST", "cards/6280581110007215/lock")
    sandbox.control("POST", "reset")
    assert sandbox.control("GET", "orders") == {"count": 0, "orders": []}
    assert sandbox.control("GET", "sms")["sms"] == []
    assert sandbox.balance() == 100_000_000_000
    assert not any(card["locked"] for card in sandbox.control("GET", "cards")["cards"])
    assert sandbox.http.get(f"/control/orders/{order.md_order}").status_code == 404


def test_no_password_is_shown(sandbox: Sandbox) -> None:
    assert "sandbox-oran-1" not in sandbox.http.get("/control/merchants").text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("settings", {"page_seconds": "soon"}),
        ("settings", {"page_seconds": -1}),
        ("settings", {"page_seconds": True}),
        ("settings", {"codes_per_order": 0}),
        ("settings", {"auto_cancel_gives_back": "perhaps"}),
        ("settings", {"deck": "marked"}),
        ("settings", {"after_page_end": []}),
        ("settings", {"unknown": 1}),
        ("clock", {"now": "yesterday"}),
        ("clock", {"now": "2030-01-01T00:00:00"}),
        ("clock", {"advance_seconds": "1"}),
        ("clock", {"advance_seconds": 1e300}),
        ("clock", {"wish": 1}),
        ("faults/drawn", {"seed": 1}),
        ("faults/drawn", {"seed": 1, "rates": {"close": 7}}),
        ("faults/drawn", {"seed": "x", "rates": {"close": 0.1}}),
        ("merchants", {"user_name": "X"}),
        ("merchants", {"user_name": "X", "password": "x", "terminals": ["E"], "wire": "C"}),
        ("merchants", {"user_name": "X", "password": "x", "terminals": 7}),
        ("merchants", {"user_name": 7, "password": "x", "terminals": ["E"]}),
        ("merchants", {"user_name": "X", "password": 7, "terminals": ["E"]}),
        ("merchants", {"user_name": "X", "password": "x", "terminals": ["E"], "names": "x"}),
        ("accounts/CIB-007215/entries", {"centimes": 0.5}),
        ("accounts/CIB-007215/entries", {}),
        ("pay", {"mdOrder": 7}),
        ("pay", {"mdOrder": "x", "wish": 1}),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(sandbox: Sandbox, path: str, body: dict[str, Any]) -> None:
    answer = sandbox.http.post(f"/control/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"kind": "\\ud83d"}', b"7", b"[" * 5000])
def test_what_is_not_an_object_is_refused(sandbox: Sandbox, body: bytes) -> None:
    assert sandbox.http.post("/control/faults", content=body).status_code == 422


@pytest.mark.parametrize(
    "path", ["orders/nobody", "accounts/nobody/entries", "mails/7", "cards/7/lock", "cards/6280581110007215/burn"]
)
def test_what_is_not_there_is_said_so(sandbox: Sandbox, path: str) -> None:
    method = "POST" if path.startswith("cards") else "GET"
    answer = sandbox.http.request(method, f"/control/{path}")
    assert (answer.status_code, list(answer.json())) == (404, ["error"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["settings", "clock", "faults", "faults/drawn", "merchants", "pay"]),
    body=st.dictionaries(
        st.sampled_from(["now", "advance_seconds", "kind", "seed", "rates", "user_name", "mdOrder", "page_seconds"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
            max_leaves=4,
        ),
        max_size=4,
    ),
)
def test_no_request_breaks_the_control_api(sandbox: Sandbox, path: str, body: dict[str, Any]) -> None:
    assert sandbox.http.post(f"/control/{path}", json=body).status_code < 500


def test_another_site_controls_nothing(sandbox: Sandbox) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert sandbox.http.post("/control/reset", headers=headers).status_code == 403
    assert sandbox.http.post("/control/", data={"do": "reset"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "form",
    [
        {"do": "advance", "seconds": "60"},
        {"do": "settings", "page_seconds": "60", "auto_cancel_seconds": "never"},
        {"do": "fault", "kind": "close", "call": "refund.do", "times": "1", "seconds": "3", "effect": "yes"},
        {"do": "remove_fault", "identifier": "fault-1"},
        {"do": "unlock", "card": "6280581110007215"},
        {"do": "reset"},
    ],
)
def test_people_control_by_a_page(sandbox: Sandbox, form: dict[str, str]) -> None:
    assert sandbox.http.post("/control/", data=form).status_code == 303
    assert sandbox.http.get("/control/").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"do": "advance", "seconds": "soon"},
        {"do": "advance", "seconds": "1e400"},
        {"do": "settings", "page_seconds": "soon"},
        {"do": "fault", "kind": "earthquake"},
        {"do": "fault", "kind": "close", "times": "nan"},
        {"do": "dance"},
        {},
    ],
)
def test_the_control_page_says_what_it_cannot_do(sandbox: Sandbox, form: dict[str, str]) -> None:
    answer = sandbox.http.post("/control/", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
