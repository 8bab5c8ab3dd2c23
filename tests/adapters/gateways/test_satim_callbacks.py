"""Callbacks as the adapter reads them; the sandbox, which knows nothing of the adapter, signs some of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateways.satim_examples import ORDER, PAGE_URL, REFERENCE, satim
from adapters.gateways.scripted_gateway import ScriptedGateway, http
from bawabati.adapters.gateways.contract import MerchantAccount, Registered
from bawabati.adapters.gateways.satim.callback import is_signed
from bawabati.adapters.gateways.satim.gateway import Satim
from bawabati.errors import Broken
from sandbox.gateway.callbacks import checksum

KEY = "shared-with-the-gateway"
TOLD = {"mdOrder": REFERENCE, "orderNumber": "CMD0000004", "operation": "deposited", "status": "1"}


def signed(key: str = KEY, **changes: str) -> dict[str, str]:
    message = TOLD | changes
    return message | {"checksum": checksum(message, key=key)}


def test_without_a_key_a_callback_names_its_order_signed_or_not(outside: ScriptedGateway) -> None:
    with satim(outside) as gateway:
        assert gateway.read_callback(TOLD) == REFERENCE
        assert gateway.read_callback(signed("anything")) == REFERENCE


def test_with_a_key_only_what_is_signed_with_it_is_read(outside: ScriptedGateway) -> None:
    with satim(outside, callback_key=KEY) as gateway:
        assert gateway.read_callback(signed()) == REFERENCE
        assert gateway.read_callback(signed() | {"sign_alias": "any"}) == REFERENCE
        assert gateway.read_callback(signed() | {"checksum": signed()["checksum"].lower()}) == REFERENCE
        for forged in (
            TOLD,
            signed("not the key"),
            signed() | {"status": "0"},
            signed() | {"mdOrder": "x" * 20},
            signed() | {"more": "1"},
            signed() | {"checksum": ""},
            signed() | {"checksum": "é\ud800"},
        ):
            assert gateway.read_callback(forged) is None


@given(message=st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4), key=st.text(min_size=1))
def test_no_message_breaks_the_check_of_a_signature(message: dict[str, str], key: str) -> None:
    assert not is_signed(message, key=key) or "checksum" in message


def test_an_order_asks_to_be_called_back_only_where_the_account_says_so(outside: ScriptedGateway) -> None:
    outside.will_say(*[http({"errorCode": 0, "orderId": REFERENCE, "formUrl": PAGE_URL})] * 3)
    order = replace(ORDER, callback_url="https://portal.example/callback/7/")
    wishes: list[tuple[dict[str, str], str | None]] = [
        ({}, None),
        ({"callbacks": "no"}, None),
        ({"callbacks": "yes"}, order.callback_url),
    ]
    for options, sent in wishes:
        with satim(outside, **options) as gateway:
            assert isinstance(gateway.register(order), Registered)
        assert outside.requests[-1].form.get("dynamicCallbackUrl") == sent


def test_callbacks_are_yes_or_no() -> None:
    with pytest.raises(Broken, match="yes or no"):
        Satim(
            MerchantAccount(base_url="https://a.example/rest", user_name="u", password="p", options={"callbacks": "1"})
        )


def test_the_key_is_in_no_repr() -> None:
    account = MerchantAccount(base_url="https://a.example", user_name="u", password="p", options={"callback_key": KEY})
    assert KEY not in repr(account)
