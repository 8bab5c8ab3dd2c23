"""Whatever bytes come back, an answer is a value that can be stored; and nothing but the three signs is a payment."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.gateways import satim_examples as examples
from adapters.gateways.satim_examples import ORDER, PAGE_URL, REFERENCE, REFUND_NAME, satim
from adapters.gateways.scripted_gateway import ScriptedGateway, http, scripted_gateway
from bawabati.adapters.gateways.breaker import Breaker
from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Paid,
    RefundAnswer,
    Refunded,
    RegisterAnswer,
    Registered,
    Said,
    Unknown,
)
from bawabati.adapters.gateways.satim.gateway import Satim
from bawabati.money.amount import Money

NAMES = sorted({*examples.PAID, *examples.EXTENDED_PAID, *examples.PAID["params"], "formUrl", "orderId", "pan", "IP"})  # type: ignore[misc]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**12, max_value=10**40)
    | st.floats()
    | st.text()
    | st.sampled_from(["0", "00", "2", "5", "6", "7", 0, 2, 6, "012", REFERENCE, PAGE_URL, "6280581110007215"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=8),
    max_leaves=20,
)
bodies = (
    values.map(json.dumps).map(str.encode)
    | st.dictionaries(st.sampled_from(NAMES), values, max_size=20).map(json.dumps).map(str.encode)
    | st.dictionaries(st.sampled_from(sorted(examples.PAID)), scalars).map(
        lambda changed: json.dumps(examples.PAID | changed).encode()
    )
    | st.binary()
)
statuses = st.sampled_from([200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 429, 500, 503, 599])
charsets = st.sampled_from(["", "application/json", "text/html;charset=windows-1256", 'x/y; charset="utf-16"'])


@pytest.fixture(scope="module")
def gateway_that_says() -> Iterator[tuple[ScriptedGateway, Satim]]:
    with scripted_gateway() as outside, satim(outside, breaker=Breaker(failures=10**9)) as gateway:
        yield outside, gateway


def assert_can_be_stored(said: Said) -> None:
    json.dumps(said.raw, allow_nan=False)
    for text in (said.order_number, said.message, said.masked_card, said.bill_reference, *texts_in(said.raw)):
        (text or "").encode()  # no broken halves of characters
        assert "\x00" not in (text or "")
        assert "6280581110007215" not in (text or "")


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    else:
        yield str(value)


@given(body=bodies, status=statuses, content_type=charsets)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_body_ends_as_a_value(
    gateway_that_says: tuple[ScriptedGateway, Satim], body: bytes, status: int, content_type: str
) -> None:
    outside, gateway = gateway_that_says
    body = b"" if status == 204 else body
    answer = http(body, status=status, content_type=content_type)
    outside.script.clear()
    outside.will_say(*[answer] * 5)

    registered = gateway.register(ORDER)
    assert isinstance(registered, get_args(RegisterAnswer))
    if isinstance(registered, Registered):
        assert registered.page_url == PAGE_URL

    for asked in (
        gateway.ask(reference=REFERENCE, language="ar"),
        gateway.ask_by_number(order_number=ORDER.number, language="ar"),
    ):
        assert isinstance(asked, get_args(AskAnswer))
        assert_can_be_stored(asked.said)
        if isinstance(asked, Paid):
            assert status == 200
            assert (asked.said.order_status, asked.said.error_code, asked.said.response_code) == (2, "0", "00")

    refunded = gateway.refund(reference=REFERENCE, amount=Money(1), language="ar", name=REFUND_NAME)
    assert isinstance(refunded, get_args(RefundAnswer))
    if isinstance(refunded, Refunded):
        assert status == 200
        assert refunded.said.error_code == "0"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"params":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"Amount":' + b"9" * 200_000 + b"}",
        b'{"Amount":' + b"9" * 4000 + b"}",
        b'{"Amount":1e999999999}',
        b'{"Amount":-0}',
        b'{"OrderStatus":2,"OrderStatus":6}',
        b'{"OrderStatus":2,"orderstatus":2.0}',
        b'{"OrderStatus":0,"ORDERSTATUS":false}',
        b'{"ErrorCode":"\\ud800"}',
        b'{"\\ud800":"\\udfff","\\u0000":"\\u0000"}',
        b'{"ErrorCode":Infinity}',
        b"\xff\xfe{\x00}\x00",
        b"\x00" * 1000,
        b'{"params":{"respCode":"00"},"ErrorCode":"0","OrderStatus":"\xd9\xa2"}',
        b'{"params":{"respCode":"00"},"ErrorCode":"\xef\xbc\x90","OrderStatus":2}',
        '{"params":{"respCode":"00"},"ErrorCode":"0","Order\u017ftatus":2}'.encode(),
    ],
    ids=lambda body: ascii(body[:40]),
)
def test_a_body_made_to_confuse_confuses_nobody(gateway_that_says: tuple[ScriptedGateway, Satim], body: bytes) -> None:
    outside, gateway = gateway_that_says
    outside.script.clear()
    outside.will_say(http(body))
    answer = gateway.ask(reference=REFERENCE, language="fr")
    assert isinstance(answer, Unknown)
    assert_can_be_stored(answer.said)


@pytest.mark.parametrize(
    "extra",
    [
        {"Pan": "6280581110007215"},
        {"Pan": 6280581110007215},
        {"Pan": "6280 5811 1000 7215"},
        {"Pan": "6280581110007215****"},
        {"Description": "card 6280581110007215"},
        {"Description": "card 6280-5811-1000-7215!"},
        {"note": 6280581110007215},
        {"note": [{"deep": "x6280581110007215x"}]},
        {"6280581110007215": 1},
        {"OrderNumber": "6280581110007215"},
        {"params": {"respCode": "00", "respCode_desc": "6280581110007215", "udf1": "6280581110007215"}},
        {"cardAuthInfo": {"pan": "6280581110007215", "cvc": "123"}},
    ],
    ids=str,
)
def test_a_card_number_is_kept_nowhere(outside: ScriptedGateway, extra: dict[str, Any]) -> None:
    outside.will_say(http(examples.PAID | extra))
    with satim(outside) as gateway:
        answer = gateway.ask(reference=REFERENCE, language="fr")
    assert isinstance(answer, Paid)
    everything = repr(answer).replace(" ", "").replace("-", "")
    assert "6280581110007215" not in everything
    assert "5811100072" not in everything
    assert "123'" not in everything


def test_a_card_that_the_gateway_did_not_mask_is_masked_here(outside: ScriptedGateway) -> None:
    outside.will_say(http(examples.PAID | {"Pan": "6280581110007215"}))
    with satim(outside) as gateway:
        answer = gateway.ask(reference=REFERENCE, language="fr")
    assert answer.said.masked_card == "6280****7215"
    assert answer.said.raw["Pan"] == "6280****7215"


def test_private_fields_of_the_extended_status_are_not_kept(outside: ScriptedGateway) -> None:
    outside.will_say(
        http(
            examples.EXTENDED_PAID
            | {
                "attributes": [],
                "orderStatus": 0,
                "merchantOrderParams": [
                    {"name": "email", "value": "a@b.example"},
                    {"name": "udf1", "value": "Bill00001"},
                ],
            }
        )
    )
    with satim(outside) as gateway:
        answer = gateway.ask_by_number(order_number=ORDER.number, language="fr")
    kept = repr(answer)
    for private in ("CARD HOLDER", "202701", "10.12.12.14", "a@b.example"):
        assert private not in kept
    assert answer.said.masked_card == "628058**7215"
    assert answer.said.approval_code == "913180"
    assert answer.said.bill_reference == "Bill00001"
