"""Caisse-AP: a frame without an end, and a reader that knows no number of ours."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency_bridge.drivers.caisse_ap import tlv
from agency_bridge.drivers.caisse_ap.driver import CaisseAp
from agency_bridge.drivers.contract import Abort, Facts, Health, Outcome, Patience, Reader, Seen, TotalsWanted
from agency_bridge.moments import ALGIERS, utc_now
from bridge.looping import run
from bridge.nexo_words import ASK, PAY, REVERSE
from bridge.scripted import POI, Json, Line, Script, scripted
from programs import free_port

PATIENCE = Patience(connect_seconds=2, payment_seconds=3, reversal_seconds=3, question_seconds=3, totals_seconds=3)
TAGS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60)
FIELDS = st.dictionaries(TAGS, VALUES, max_size=12)


# --- the frame ---


@settings(deadline=None)
@given(FIELDS, st.data())
def test_a_message_is_read_from_pieces_of_any_size(fields: dict[str, str], data: st.DataObject) -> None:
    content = tlv.write(fields)
    incoming = tlv.Incoming()
    while content:
        size = data.draw(st.integers(1, len(content)))
        incoming.feed(content[:size])
        content = content[size:]
    assert incoming.between_fields
    assert incoming.fields == fields


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_malformed_or_not_whole(content: bytes) -> None:
    incoming = tlv.Incoming()
    try:
        incoming.feed(content)
    except tlv.Malformed:
        return
    assert all(1 <= len(value) <= 999 for value in incoming.fields.values())
    if incoming.between_fields:
        assert tlv.write(incoming.fields) == content


@settings(deadline=None)
@given(FIELDS.filter(bool), st.data())
def test_a_message_cut_off_is_never_whole_by_mistake(fields: dict[str, str], data: st.DataObject) -> None:
    content = tlv.write(fields)
    cut = data.draw(st.integers(1, len(content) - 1))
    incoming = tlv.Incoming()
    incoming.feed(content[:cut])
    assert not incoming.between_fields or len(incoming.fields) < len(fields)


@pytest.mark.parametrize("content", [b"A", b"AE", b"AE01", b"AE003", b"AE0021"], ids=lambda content: content.decode())
def test_the_beginning_of_a_field_waits_for_its_end(content: bytes) -> None:
    incoming = tlv.Incoming()
    incoming.feed(content)
    assert not incoming.between_fields


@pytest.mark.parametrize(
    "content",
    [b"a", b"ae00210", b"AEx", b"AE00x", b"AE000", b"AE002\x00\x01", b"AE00210AE00201", b"HTTP/1.1 200", b"A" * 9000],
)
def test_what_cannot_become_a_message_is_malformed_at_once(content: bytes) -> None:
    with pytest.raises(tlv.Malformed):
        tlv.Incoming().feed(content)


def test_more_than_eight_kilobytes_are_refused() -> None:
    incoming = tlv.Incoming()
    for tag in ("AA", "AB", "AC", "AD", "AF", "AG", "AH", "AI"):
        incoming.feed(tlv.write({tag: "x" * 999}))
    with pytest.raises(tlv.Malformed):
        incoming.feed(tlv.write({"AJ": "x" * 999}))


# --- a reader ---


def read(line: Line) -> dict[str, str]:
    incoming = tlv.Incoming()
    while "CB" not in incoming.fields and incoming.fields.get("CD") not in {"3", "I", "B"}:
        incoming.feed(line.socket.recv(4096))
    return dict(incoming.fields)


def echo(request: Mapping[str, str]) -> dict[str, str]:
    return {tag: request[tag] for tag in ("CZ", "CJ", "CA", "CE", "CD", "CB") if tag in request}


def says(at_once: int = 1 << 20, **fields: str) -> Script:
    def play(line: Line) -> None:
        line.send(tlv.write(echo(read(line)) | fields), at_once=at_once)

    return play


APPROVED = {"AE": "10", "AF": "01", "AC": "482913", "AA": "628058######7215", "CC": "001", "CI": "1", "CG": "4242"}


def reader_at(port: int, **options: Json) -> Reader:
    return Reader(poi_id=POI, protocol="caisse_ap", host="127.0.0.1", port=port, options={"till": "07"} | options)


async def no_progress(step: str) -> None:
    assert step == "present_card"


def pay(script: Script, *, patience: Patience = PATIENCE, **options: Json) -> Seen:
    with scripted(script) as reader:
        return run(CaisseAp(reader_at(reader.port, **options), patience).pay(PAY, no_progress))


def facts_of(seen: Seen) -> Facts:
    assert isinstance(seen.answer, Facts)
    return seen.answer


def test_a_sale_asks_for_exactly_the_amount_and_carries_our_references() -> None:
    heard: list[dict[str, str]] = []

    def listens(line: Line) -> None:
        heard.append(tlv.read(line.socket.recv(4096)))
        line.send(tlv.write(echo(heard[-1]) | APPROVED))

    assert pay(listens, software_id="123456789012", protocol_version="0320").outcome is Outcome.APPROVED
    assert next(iter(heard[0])) == "CZ"
    assert heard[0] == {
        "CZ": "0320",
        "CJ": "123456789012",
        "CA": "07",
        "CE": "012",
        "BA": "0",
        "CD": "0",
        "CB": "123456",
        "CF": PAY.sale_reference,
        "CH": PAY.bill_reference,
    }
    pay(listens)
    assert "CH" not in heard[1], "the older version has no such field"


def test_an_approval_is_told_with_its_facts() -> None:
    facts = facts_of(pay(says(**(APPROVED | {"CB": "000000123456", "CF": PAY.sale_reference}))))
    assert (facts.amount_centimes, facts.currency, facts.approval_code) == (123_456, "DZD", "482913")
    assert (facts.masked_card, facts.entry_mode, facts.merchant_id) == ("628058******7215", "ICC", "4242")
    assert facts.echoes_reference is True


def test_a_reference_of_the_readers_own_is_not_taken_for_ours() -> None:
    facts = facts_of(pay(says(**(APPROVED | {"CF": "1010000000"}))))
    assert (facts.echoes_reference, facts.sale_reference) == (False, "1010000000")


def test_an_answer_in_single_bytes_is_one_answer() -> None:
    facts = facts_of(pay(says(at_once=1, **APPROVED)))
    assert (facts.approval_code, facts.merchant_id) == ("482913", "4242")


def test_what_comes_behind_the_result_belongs_to_it() -> None:
    def in_two_pieces(line: Line) -> None:
        request = read(line)
        line.send(tlv.write(echo(request) | {"AE": "10"}))
        line.send(tlv.write({"AF": "01", "AC": "482913"}))

    assert facts_of(pay(in_two_pieces)).approval_code == "482913"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"AE": "01", "AF": "04"}, Outcome.DECLINED),
        ({"AE": "01", "AF": "05"}, Outcome.DECLINED),
        ({"AE": "01", "AF": "06"}, Outcome.CANCELLED),
        ({"AE": "01", "AF": "11"}, Outcome.CANCELLED),
        ({"AE": "01"}, Outcome.DECLINED),
        ({"AE": "10", "AF": "04"}, Outcome.UNKNOWN),
        ({"AE": "01", "AF": "01"}, Outcome.UNKNOWN),
        ({"AE": "11"}, Outcome.UNKNOWN),
        ({"AE": "99"}, Outcome.UNKNOWN),
        (APPROVED | {"CB": "123457"}, Outcome.UNKNOWN),
        (APPROVED | {"CA": "08"}, Outcome.UNKNOWN),
        (APPROVED | {"CE": "978"}, Outcome.UNKNOWN),
        (APPROVED | {"CD": "1"}, Outcome.UNKNOWN),
    ],
)
def test_each_answer_has_its_outcome(fields: dict[str, str], outcome: Outcome) -> None:
    assert pay(says(**fields)).outcome is outcome


def closes(line: Line, *_: object) -> None:
    line.socket.close()


@pytest.mark.parametrize(
    "script",
    [
        closes,
        lambda line: closes(line, read(line)),
        lambda line: line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        lambda line: line.send(tlv.write(echo(read(line)))),
        lambda line: line.send(tlv.write(echo(read(line)) | APPROVED)[:-3]),
        lambda line: closes(line, read(line), line.reset()),
    ],
    ids=["closes", "closes after reading", "speaks http", "no result", "cut off", "resets"],
)
def test_no_good_answer_after_the_first_byte_is_unknown(script: Script) -> None:
    assert pay(script).outcome is Outcome.UNKNOWN


def test_silence_is_unknown() -> None:
    def silent(line: Line) -> None:
        read(line)
        line.socket.settimeout(10)
        line.socket.recv(1)

    assert pay(silent, patience=replace(PATIENCE, payment_seconds=0.2)).outcome is Outcome.UNKNOWN


def test_nobody_listens_so_nothing_was_sent() -> None:
    driver = CaisseAp(reader_at(free_port()), PATIENCE)
    assert run(driver.pay(PAY, no_progress)).outcome is Outcome.NOT_SENT


def test_another_currency_is_not_sent() -> None:
    driver = CaisseAp(reader_at(free_port()), PATIENCE)
    seen = run(driver.pay(replace(PAY, currency="EUR"), no_progress))
    assert (seen.outcome, facts_of(seen).reason) == (Outcome.NOT_SENT, "amount")


# --- the last ticket ---


def ticket(text: str) -> str:
    return tlv.write({"CK": "100", "AK": base64.b64encode(text.encode("latin-1")).decode()}).decode()


def ask(sent_at: datetime | None = None, **fields: str) -> Seen:
    question = replace(ASK, sent_at=sent_at or utc_now() - timedelta(seconds=30))
    with scripted(says(**fields)) as reader:
        return run(CaisseAp(reader_at(reader.port), PATIENCE).ask(question))


def printed(moment: datetime) -> str:
    return ticket(f"CARTE BANCAIRE\r\nle {moment.astimezone(ALGIERS):%d/%m/%y a %H:%M:%S}\r\nMONTANT 1234,56 DA")


def test_the_last_ticket_counts_when_it_names_our_sale() -> None:
    seen = ask(CB="123456", CF=PAY.sale_reference, **APPROVED)
    assert (seen.outcome, facts_of(seen).approval_code) == (Outcome.APPROVED, "482913")
    refused = ask(CB="123456", CF=PAY.sale_reference, AE="01", AF="04")
    assert refused.outcome is Outcome.DECLINED


def test_the_last_ticket_counts_when_amount_and_time_are_ours() -> None:
    seen = ask(CB="123456", ZT=printed(utc_now()), **APPROVED)
    assert (seen.outcome, facts_of(seen).echoes_reference) == (Outcome.APPROVED, False)
    assert "MONTANT 1234,56 DA" in facts_of(seen).slip.customer


@pytest.mark.parametrize(
    "fields",
    [
        {"CB": "123400", "ZT": printed(utc_now())},
        {"CB": "123456", "ZT": printed(utc_now() - timedelta(hours=1))},
        {"CB": "123456", "ZT": printed(utc_now() + timedelta(hours=1))},
        {"CB": "123456", "ZT": ticket("sans date")},
        {"CB": "123456"},
        {"CB": "123456", "CF": "S-000122-1"},
    ],
    ids=["amount", "older", "later", "no date", "no ticket", "another sale"],
)
def test_a_ticket_that_is_not_certainly_ours_decides_nothing(fields: dict[str, str]) -> None:
    seen = ask(**(APPROVED | fields))
    assert (seen.outcome, facts_of(seen).reason) == (Outcome.NOT_FOUND, "no_match")


def test_another_sales_ticket_is_not_printed_again_with_every_question() -> None:
    question = replace(ASK, sent_at=utc_now())
    with scripted(says(CB="000000000500", **APPROVED)) as reader:
        driver = CaisseAp(reader_at(reader.port), PATIENCE)
        outcomes = [run(driver.ask(question)).outcome for _ in range(5)]
        assert (outcomes, reader.connections) == ([Outcome.NOT_FOUND] * 5, 1)


def test_the_ticket_of_the_payment_does_not_prove_that_it_was_taken_back() -> None:
    question = replace(ASK, of_category="Reversal", sent_at=utc_now())
    with scripted(says(CB="123456", CF=PAY.sale_reference, **APPROVED)) as reader:
        assert run(CaisseAp(reader_at(reader.port), PATIENCE).ask(question)).outcome is Outcome.NOT_FOUND


def test_a_reader_that_does_not_answer_leaves_everything_open() -> None:
    driver = CaisseAp(reader_at(free_port()), PATIENCE)
    assert run(driver.ask(ASK)).outcome is Outcome.UNREACHABLE


# --- the rest ---


def test_a_cancellation_is_done_refused_or_unknown() -> None:
    def reverse(script: Script) -> Outcome:
        with scripted(script) as reader:
            return run(CaisseAp(reader_at(reader.port), PATIENCE).reverse(REVERSE)).outcome

    assert reverse(says(**APPROVED)) is Outcome.DONE
    assert reverse(says(AE="01", AF="04")) is Outcome.REFUSED
    assert reverse(says(AE="01", AF="06")) is Outcome.REFUSED
    assert reverse(closes) is Outcome.UNKNOWN


def test_nothing_aborts_it_but_its_own_red_key() -> None:
    abort = Abort(service_id="0000000A4C", of_service_id=PAY.service_id, sale_id=PAY.sale_id)
    driver = CaisseAp(reader_at(free_port()), PATIENCE)
    assert run(driver.abort(abort)).outcome is Outcome.REFUSED
    assert not driver.capabilities.can_abort


def test_a_ping_shows_that_it_lives() -> None:
    with scripted(says(AE="10", AQ="SN-42")) as reader:
        seen = run(CaisseAp(reader_at(reader.port), PATIENCE).diagnose())
    assert (seen.outcome, seen.answer) == (Outcome.DONE, Health(global_status="ok", serial="SN-42"))
    nobody = run(CaisseAp(reader_at(free_port()), PATIENCE).diagnose())
    assert nobody.outcome is Outcome.UNREACHABLE


def test_sending_the_batch_is_the_only_sum_that_it_knows() -> None:
    with scripted(says(AE="10", AF="01")) as reader:
        driver = CaisseAp(reader_at(reader.port), PATIENCE)
        assert run(driver.totals(TotalsWanted(sale_id="AG07-C1", close=True))).outcome is Outcome.DONE
        assert run(driver.totals(TotalsWanted(sale_id="AG07-C1", close=False))).outcome is Outcome.REFUSED
