"""The payer's pages, filled in without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    import httpx
    from tests.sandbox.conftest import Sandbox

GOOD = "6280581110007215"


def way_back(answer: httpx.Response) -> tuple[str, dict[str, list[str]]]:
    """Where a redirect leads: the path, and the query."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return parts.path, parse_qs(parts.query)


def test_a_payment_goes_from_card_to_code_to_the_merchant(sandbox: Sandbox) -> None:
    order = sandbox.register()
    page = sandbox.http.get(order.form_url)
    assert page.status_code == 200
    for name in ("pan_visible", "iPAN", "iCVC", "month", "year", "iTEXT", "expiry", "formPayment", "buttonPayment"):
        assert f'name="{name}"' in page.text
    assert "1\u00a0430.50" in page.text
    order.give_card()
    code_page = sandbox.http.get(order.code_address)
    assert 'name="passwordEdit"' in code_page.text
    assert 'name="SendPayment2"' in code_page.text
    assert "7215" in code_page.text
    path, query = way_back(order.give_code())
    assert path == "/back"
    assert query == {"token": ["a1"], "lang": ["fr"], "orderId": [order.md_order]}
    assert order.result()["OrderStatus"] == 2


def test_nothing_is_debited_before_the_code(sandbox: Sandbox) -> None:
    before = sandbox.balance()
    order = sandbox.register()
    order.give_card()
    assert sandbox.balance() == before
    assert order.result()["OrderStatus"] == 0
    order.give_code()
    assert sandbox.balance() == before - 143050
    entries = sandbox.control("GET", "accounts/CIB-007215/entries")["entries"]
    assert [entry["centimes"] for entry in entries if entry["md_order"] == order.md_order] == [-143050]


def test_the_code_may_be_typed_with_arabic_digits_and_spaces(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card(pan_visible="٦٢٨٠ ٥٨١١ ١٠٠٠ ٧٢١٥", iCVC="٣٧٣")
    typed = order.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    order.give_code(f" {typed[:3]} {typed[3:]} ")
    assert order.result()["OrderStatus"] == 2


def test_a_wrong_code_may_be_tried_again(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    assert order.give_code(order.wrong_code()).status_code == 422
    assert order.give_code(order.wrong_code()).status_code == 422
    order.give_code()
    assert order.result()["OrderStatus"] == 2


def test_three_wrong_codes_lock_the_card(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    wrong = order.wrong_code()
    order.give_code(wrong)
    order.give_code(wrong)
    assert way_back(order.give_code(wrong))[0] == "/not-paid"
    result = order.result()
    assert (result["actionCode"], result["OrderStatus"]) == (2003, 6)
    assert "params" not in result
    next_order = sandbox.register()
    assert way_back(next_order.give_card())[0] == "/not-paid"
    assert next_order.result()["actionCode"] == 2003
    sandbox.control("POST", f"cards/{GOOD}/unlock")
    third = sandbox.register()
    third.pay()
    assert third.result()["OrderStatus"] == 2


def test_another_code_makes_the_first_one_worthless(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    first = order.code()
    assert order.give_code(resend="1").status_code == 200
    second = order.code()
    if first != second:
        assert order.give_code(first).status_code == 422
    order.give_code(second)
    assert order.result()["OrderStatus"] == 2


def test_codes_are_not_sent_without_end(sandbox: Sandbox) -> None:
    sandbox.settings(codes_per_order=2)
    order = sandbox.register()
    order.give_card()
    for _ in range(4):
        order.give_code(resend="1")
    assert len(sandbox.control("GET", f"sms?md_order={order.md_order}")["sms"]) == 2
    assert "resend" not in sandbox.http.get(order.code_address).text


def test_a_code_that_comes_too_late_debits_nothing(sandbox: Sandbox) -> None:
    sandbox.settings(code_seconds=60)
    order = sandbox.register()
    order.give_card()
    sandbox.advance(61)
    assert order.give_code().status_code == 422
    assert order.books()["captured_centimes"] == 0
    order.give_code(resend="1")
    order.give_code()
    assert order.result()["OrderStatus"] == 2


def test_cancelling_on_the_card_page_goes_to_the_fail_address(sandbox: Sandbox) -> None:
    order = sandbox.register()
    answer = sandbox.http.post(order.form_url, data={"mdOrder": order.md_order, "cancel": "1"})
    assert way_back(answer) == ("/not-paid", {"lang": ["fr"], "orderId": [order.md_order]})
    result = order.result()
    assert (result["actionCode"], result["OrderStatus"], result["ErrorCode"]) == (342034, 6, "2")
    assert not {"expiration", "cardholderName", "params", "SvfeResponse"} & set(result)


def test_cancelling_on_the_older_wire_has_its_own_code(sandbox: Sandbox) -> None:
    order = sandbox.register(wire="A")
    sandbox.http.post(order.form_url, data={"mdOrder": order.md_order, "cancel": "1"})
    result = order.result()
    assert (result["actionCode"], result["ErrorCode"], result["ErrorMessage"]) == (10, "3", "Payment is cancelled")


def test_leaving_the_code_page_is_a_failed_authentication(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    assert way_back(order.give_code(cancel="1"))[0] == "/not-paid"
    result = order.result()
    assert (result["actionCode"], result["actionCodeDescription"]) == (-2006, "TDS_AUTH_FAILED")


def test_a_page_whose_time_is_over_takes_no_card(sandbox: Sandbox) -> None:
    sandbox.settings(page_seconds=30)
    order = sandbox.register()
    sandbox.advance(31)
    opened = sandbox.http.get(order.form_url)
    assert opened.status_code == 403
    assert "/not-paid?lang=fr&amp;orderId=" in opened.text
    assert way_back(order.give_card())[0] == "/not-paid"
    assert order.result()["actionCode"] == -2007


def test_a_page_that_ends_while_the_code_is_awaited_is_a_failed_authentication(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    code = order.code()
    sandbox.advance(601)
    assert way_back(order.give_code(code))[0] == "/not-paid"
    assert order.result()["actionCode"] == -2006
    assert order.books()["captured_centimes"] == 0


def test_a_page_end_may_leave_the_order_registered(sandbox: Sandbox) -> None:
    sandbox.settings(after_page_end="registered")
    order = sandbox.register()
    sandbox.advance(601)
    assert sandbox.http.get(order.form_url).status_code == 403
    assert order.result()["OrderStatus"] == 0


def test_a_finished_page_explains_itself_and_leads_back(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    opened = sandbox.http.get(order.form_url)
    assert opened.status_code == 403
    assert "/back?token=a1&amp;lang=fr" in opened.text


def test_the_code_sent_twice_debits_once(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    code = order.code()
    assert way_back(order.give_code(code))[0] == "/back"
    assert way_back(order.give_code(code))[0] == "/back"
    assert order.books()["captured_centimes"] == 143050


def test_the_code_page_without_a_card_leads_to_the_card_page(sandbox: Sandbox) -> None:
    order = sandbox.register()
    answer = sandbox.http.get(order.code_address)
    assert answer.status_code == 303
    assert sandbox.http.get(answer.headers["location"]).status_code == 200


def test_an_unknown_order_has_no_page(sandbox: Sandbox) -> None:
    assert sandbox.http.get("/payment/epg/merchants/oran/payment.html?mdOrder=nobody").status_code == 404
    assert sandbox.http.get("/acs/api/3ds/form?mdOrder=nobody").status_code == 404
    order = sandbox.register()
    assert sandbox.http.get(order.form_url.replace("/oran/", "/tafna/")).status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_pages_speak_the_language_of_the_order(sandbox: Sandbox, language: str) -> None:
    order = sandbox.register(language=language.upper())
    page = sandbox.http.get(order.form_url).text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert {"ar": "ليس حقيقيًا", "fr": "CECI N&#39;EST PAS RÉEL", "en": "NOT REAL"}[language] in page


def test_the_pages_let_nothing_foreign_in_but_let_the_payer_out(sandbox: Sandbox) -> None:
    order = sandbox.register()
    policy = sandbox.http.get(order.form_url).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://merchant.example;" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pan_visible": "6280581110007216"}, "Numéro de carte incorrect"),
        ({"pan_visible": ""}, "Numéro de carte incorrect"),
        ({"month": "13"}, "Choisissez le mois"),
        ({"year": ""}, "Choisissez le mois"),
        ({"iCVC": "12"}, "trois chiffres"),
        ({"iTEXT": "x"}, "Écrivez le nom"),
    ],
)
def test_a_typing_error_is_said_and_the_rest_is_kept(sandbox: Sandbox, changes: dict[str, str], words: str) -> None:
    order = sandbox.register()
    answer = order.give_card(**changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "373" not in answer.text.replace("6280 5811 1000 7215", "")
    if "iTEXT" not in changes:
        assert 'value="CARD HOLDER"' in answer.text
    assert order.result()["actionCode"] == -100


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["pan_visible", "iPAN", "month", "year", "iCVC", "iTEXT", "mdOrder", "language"]),
    value=st.text(max_size=60),
)
def test_no_value_breaks_the_card_page(sandbox: Sandbox, name: str, value: str) -> None:
    order = sandbox.register()
    assert order.give_card(**{name: value}).status_code < 500


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_no_code_breaks_the_code_page(sandbox: Sandbox, typed: str) -> None:
    order = sandbox.register()
    order.give_card()
    assert order.give_code(typed).status_code < 500
    assert order.books()["captured_centimes"] in {0, 143050}


def test_the_published_password_confirms_as_the_code_from_the_phone_does(sandbox: Sandbox) -> None:
    order = sandbox.register()
    order.give_card()
    assert "123456" in sandbox.http.get(order.code_address).text
    order.give_code("123456")
    assert order.result()["OrderStatus"] == 2


def test_only_the_password_may_confirm(sandbox: Sandbox) -> None:
    sandbox.settings(code_by="password")
    order = sandbox.register()
    order.give_card()
    page = sandbox.http.get(order.code_address).text
    assert "Mot de passe de la carte" in page
    assert "/phone/0500007215" not in page
    assert sandbox.control("GET", f"sms?md_order={order.md_order}")["sms"] == []
    assert order.give_code("", resend="1").status_code == 200
    assert order.give_code("654321").status_code == 422
    assert way_back(order.give_code("123456"))[0] == "/back"
    assert order.books()["captured_centimes"] == 143050


def test_only_the_code_from_the_phone_may_confirm(sandbox: Sandbox) -> None:
    sandbox.settings(code_by="sms")
    order = sandbox.register()
    order.give_card()
    assert "123456" not in sandbox.http.get(order.code_address).text
    if order.code() != "123456":
        assert order.give_code("123456").status_code == 422
    assert way_back(order.give_code())[0] == "/back"


@pytest.mark.parametrize(("pan", "field"), [(GOOD, "pwdInputMasked"), ("9999000000010003", "pwdInputVisible")])
def test_the_older_code_page_has_the_fields_that_automatic_payers_know(sandbox: Sandbox, pan: str, field: str) -> None:
    order = sandbox.register(wire="A")
    order.give_card(pan)
    page = sandbox.http.get(order.code_address).text
    for name in ("authForm", field, "sendPasswordButton", "submitPasswordButton"):
        assert f'id="{name}"' in page
    first = order.code()
    assert order.give_code(sendPasswordButton="1").status_code == 200
    assert len(sandbox.control("GET", f"sms?md_order={order.md_order}")["sms"]) == 2
    assert 'class="alert errorMessage"' in order.give_code(**{field: f"{first}0"}).text
    answer = order.give_code(**{field: order.code(), "submitPasswordButton": "1"})
    assert way_back(answer)[0] == "/back"
    assert order.result()["OrderStatus"] == 2
