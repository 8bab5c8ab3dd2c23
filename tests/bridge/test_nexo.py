"""A nexo reader's line and its words: what may have left, what may be believed, what may be kept."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency_bridge.drivers.contract import Abort, Facts, Health, Outcome, Patience, Seen, Totals, TotalsWanted
from agency_bridge.drivers.manual.driver import Manual
from agency_bridge.drivers.nexo import wire
from agency_bridge.drivers.nexo.amounts import as_centimes, as_dinars
from agency_bridge.drivers.nexo.driver import Nexo
from agency_bridge.drivers.nexo.line import NotUsable
from agency_bridge.drivers.nexo.protection import NotGenuine, derive_key, protect, unprotect
from agency_bridge.drivers.registry import driver_for
from bridge.looping import run
from bridge.nexo_words import (
    ASK,
    KEY,
    PASSPHRASE,
    PAY,
    REVERSE,
    SECRET_TRACK,
    approval,
    by_category,
    failure,
    header,
    message,
    reader_at,
    says,
    understood,
)
from bridge.scripted import POI, Certificate, Json, Line, Script, make_certificate, scripted
from programs import free_port

PATIENCE = Patience(connect_seconds=2, payment_seconds=3, reversal_seconds=3, question_seconds=2, totals_seconds=2)


async def no_progress(step: str) -> None:
    assert step == "present_card"


def pay(certificate: Certificate, *scripts: Script, patience: Patience = PATIENCE, **options: Json) -> Seen:
    with scripted(*scripts, tls=certificate.server()) as reader:
        driver = Nexo(reader_at(reader.port, ca=certificate.pem, **options), patience)
        return run(driver.pay(PAY, no_progress))


def facts_of(seen: Seen) -> Facts:
    assert isinstance(seen.answer, Facts)
    return seen.answer


# --- amounts ---


@settings(deadline=None)
@given(st.integers(1, 9_999_999_999))
def test_an_amount_goes_out_and_comes_back_as_itself(centimes: int) -> None:
    text = wire.write({"amount": as_dinars(centimes)})
    assert "e" not in text.lower().removeprefix('{"amount"')
    assert as_centimes(wire.read(text.encode())["amount"]) == centimes


@pytest.mark.parametrize("text", ["1234.567", "-1", "1e99", "NaN", "true", '"12.50"', "null", "[1]", "99999999999"])
def test_what_is_no_amount_is_none(text: str) -> None:
    try:
        value = wire.read(f'{{"amount": {text}}}'.encode())["amount"]
    except wire.Unreadable:
        return
    assert as_centimes(value) is None


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_json_value_is_read_as_an_amount_by_chance(value: Json) -> None:
    assert as_centimes(value) is None


def test_a_whole_amount_keeps_its_two_decimals() -> None:
    assert wire.write(as_dinars(5_000)) == "50.00"


# --- message protection ---


def test_the_key_is_derived_as_others_derive_it() -> None:
    key = derive_key("sesame", identifier="k", version=1)
    assert key.hmac_key.hex() == "d02cbd268c7da0483e3757b4bdc26894dbea98a41055d88a527b6c7e685508a3"
    assert key.cipher_key.hex() == "9ce8e9360c05ea50e89aab96a5e50f58cc7d814e8ff7041f23c63aebf6599c98"
    assert key.iv.hex() == "16b306e1ed78c9bc946669d63f5daad9"


def test_a_message_is_protected_as_others_protect_it() -> None:
    blob, trailer = protect(
        b'{"a":1}', key=derive_key("sesame", identifier="mykey", version=1), nonce=bytes([0x11] * 16)
    )
    assert blob == "gjgFxatH7KYc3FXkKtAl1w=="
    assert trailer == {
        "AdyenCryptoVersion": 1,
        "KeyIdentifier": "mykey",
        "KeyVersion": 1,
        "Nonce": "EREREREREREREREREREREQ==",
        "Hmac": "EaRm0FrDWdeXFo8/R6k2mCB8Kj5DIdja36bUWNbBn7w=",
    }


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_what_was_protected_is_read_again(plain: bytes) -> None:
    blob, trailer = protect(plain, key=KEY)
    assert unprotect({"NexoBlob": blob, "SecurityTrailer": trailer}, key=KEY) == plain


@settings(deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["NexoBlob", "Nonce", "Hmac"]))
def test_one_changed_bit_is_noticed(bit: int, where: str) -> None:
    blob, trailer = protect(b'{"SaleToPOIResponse":{}}', key=KEY)
    spoiled = {"NexoBlob": blob, "SecurityTrailer": trailer}
    place = spoiled if where == "NexoBlob" else trailer
    raw = bytearray(base64.b64decode(place[where]))
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    place[where] = base64.b64encode(raw).decode()
    with pytest.raises(NotGenuine):
        unprotect(spoiled, key=KEY)


def test_a_passphrase_shows_nowhere() -> None:
    assert PASSPHRASE not in repr(reader_at(1, passphrase=PASSPHRASE))
    assert KEY.hmac_key.hex() not in repr(KEY)
    assert repr(KEY.hmac_key) not in repr(KEY)


# --- an honest reader ---


def test_an_approval_is_told_with_its_facts(certificate: Certificate) -> None:
    seen = pay(certificate, says("Payment", approval()))
    facts = facts_of(seen)
    assert seen.outcome is Outcome.APPROVED
    assert (facts.amount_centimes, facts.currency, facts.approval_code) == (123_456, "DZD", "482913")
    assert (facts.service_id, facts.sale_id, facts.poi_id) == (PAY.service_id, PAY.sale_id, POI)
    assert (facts.sale_reference, facts.echoes_reference) == (PAY.sale_reference, True)
    assert (facts.masked_card, facts.card_brand, facts.entry_mode) == ("628058******7215", "CIB", "ICC")
    assert (facts.terminal_id, facts.merchant_id, facts.rrn) == ("12345678", "000000001234567", "632609123456")
    assert facts.poi_transaction_id == "000777"
    assert facts.slip.customer[:2] == ("TICKET ", "MONTANT 1234,56 DA")


def test_card_data_goes_no_further(certificate: Certificate) -> None:
    everything = json.dumps(pay(certificate, says("Payment", approval())).answer_row())
    seen = pay(certificate, says("Payment", approval()))
    for told in (everything, seen.message):
        assert "6280581110007215" not in told
        assert SECRET_TRACK not in told
        assert "TrackData" not in told


def test_a_whole_card_number_where_a_masked_one_belongs_is_masked(certificate: Certificate) -> None:
    body = approval()
    body["PaymentResult"]["PaymentInstrumentData"]["CardData"]["MaskedPan"] = "6280581110007215"
    assert facts_of(pay(certificate, says("Payment", body))).masked_card == "628058******7215"


def test_the_request_says_what_was_asked(certificate: Certificate) -> None:
    heard: list[Json] = []
    with scripted(by_category({"Payment": approval()}, heard), tls=certificate.server()) as reader:
        driver = Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE)
        run(driver.pay(PAY, no_progress))
    request = heard[0]["SaleToPOIRequest"]
    assert request["MessageHeader"] == {
        "ProtocolVersion": "3.0",
        "MessageClass": "Service",
        "MessageCategory": "Payment",
        "MessageType": "Request",
        "ServiceID": "0000000A1F",
        "SaleID": "AG07-C1",
        "POIID": POI,
    }
    assert request["PaymentRequest"]["PaymentTransaction"]["AmountsReq"] == {
        "Currency": "DZD",
        "RequestedAmount": Decimal("1234.56"),
    }
    assert request["PaymentRequest"]["SaleData"]["SaleTransactionID"]["TransactionID"] == "S-000123-1"
    assert request["PaymentRequest"]["PaymentTransaction"]["TransactionConditions"] == {"ForceOnlineFlag": True}


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("Aborted", Outcome.CANCELLED),
        ("Cancel", Outcome.CANCELLED),
        ("Refusal", Outcome.DECLINED),
        ("WrongPIN", Outcome.DECLINED),
        ("InvalidCard", Outcome.DECLINED),
        ("UnreachableHost", Outcome.DECLINED),
        ("PaymentRestriction", Outcome.DECLINED),
        ("DeviceOut", Outcome.DECLINED),
        ("NobodyHasHeardOfThis", Outcome.DECLINED),
        ("Busy", Outcome.BUSY),
        ("UnavailableDevice", Outcome.BUSY),
        ("InProgress", Outcome.UNKNOWN),
        ("NotFound", Outcome.UNKNOWN),
    ],
)
def test_each_failure_has_its_outcome(certificate: Certificate, condition: str, outcome: Outcome) -> None:
    seen = pay(certificate, says("Payment", failure(condition)))
    assert (seen.outcome, facts_of(seen).reason) == (outcome, condition)


def test_a_part_of_the_amount_is_said_to_be_a_part(certificate: Certificate) -> None:
    body = approval(Response={"Result": "Partial"})
    body["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] = Decimal("1000.00")
    seen = pay(certificate, says("Payment", body))
    assert (seen.outcome, facts_of(seen).amount_centimes) == (Outcome.PARTIAL, 100_000)


def test_another_amount_is_a_fact_for_the_portal_to_judge(certificate: Certificate) -> None:
    body = approval()
    body["PaymentResult"]["AmountsResp"] = {"Currency": "EUR", "AuthorizedAmount": Decimal("1.00")}
    facts = facts_of(pay(certificate, says("Payment", body)))
    assert (facts.amount_centimes, facts.currency) == (100, "EUR")


def test_an_amount_in_parts_of_a_centime_makes_the_answer_unknown(certificate: Certificate) -> None:
    body = approval()
    body["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] = Decimal("1234.567")
    assert pay(certificate, says("Payment", body)).outcome is Outcome.UNKNOWN


# --- before the first byte: not sent ---


def test_nobody_listens_so_nothing_was_sent(certificate: Certificate) -> None:
    driver = Nexo(reader_at(free_port(), ca=certificate.pem), PATIENCE)
    assert run(driver.pay(PAY, no_progress)).outcome is Outcome.NOT_SENT


def test_a_name_that_nobody_knows_means_that_nothing_was_sent(certificate: Certificate) -> None:
    reader = replace(reader_at(8443, ca=certificate.pem), host="reader.invalid")
    assert run(Nexo(reader, PATIENCE).pay(PAY, no_progress)).outcome is Outcome.NOT_SENT


def test_another_certificate_hears_nothing(certificate: Certificate, tmp_path: Path) -> None:
    stranger = make_certificate(tmp_path)
    heard: list[Json] = []
    with scripted(by_category({"Payment": approval()}, heard), tls=stranger.server()) as reader:
        seen = run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).pay(PAY, no_progress))
    assert seen.outcome is Outcome.NOT_SENT
    assert heard == []


def test_a_certificate_with_another_name_hears_nothing(tmp_path: Path) -> None:
    other = make_certificate(tmp_path, name="SIM1000-000000099")
    with scripted(says("Payment", approval()), tls=other.server()) as reader:
        told = reader_at(reader.port, ca=other.pem)
        assert run(Nexo(told, PATIENCE).pay(PAY, no_progress)).outcome is Outcome.NOT_SENT
        named = reader_at(reader.port, ca=other.pem, tls_name="SIM1000-000000099")
        assert run(Nexo(named, PATIENCE).pay(PAY, no_progress)).outcome is Outcome.APPROVED


def test_a_reader_without_tls_hears_nothing(certificate: Certificate) -> None:
    with scripted(lambda line: line.send(b"hello\r\n")) as reader:
        seen = run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).pay(PAY, no_progress))
    assert seen.outcome is Outcome.NOT_SENT


def test_neither_pinned_nor_protected_is_refused() -> None:
    with pytest.raises(NotUsable):
        Nexo(reader_at(8443), PATIENCE)
    driver = driver_for(reader_at(8443), PATIENCE)
    assert isinstance(driver, Manual)
    assert run(driver.pay(PAY, no_progress)).outcome is Outcome.NOT_SENT


def test_an_amount_that_no_message_carries_is_not_sent(certificate: Certificate) -> None:
    driver = Nexo(reader_at(free_port(), ca=certificate.pem), PATIENCE)
    for centimes in (0, -5, 10_000_000_000):
        seen = run(driver.pay(replace(PAY, amount_centimes=centimes), no_progress))
        assert (seen.outcome, facts_of(seen).reason) == (Outcome.NOT_SENT, "amount")


# --- after it: unknown ---


def closes(line: Line) -> None:
    line.socket.close()


def closes_after_reading(line: Line) -> None:
    line.read_request()


def half_an_answer(line: Line) -> None:
    request = line.read_request()
    body = message(header("Payment", request), "Payment", approval())
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body[: len(body) // 2])


def resets(line: Line) -> None:
    line.read_request()
    line.reset()


def answers(body: bytes, *, status: str = "200 OK") -> Script:
    def play(line: Line) -> None:
        line.read_request()
        line.answer(body, status=status)

    return play


def rejects(line: Line) -> None:
    line.read_request()
    line.answer(json.dumps({"SaleToPOIRequest": {"EventNotification": {"EventToNotify": "Reject"}}}).encode())


@pytest.mark.parametrize(
    "script",
    [
        closes,
        closes_after_reading,
        half_an_answer,
        resets,
        rejects,
        answers(b""),
        answers(b"{"),
        answers(b"[" * 100_000),
        answers(b"\xff\xfe"),
        answers(b'{"SaleToPOIResponse":{"MessageHeader":{},"PaymentResponse":{"Response":{"Result":"Success"}}}}'),
        answers(b"{}", status="500 Internal Server Error"),
        answers(b'{"SaleToPOIResponse":7}'),
        answers(b" " * 400_000),
        says("Payment", approval(), ServiceID="0000000A1E"),
        says("Payment", approval(), POIID="SIM1000-000000013"),
        says("Payment", approval(), SaleID="AG07-C2"),
        says("Payment", {"Response": {"Result": "Perhaps"}}),
        says("Payment", {}),
        says("Reversal", approval()),
    ],
    ids=lambda script: getattr(script, "__name__", ""),
)
def test_no_good_answer_after_the_first_byte_is_unknown(certificate: Certificate, script: Script) -> None:
    assert pay(certificate, script).outcome is Outcome.UNKNOWN


def test_an_answer_after_our_patience_is_unknown(certificate: Certificate) -> None:
    def slow(line: Line) -> None:
        line.read_request()
        line.socket.settimeout(10)
        line.socket.recv(1)  # until we give up

    began = time.monotonic()
    seen = pay(certificate, slow, patience=replace(PATIENCE, payment_seconds=0.3))
    assert (seen.outcome, facts_of(seen).reason) == (Outcome.UNKNOWN, "timed_out")
    assert time.monotonic() - began < 5


def test_an_answer_that_trickles_for_ever_is_given_up(certificate: Certificate) -> None:
    def trickles(line: Line) -> None:
        line.read_request()
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            line.send(b" ")
            time.sleep(0.02)

    patience = replace(PATIENCE, payment_seconds=0.3, connect_seconds=0.5)
    assert facts_of(pay(certificate, trickles, patience=patience)).reason == "timed_out"


def test_an_answer_in_single_bytes_is_an_answer(certificate: Certificate) -> None:
    def spelled(line: Line) -> None:
        request = line.read_request()
        body = message(header("Payment", request), "Payment", approval())
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body, at_once=1)

    assert pay(certificate, spelled).outcome is Outcome.APPROVED


# --- protected messages ---


def test_a_protected_approval_is_believed(certificate: Certificate) -> None:
    seen = pay(certificate, says("Payment", approval(), key=KEY), passphrase=PASSPHRASE, key_identifier="bridge")
    assert (seen.outcome, facts_of(seen).protection_ok) == (Outcome.APPROVED, True)


def test_the_request_itself_cannot_be_read_on_the_way(certificate: Certificate) -> None:
    heard: list[Json] = []

    def listens(line: Line) -> None:
        heard.append(line.read_request())

    pay(certificate, listens, passphrase=PASSPHRASE, key_identifier="bridge")
    assert set(heard[0]["SaleToPOIRequest"]) == {"MessageHeader", "NexoBlob", "SecurityTrailer"}
    assert "PaymentRequest" in understood(heard[0], KEY)["SaleToPOIRequest"]


def in_clear(body: Json) -> Script:
    def play(line: Line) -> None:
        request = understood(line.read_request(), KEY)
        line.answer(message(header("Payment", request), "Payment", body))

    return play


def test_a_success_in_clear_is_not_believed_when_protection_is_on(certificate: Certificate) -> None:
    seen = pay(certificate, in_clear(approval()), passphrase=PASSPHRASE, key_identifier="bridge")
    assert (seen.outcome, facts_of(seen).protection_ok) == (Outcome.UNKNOWN, False)


def test_a_failure_in_clear_is_believed_only_from_a_pinned_certificate(certificate: Certificate) -> None:
    script = in_clear(failure("Refusal"))
    assert pay(certificate, script, passphrase=PASSPHRASE).outcome is Outcome.DECLINED
    with scripted(script, tls=certificate.server()) as reader:
        driver = Nexo(reader_at(reader.port, passphrase=PASSPHRASE), PATIENCE)
        assert run(driver.pay(PAY, no_progress)).outcome is Outcome.UNKNOWN


def test_a_wrong_sum_is_unknown(certificate: Certificate) -> None:
    stranger = derive_key("another passphrase", identifier="bridge", version=1)

    def forges(line: Line) -> None:
        request = understood(line.read_request(), KEY)
        line.answer(message(header("Payment", request), "Payment", approval(), key=stranger))

    seen = pay(certificate, forges, passphrase=PASSPHRASE, key_identifier="bridge")
    assert (seen.outcome, facts_of(seen).reason) == (Outcome.UNKNOWN, "not_genuine")


# --- logging in ---


def test_it_logs_in_when_the_reader_wants_it_and_sends_the_payment_once_more(certificate: Certificate) -> None:
    heard: list[Json] = []
    logged_in: list[bool] = []

    def payment(_: Json) -> Json:
        return approval() if logged_in else failure("LoggedOut")

    def login(_: Json) -> Json:
        logged_in.append(True)
        return {
            "Response": {"Result": "Success", "AdditionalResponse": "boot=7"},
            "POISystemData": {"POITerminalData": {"POISerialNumber": "000000012"}},
        }

    with scripted(by_category({"Payment": payment, "Login": login}, heard), tls=certificate.server()) as reader:
        driver = Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE)
        seen = run(driver.pay(PAY, no_progress))
    heads = [request["SaleToPOIRequest"]["MessageHeader"] for request in heard]
    assert [head["MessageCategory"] for head in heads] == ["Payment", "Login", "Payment"]
    assert heads[0]["ServiceID"] == heads[2]["ServiceID"] == PAY.service_id
    assert heads[1]["ServiceID"].startswith("Z")
    assert len(heads[1]["ServiceID"]) <= 10
    assert (seen.outcome, seen.boot) == (Outcome.APPROVED, "000000012/7")


def test_still_not_allowed_after_one_login_is_busy(certificate: Certificate) -> None:
    script = by_category({"Payment": failure("NotAllowed"), "Login": {"Response": {"Result": "Success"}}})
    assert pay(certificate, script).outcome is Outcome.BUSY


# --- asking ---


def ask(certificate: Certificate, body: Json, *, diagnosis: Json = None) -> Seen:
    well = {
        "Response": {"Result": "Success", "AdditionalResponse": "boot=2&serial=12"},
        "POIStatus": {"GlobalStatus": "OK"},
    }
    script = by_category({"TransactionStatus": body, "Diagnosis": diagnosis or well})
    with scripted(script, tls=certificate.server()) as reader:
        return run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).ask(ASK))


def repeated(body: Json, *, category: str = "Payment", **changes: str) -> Callable[[Json], Json]:
    def told(request: Json) -> Json:
        inner = header(category, request, ServiceID=ASK.of_service_id, MessageCategory=category) | changes
        return {
            "Response": {"Result": "Success"},
            "RepeatedMessageResponse": {
                "MessageHeader": inner,
                "RepeatedResponseMessageBody": {f"{category}Response": body},
            },
        }

    return told


def test_success_of_a_question_means_found_and_not_paid(certificate: Certificate) -> None:
    seen = ask(certificate, repeated(failure("Refusal")))
    assert (seen.outcome, facts_of(seen).reason) == (Outcome.DECLINED, "Refusal")


def test_the_repeated_approval_counts_like_the_first(certificate: Certificate) -> None:
    seen = ask(certificate, repeated(approval()))
    assert (seen.outcome, facts_of(seen).amount_centimes) == (Outcome.APPROVED, 123_456)


@pytest.mark.parametrize(
    "changes",
    [{"ServiceID": "0000000A1E"}, {"SaleID": "AG07-C2"}, {"POIID": "SIM1000-1"}, {"MessageCategory": "Reversal"}],
)
def test_somebody_elses_transaction_says_nothing_of_ours(certificate: Certificate, changes: dict[str, str]) -> None:
    seen = ask(certificate, repeated(approval(), **changes))
    assert (seen.outcome, facts_of(seen).reason) == (Outcome.UNREACHABLE, "other_transaction")


@pytest.mark.parametrize("condition", ["InProgress", "Busy"])
def test_still_running_means_ask_again(certificate: Certificate, condition: str) -> None:
    assert ask(certificate, failure(condition)).outcome is Outcome.IN_PROGRESS


def test_not_found_comes_with_the_life_of_the_reader_that_says_so(certificate: Certificate) -> None:
    seen = ask(certificate, failure("NotFound"))
    assert (seen.outcome, seen.boot) == (Outcome.NOT_FOUND, "12/2")


def test_a_reader_in_trouble_cannot_say_not_found(certificate: Certificate) -> None:
    assert ask(certificate, failure("NotFound"), diagnosis=7).outcome is Outcome.UNREACHABLE


def test_an_unreadable_answer_to_a_question_leaves_everything_open(certificate: Certificate) -> None:
    assert ask(certificate, {"Response": {"Result": "Success"}}).outcome is Outcome.UNREACHABLE


def test_a_reversal_can_be_asked_about_too(certificate: Certificate) -> None:
    question = replace(ASK, of_category="Reversal")

    def outcome(body: Json) -> Outcome:
        script = by_category({"TransactionStatus": repeated(body, category="Reversal")})
        with scripted(script, tls=certificate.server()) as reader:
            return run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).ask(question)).outcome

    assert outcome({"Response": {"Result": "Success"}}) is Outcome.DONE
    assert outcome(failure("Refusal")) is Outcome.REFUSED


# --- the rest ---


def reverse(certificate: Certificate, script: Script) -> Seen:
    with scripted(script, tls=certificate.server()) as reader:
        return run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).reverse(REVERSE))


def test_a_reversal_is_done_refused_or_unknown(certificate: Certificate) -> None:
    done = {"Response": {"Result": "Success"}, "ReversedAmount": Decimal("1234.56")}
    seen = reverse(certificate, says("Reversal", done))
    assert (seen.outcome, facts_of(seen).amount_centimes) == (Outcome.DONE, 123_456)
    assert reverse(certificate, says("Reversal", failure("NotAllowed"))).outcome is Outcome.REFUSED
    assert reverse(certificate, says("Reversal", failure("Refusal"))).outcome is Outcome.REFUSED
    assert reverse(certificate, closes_after_reading).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (answers(b""), Outcome.DONE),
        (answers(b"", status="204 No Content"), Outcome.DONE),
        (rejects, Outcome.REFUSED),
        (closes_after_reading, Outcome.UNREACHABLE),
        (answers(b"oh no", status="500 Internal Server Error"), Outcome.UNREACHABLE),
    ],
)
def test_an_abort_has_no_answer_of_its_own(certificate: Certificate, script: Script, outcome: Outcome) -> None:
    abort = Abort(service_id="0000000A4C", of_service_id=PAY.service_id, sale_id=PAY.sale_id)
    with scripted(script, tls=certificate.server()) as reader:
        seen = run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).abort(abort))
    assert seen.outcome is outcome


def test_a_diagnosis_shows_how_the_reader_is(certificate: Certificate) -> None:
    body = {
        "Response": {"Result": "Success", "AdditionalResponse": "boot=3&serial=000000012"},
        "POIStatus": {"GlobalStatus": "Maintenance", "PrinterStatus": "PaperLow"},
        "HostStatus": [{"AcquirerID": "1", "IsReachableFlag": False}],
    }
    with scripted(by_category({"Diagnosis": body}), tls=certificate.server()) as reader:
        seen = run(Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE).diagnose())
    assert seen.outcome is Outcome.DONE
    assert seen.answer == Health(
        global_status="maintenance", printer="paper_low", serial="000000012", host_reachable=False
    )
    assert seen.boot == "000000012/3"


def test_totals_are_what_was_debited_and_not_given_back(certificate: Certificate) -> None:
    def line(kind: str, count: int, amount: str) -> dict[str, Json]:
        return {"TransactionType": kind, "TransactionCount": count, "TransactionAmount": Decimal(amount)}

    body = {
        "Response": {"Result": "Success"},
        "POIReconciliationID": "31",
        "TransactionTotals": [
            {"CardBrand": "CIB", "PaymentTotals": [line("Debit", 3, "300.50"), line("ReverseDebit", 1, "100.25")]},
            {"CardBrand": "EDAHABIA", "PaymentTotals": [line("Debit", 1, "50.00"), line("Declined", 4, "900.00")]},
        ],
    }
    with scripted(by_category({"GetTotals": body, "Reconciliation": body}), tls=certificate.server()) as reader:
        driver = Nexo(reader_at(reader.port, ca=certificate.pem), PATIENCE)
        for close in (False, True):
            seen = run(driver.totals(TotalsWanted(sale_id="AG07-C1", close=close)))
            assert isinstance(seen.answer, Totals)
            assert [(each.brand, each.count, each.amount_centimes) for each in seen.answer.totals] == [
                ("CIB", 2, 20_025),
                ("EDAHABIA", 1, 5_000),
            ]
