"""Caisse-AP over real TCP: tags in any order and in any pieces, and exact answers."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.reader.caisse_ap.tags import Incoming, NotCaisseAp, written

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import CaisseTill, InProcess

SALE = "CZ0040320CJ012012345678901CA00207CE003012BA0010CD0010CB006123456CF021FAC-2026-0001234567-2"
POOR = "6280580610061110"

# The tags themselves


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True),
        st.text(st.characters(codec="latin-1"), min_size=1, max_size=999),
        max_size=6,
    ),
    st.lists(st.integers(1, 40), max_size=30),
)
def test_what_was_written_is_read_in_whatever_pieces(fields: dict[str, str], cuts: list[int]) -> None:
    message, incoming = written(fields), Incoming()
    for cut in [*cuts, len(message)]:
        incoming.feed(message[:cut])
        message = message[cut:]
    assert incoming.is_between_tags
    assert incoming.fields == fields


@pytest.mark.parametrize(
    "nonsense", [b"GET / HTTP/1.1\r\n\r\n", b"\x02CZ0040320", b"CZ00x1234", b"cz004", b"AE" * 9000]
)
def test_what_can_never_become_a_message_is_refused_at_once(nonsense: bytes) -> None:
    with pytest.raises(NotCaisseAp):
        Incoming().feed(nonsense)


def test_the_version_comes_first_and_empty_values_not_at_all() -> None:
    assert written({"CD": "0", "CF": "", "CZ": "0300"}) == b"CZ0040300CD0010"


# A sale


def test_a_sale_answers_with_the_same_till_amount_and_reference(caisse: CaisseTill) -> None:
    told = caisse.ask(SALE)
    assert {tag: told[tag] for tag in ("CZ", "CJ", "CA", "CE", "CD", "AE", "AF", "CF")} == {
        "CZ": "0320",
        "CJ": "012345678901",
        "CA": "07",
        "CE": "012",
        "CD": "0",
        "AE": "10",
        "AF": "01",
        "CF": "FAC-2026-0001234567-2",
    }
    assert told["CB"] == "000000123456"
    assert (told["AA"], told["AL"], told["CC"], told["CI"]) == ("628058######7215", "1", "001", "1")
    assert len(told["AC"]) == 6
    assert caisse.taken() == 123_456


@pytest.mark.parametrize(
    "message",
    [
        "CZ0040300CD0010CB00205CE003012CA00207",
        "CZ0040320CA0017CE003012CD0010CB012000000000005",
        "CZ0040301CE003DZDCB0015CD0010CA0010CF0011",
        "CZ0040320CJ012999999999999CA0027 CE003012CD0010CB00205BA0010CC003001CI0010CK003120XX0011",
    ],
    ids=["no CJ, other order", "CA of one, CB padded", "letters for the currency", "unknown tags"],
)
def test_other_ways_to_say_the_same(new_reader: Callable[..., CaisseTill], message: str) -> None:
    caisse = new_reader(protocol="caisse_ap")
    told = caisse.ask(message)
    assert (told["AE"], int(told["CB"])) == ("10", 5)
    assert caisse.taken() == 5


def test_a_sale_in_segments_of_one_byte_and_one_whose_end_comes_late(caisse: CaisseTill) -> None:
    every_byte = [SALE[at : at + 1].encode() for at in range(len(SALE))]
    assert caisse.exchange(*every_byte).startswith(b"CZ0040320")
    # Whole without its reference, which comes a moment later.
    told = caisse.exchange(SALE[:68].encode(), SALE[68:].encode())
    assert b"CF021FAC-2026-0001234567-2" in told


def test_the_answer_comes_although_the_till_has_said_that_it_will_say_no_more(caisse: CaisseTill) -> None:
    with socket.create_connection(caisse.address, timeout=10) as connection:
        connection.sendall(SALE.encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(4096).startswith(b"CZ0040320")


def test_an_answer_at_once_says_only_that_the_sale_was_taken_into_account(caisse: CaisseTill) -> None:
    assert caisse.ask(SALE.replace("BA0010", "BA0011"))["AE"] == "11"
    assert caisse.ask("CZ0040320CA00207CE003012CD0013")["AE"] == "10"


@pytest.mark.parametrize(
    ("card", "verbs", "detail"),
    [
        (POOR, ["card", "pin"], "04"),
        ("6280581110003927", ["card", "pin"], "05"),
        ("6280581110007215", ["cancel"], "06"),
        ("6280581110007215", ["card", "remove-card"], "07"),
    ],
)
def test_what_a_customer_may_do_and_the_detail_that_tells(
    new_reader: Callable[..., CaisseTill], card: str, verbs: list[str], detail: str
) -> None:
    caisse = new_reader(protocol="caisse_ap", autopilot=False)
    with ThreadPoolExecutor() as beside:
        selling = beside.submit(caisse.ask, SALE)
        caisse.wait_for_customer(selling)
        for verb in verbs:
            assert caisse.do(verb, **({"card": card} if verb == "card" else {}))["done"]
        told = selling.result(10)
    assert (told["AE"], told["AF"]) == ("01", detail)
    assert caisse.taken() == 0


def test_what_is_wrong_with_a_sale_is_told_by_its_detail(caisse: CaisseTill) -> None:
    for wrong, detail in {
        SALE.replace("CE003012", "CE003978"): "13",
        SALE.replace("CB006123456", "CB00200"): "09",
        SALE.replace("CB006123456", "CB0061234x6"): "09",
        SALE.replace("CD0010", "CD0019"): "12",
        SALE.replace("CA00207", "CA00208"): "10",
    }.items():
        told = caisse.ask(wrong)
        assert (told["AE"], told["AF"]) == ("01", detail)
    assert caisse.log() == []


def test_bytes_that_are_no_message_get_no_answer(caisse: CaisseTill) -> None:
    assert caisse.exchange(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    assert caisse.log() == []


# Everything else


def test_a_cancellation_takes_the_last_sale_of_this_amount_back_once(caisse: CaisseTill) -> None:
    caisse.ask(SALE)
    cancellation = SALE.replace("CD0010", "CD0012")
    assert caisse.ask(cancellation.replace("CB006123456", "CB006123457"))["AE"] == "01"
    told = caisse.ask(cancellation)
    assert (told["AE"], told["CD"], int(told["CB"])) == ("10", "2", 123_456)
    assert caisse.taken() == 0
    again = caisse.ask(cancellation)
    assert (again["AE"], again["AF"]) == ("01", "07")
    assert caisse.taken() == 0


def test_a_cancellation_takes_back_the_sale_that_its_reference_names(caisse: CaisseTill) -> None:
    caisse.ask(SALE)
    caisse.ask(SALE.replace("-2", "-3"))
    caisse.ask(SALE.replace("CD0010", "CD0012"))
    assert [each["reference"][-2:] for each in caisse.log() if each["reversed_by"]] == ["-2"]


def test_a_credit_gives_money_without_a_sale_before_it(caisse: CaisseTill) -> None:
    before = caisse.sandbox.balance()
    assert caisse.ask(SALE.replace("CD0010", "CD0011"))["AE"] == "10"
    assert caisse.sandbox.balance() == before + 123_456


def test_a_duplicate_is_the_last_ticket_whoever_it_was_for(
    caisse: CaisseTill, read_fields: Callable[[bytes], dict[str, str]]
) -> None:
    asking = "CZ0040320CA00207CE003012CD0013"
    assert caisse.ask(asking)["AE"] == "01"
    sale = caisse.ask(SALE)
    told = caisse.ask(asking)
    assert {tag: told[tag] for tag in ("AE", "AC", "CB", "CF")} == {tag: sale[tag] for tag in ("AE", "AC", "CB", "CF")}
    ticket = base64.b64decode(read_fields(told["ZT"].encode())["AK"]).decode("latin-1").splitlines()
    assert "DUPLICATA" in ticket
    assert "Montant 1234.56 DZD" in ticket


def test_the_ticket_comes_with_the_answer_where_the_till_asks_for_it(caisse: CaisseTill) -> None:
    assert "ZT" not in caisse.ask(SALE)
    assert "ZT" in caisse.ask(SALE + "CK003100")


def test_the_status_of_a_sale_by_its_reference_is_a_vendors_extension(caisse: CaisseTill) -> None:
    caisse.ask(SALE + "CH0123104BILL0007")
    asking = "CZ0040320CA00207CE003012CD001T"
    for reference in ("CH0123104BILL0007", "CF021FAC-2026-0001234567-2"):
        told = caisse.ask(asking + reference)
        assert (told["AE"], int(told["CB"])) == ("10", 123_456)
    unknown = caisse.ask(asking + "CF005OTHER")
    assert (unknown["AE"], unknown["AF"]) == ("01", "00")


def test_ping_batch_and_print(caisse: CaisseTill) -> None:
    assert caisse.ask("CZ0040320CA00207CE003012CD001I")["AE"] == "10"
    caisse.ask(SALE)
    assert caisse.ask("CZ0040320CA00207CD001B")["AE"] == "10"
    assert caisse.shown()["batch"] == 2
    refused = caisse.ask(SALE.replace("CD0010", "CD0012"))
    assert refused["AE"] == "01"
    text = base64.b64encode("Reçu n° 12\r\nMerci".encode("latin-1")).decode()
    document = f"CK003100AK{len(text):03d}{text}"
    assert caisse.ask(f"CZ0040320CA00207CD001PZT{len(document):03d}{document}")["AE"] == "10"
    assert caisse.shown()["paper"][-1]["lines"] == ["Reçu n° 12", "Merci"]
    assert caisse.ask("CZ0040320CA00207CD001PZT005nonse")["AF"] == "09"


def test_one_sale_at_a_time(new_reader: Callable[..., CaisseTill]) -> None:
    caisse = new_reader(protocol="caisse_ap", autopilot=False)
    with ThreadPoolExecutor() as beside:
        selling = beside.submit(caisse.ask, SALE)
        caisse.wait_for_customer(selling)
        assert caisse.ask(SALE)["AE"] == "01"
        assert caisse.ask("CZ0040320CA00207CD001B")["AE"] == "01"
        caisse.do("cancel")
        assert selling.result(10)["AF"] == "06"


def test_tags_do_without_sockets(in_process: Callable[..., InProcess]) -> None:
    world = in_process(protocol="caisse_ap", autopilot=True, autopilot_seconds=0, host_seconds=0, printing_seconds=0)
    told = world.caisse.answer({"CZ": "0320", "CA": "07", "CE": "012", "CD": "0", "CB": "80650"}, now=world.now)
    assert told is not None
    assert (told["AE"], told["CB"]) == ("10", "000000080650")
