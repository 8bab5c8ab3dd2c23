"""The protection of messages: the published vector, and what is not believed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.reader.nexo.protection import NotProtected, keys_of, open_protected, protect

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import NexoTill

PASSPHRASE = "open sesame"
NONCE = bytes([0x11]) * 16


def test_the_known_answer() -> None:
    keys = keys_of("sesame")
    assert keys.hmac.hex() == "d02cbd268c7da0483e3757b4bdc26894dbea98a41055d88a527b6c7e685508a3"
    assert keys.cipher.hex() == "9ce8e9360c05ea50e89aab96a5e50f58cc7d814e8ff7041f23c63aebf6599c98"
    assert keys.iv.hex() == "16b306e1ed78c9bc946669d63f5daad9"
    blob, trailer = protect(b'{"a":1}', keys=keys, nonce=NONCE)
    assert (blob, trailer["Nonce"]) == ("gjgFxatH7KYc3FXkKtAl1w==", "EREREREREREREREREREREQ==")
    assert trailer["Hmac"] == "EaRm0FrDWdeXFo8/R6k2mCB8Kj5DIdja36bUWNbBn7w="
    assert open_protected(blob, trailer, keys=keys) == b'{"a":1}'


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16))
def test_what_was_protected_opens_again(content: bytes, nonce: bytes) -> None:
    keys = keys_of(PASSPHRASE)
    assert open_protected(*protect(content, keys=keys, nonce=nonce), keys=keys) == content


@given(st.data())
def test_whatever_was_changed_gives_one_and_the_same_refusal(data: st.DataObject) -> None:
    keys = keys_of(PASSPHRASE)
    blob, trailer = protect(b'{"SaleToPOIRequest":{}}', keys=keys, nonce=NONCE)
    parts = {"blob": base64.b64decode(blob)} | {name: base64.b64decode(trailer[name]) for name in ("Nonce", "Hmac")}
    name = data.draw(st.sampled_from(sorted(parts)))
    raw = bytearray(parts[name])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    changed = base64.b64encode(bytes(raw)).decode()
    told = {"blob": blob} | trailer | {name: changed}
    with pytest.raises(NotProtected):
        open_protected(told["blob"], told, keys=keys)


@pytest.mark.parametrize("trailer", [None, [], {}, {"Nonce": "x", "Hmac": "y"}, {"Nonce": 5, "Hmac": "AAAA"}])
def test_a_trailer_that_is_none_is_refused(trailer: object) -> None:
    with pytest.raises(NotProtected):
        open_protected("AAAA", trailer, keys=keys_of(PASSPHRASE))


@pytest.fixture
def protected(new_reader: Callable[..., NexoTill]) -> NexoTill:
    return new_reader(passphrase=PASSPHRASE, key_identifier="till-key", key_version=2)


def sealed(message: Any, **trailer: object) -> Any:  # noqa: ANN401
    content = json.dumps(message, default=float).encode()
    blob, its_trailer = protect(content, keys=keys_of(PASSPHRASE), nonce=NONCE)
    header = message["SaleToPOIRequest"]["MessageHeader"]
    its_trailer |= {"KeyIdentifier": "till-key", "KeyVersion": 2} | trailer
    return {"SaleToPOIRequest": {"MessageHeader": header, "NexoBlob": blob, "SecurityTrailer": its_trailer}}


def opened(answer: Any) -> Any:  # noqa: ANN401
    outer = answer.json()
    ((name, inner),) = outer.items()
    content = json.loads(
        open_protected(inner["NexoBlob"], inner["SecurityTrailer"], keys=keys_of(PASSPHRASE)), parse_float=Decimal
    )
    assert content[name]["MessageHeader"] == inner["MessageHeader"]
    return content[name]


def test_a_protected_payment(protected: NexoTill, message: Callable[..., Any], payment: Callable[..., Any]) -> None:
    asked = message(protected.poi_id, "Payment", payment(80_650), service_id="S1")
    answer = protected.post(sealed(asked))
    assert "PaymentResponse" not in answer.text
    told = opened(answer)
    assert told["PaymentResponse"]["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] == Decimal("806.50")
    assert answer.json()["SaleToPOIResponse"]["SecurityTrailer"]["KeyVersion"] == 2


def test_each_answer_has_a_nonce_of_its_own(protected: NexoTill, message: Callable[..., Any]) -> None:
    asked = sealed(message(protected.poi_id, "Diagnosis", {}))
    nonces = {protected.post(asked).json()["SaleToPOIResponse"]["SecurityTrailer"]["Nonce"] for _ in range(5)}
    assert len(nonces) == 5


def test_what_is_clear_changed_or_under_another_key_is_rejected_and_takes_nothing(
    protected: NexoTill, message: Callable[..., Any], payment: Callable[..., Any]
) -> None:
    asked = message(protected.poi_id, "Payment", payment(80_650), service_id="S1")
    other = message(protected.poi_id, "Payment", payment(80_650), service_id="S2")
    exchanged = sealed(asked)
    exchanged["SaleToPOIRequest"]["MessageHeader"] = other["SaleToPOIRequest"]["MessageHeader"]
    wrong = [
        asked,
        exchanged,
        sealed(asked, Hmac=base64.b64encode(bytes(32)).decode()),
        sealed(asked, KeyVersion=1),
        sealed(asked, KeyIdentifier="another"),
    ]
    sentences = set()
    for each in wrong:
        told = protected.post(each).json()["SaleToPOIRequest"]["EventNotification"]
        assert told["EventToNotify"] == "Reject"
        sentences.add(told["EventDetails"])
    assert len(sentences) == 1
    assert protected.log() == []


def test_a_protected_message_to_a_reader_without_passphrase_is_rejected(
    till: NexoTill, message: Callable[..., Any]
) -> None:
    told = till.post(sealed(message(till.poi_id, "Diagnosis", {}))).json()
    assert told["SaleToPOIRequest"]["EventNotification"]["EventToNotify"] == "Reject"


def test_the_passphrase_is_shown_nowhere(protected: NexoTill) -> None:
    assert PASSPHRASE not in json.dumps(protected.shown())
    assert PASSPHRASE not in json.dumps(protected.told)
    assert protected.shown()["is_protected"] is True
