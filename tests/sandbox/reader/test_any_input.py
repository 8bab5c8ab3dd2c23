"""Whatever arrives, the reader answers and takes no money that nobody has asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.reader import json_text
from sandbox.reader.nexo.door import OFFERED
from sandbox.reader.replies import Pending, Reply

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import InProcess

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=6,
)
QUICK = {"autopilot": True, "autopilot_seconds": 0, "host_seconds": 0, "printing_seconds": 0}
FULL: dict[str, Any] = {
    "SaleData": {"SaleTransactionID": {"TransactionID": "S-1", "TimeStamp": "2026-11-22T09:38:17+01:00"}},
    "PaymentTransaction": {
        "AmountsReq": {"Currency": "DZD", "RequestedAmount": 10},
        "TransactionConditions": {"CustomerLanguage": "ar"},
    },
    "PaymentData": {"PaymentType": "Normal"},
    "MessageReference": {"MessageCategory": "Payment", "SaleID": "T", "POIID": "P-1", "ServiceID": "S1"},
    "OriginalPOITransaction": {"POITransactionID": {"TransactionID": "1", "TimeStamp": "x"}},
    "ReversalReason": "MerchantCancel",
    "PrintOutput": {
        "DocumentQualifier": "Document",
        "OutputContent": {"OutputFormat": "Text", "OutputText": [{"Text": "a"}]},
    },
    "TotalFilter": {"SaleID": "T"},
    "TotalDetails": ["SaleID"],
    "ReconciliationType": "SaleReconciliation",
}


def paths(tree: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:  # noqa: ANN401
    if not isinstance(tree, dict):
        return []
    return [each for name in tree for each in ((*before, name), *paths(tree[name], (*before, name)))]


def answered(got: Reply | Pending) -> Reply:
    return got.reply() if isinstance(got, Pending) else got


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_message_with_anything_anywhere_gets_an_answer(
    in_process: Callable[..., InProcess], data: st.DataObject
) -> None:
    world = in_process(**QUICK)
    category = data.draw(st.sampled_from(sorted(OFFERED)))
    header = {
        "ProtocolVersion": "3.0",
        "MessageClass": "Service",
        "MessageCategory": category,
        "MessageType": "Request",
        "ServiceID": "S1",
        "SaleID": "T",
        "POIID": "P-1",
    }
    message = json.loads(json.dumps({"SaleToPOIRequest": {"MessageHeader": header, f"{category}Request": FULL}}))
    for path in data.draw(st.lists(st.sampled_from(paths(message)), max_size=2)):
        inner: Any = message
        for name in path[:-1]:
            inner = inner.get(name, {}) if isinstance(inner, dict) else {}
        if isinstance(inner, dict):
            inner[path[-1]] = data.draw(ANYTHING)
    reply = answered(world.nexo.receive(json.dumps(message).encode(), now=world.now))
    assert reply.status == 200
    assert not reply.body or json_text.read(reply.body)
    taken = sum(-entry.centimes for each in world.issuer.accounts() for entry in each.entries if entry.md_order)
    asked = sum(each.amount_centimes for each in world.reader.transactions())
    assert abs(taken) == asked


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_bytes_get_an_event(in_process: Callable[..., InProcess], body: bytes) -> None:
    world = in_process()
    told = json_text.read(answered(world.nexo.receive(body, now=world.now)).body)
    assert told["SaleToPOIRequest"]["EventNotification"]["EventToNotify"] == "Reject"


@pytest.mark.parametrize(
    "number",
    ["1e999999999999999999999", "1e-999999999999999999999", "1e-99999", "9" * 5000, "-0"],
    ids=["huge", "tiny", "small", "long", "minus zero"],
)
@pytest.mark.parametrize("name", ["\\ud800", "S-1"])
def test_numbers_and_letters_that_cannot_be_sent_back(
    in_process: Callable[..., InProcess],
    payment: Callable[..., Any],
    message: Callable[..., Any],
    number: str,
    name: str,
) -> None:
    world = in_process(**QUICK)
    body = json_text.write(message("P-1", "Payment", payment(reference="REFERENCE")))
    changed = body.replace("1234.56", number).replace("REFERENCE", name)
    assert answered(world.nexo.receive(changed.encode(), now=world.now)).status == 200
    assert world.reader.transactions() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["CZ", "CJ", "CA", "CE", "CD", "CB", "BA", "CF", "CH", "CK", "ZT"]),
        st.text(st.characters(codec="latin-1"), min_size=1, max_size=30) | st.sampled_from("0123BIPT"),
    )
)
def test_tags_with_anything_in_them_get_an_answer(in_process: Callable[..., InProcess], fields: dict[str, str]) -> None:
    world = in_process(protocol="caisse_ap", **QUICK)
    told = answered(world.caisse.receive({"CE": "012", "CB": "500", **fields}, now=world.now))
    assert b"AE002" in told.body


def test_amounts_are_written_with_their_two_decimals_and_never_as_binary_fractions() -> None:
    assert json_text.write({"a": [Decimal("0.10"), json_text.dinars(123_456_789_05)]}) == '{"a":[0.10,123456789.05]}'
    with pytest.raises(TypeError):
        json_text.write({"a": 0.1})
