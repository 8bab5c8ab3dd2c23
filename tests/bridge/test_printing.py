"""Receipts on 80 mm paper: joined Arabic letters in the right order, as dots, and the printer's own QR code."""

from __future__ import annotations

import socket
import threading
from dataclasses import asdict

import pytest
from PIL import Image

from adapters.documents.receipt_examples import a_receipt
from agency_bridge.portal.orders import Print, read_wishes
from agency_bridge.printing.drawn import drawn
from agency_bridge.printing.paper import Line, Paper
from agency_bridge.printing.printer import Network, NotPrinted, as_bytes
from bawabati.adapters.documents.paper_roll.roll import PaperRoll
from bridge.looping import run
from programs import free_port

ARABIC = Line(text="شركة المياه والتطهير", direction="rtl", align="right")


def columns(picture: Image.Image) -> list[int]:
    """How many black dots each column has."""
    dots = picture.load()
    assert dots is not None
    return [sum(not dots[across, down] for down in range(picture.height)) for across in range(picture.width)]


def dots_of(text: str, **more: str) -> bytes:
    return drawn((Line(text=text, **more),), width=576).tobytes()  # type: ignore[arg-type]


def test_a_picture_is_as_wide_as_the_paper_and_one_bit_deep() -> None:
    picture = drawn((ARABIC,), width=576)
    assert (picture.width, picture.mode) == (576, "1")
    assert drawn((ARABIC,), width=515).width % 8 == 0


def test_arabic_letters_are_joined() -> None:
    joined = drawn((Line(text="ببب", direction="rtl"),), width=576)
    apart = drawn((Line(text="ب\u200cب\u200cب", direction="rtl"),), width=576)
    assert joined.tobytes() != apart.tobytes()
    inked = [place for place, dots in enumerate(columns(joined)) if dots]
    assert inked == list(range(inked[0], inked[-1] + 1)), "a joined word has no gap in its base line"
    gaps = [place for place, dots in enumerate(columns(apart)) if dots]
    assert gaps != list(range(gaps[0], gaps[-1] + 1))


def test_arabic_begins_at_the_right_and_french_at_the_left() -> None:
    arabic = [place for place, dots in enumerate(columns(drawn((ARABIC,), width=576))) if dots]
    french = [place for place, dots in enumerate(columns(drawn((Line(text="Reçu"),), width=576))) if dots]
    assert arabic[-1] > 550
    assert french[0] < 20


def test_an_amount_reads_from_the_left_inside_arabic() -> None:
    """A plain space would let the thousands change places with the rest."""
    protected = dots_of("المبلغ \u20661\u00a0234,56\u2069 دج", direction="rtl")
    assert dots_of("المبلغ 1 234,56 دج", direction="rtl") == protected


def test_a_masked_card_reads_from_the_left_inside_arabic() -> None:
    assert dots_of("رقم 628058******7215", direction="rtl") == dots_of(
        "رقم \u2066628058******7215\u2069", direction="rtl"
    )


def test_a_name_in_latin_letters_reads_from_the_left_inside_arabic() -> None:
    assert dots_of("أمين الصندوق : Nadia B.", direction="rtl") == dots_of(
        "أمين الصندوق : \u2066Nadia B.\u2069", direction="rtl"
    )


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_the_portal_wants_on_paper_is_drawn_line_by_line(language: str) -> None:
    roll = PaperRoll().receipt(a_receipt(language))
    order = {"lines": [asdict(line) for line in roll.lines], "qr": roll.qr, "cut": True, "drawer": False, "width": 576}
    row = {"id": 1, "kind": "print", "poi_id": "SIM-1", "taken": False, "body": order}
    (read,) = read_wishes({"orders": [row]}).orders
    assert isinstance(read.body, Print)
    assert [asdict(line) for line in read.body.paper.lines] == order["lines"]
    picture = drawn(read.body.paper.lines, width=576)
    assert picture.height > 30 * len(roll.lines)
    assert columns(picture)[0] == columns(picture)[-1] == 0, "nothing touches the edges"


def test_a_row_of_dashes_is_a_line_across() -> None:
    ruled = columns(drawn((Line(text="-" * 32, align="centre"),), width=576))
    assert all(ruled[10:560])


def test_a_long_line_is_folded_and_a_long_word_broken() -> None:
    one = drawn((Line(text="mot"),), width=576).height
    assert drawn((Line(text="mot " * 40),), width=576).height > 3 * one - 40
    letters = drawn((Line(text="x" * 200),), width=576)
    assert letters.height > one
    assert max(place for place, dots in enumerate(columns(letters)) if dots) < 576


def test_what_is_no_text_does_no_harm() -> None:
    drawn((Line(text="\x00\x1b@\x1dV0\n\t\u202e"), Line(text=""), Line(text="x", size=9, align="sideways")), width=576)
    assert b"\x1dV0" not in as_bytes(Paper(lines=(Line(text="\x1dV0"),), cut=False), width=576)


def test_the_printer_gets_dots_a_code_a_cut_and_a_pulse() -> None:
    content = as_bytes(Paper(lines=(ARABIC,), qr="https://pay.example.dz/r/abc", cut=True, drawer=True), width=576)
    assert content.startswith(b"\x1b@\x1dv0\x00" + bytes([72, 0]))  # 72 bytes are 576 dots
    assert b"\x1d(k" in content
    assert b"https://pay.example.dz/r/abc" in content
    assert b"\x1dV" in content
    assert b"\x1bp" in content


def test_neither_cut_nor_pulse_unless_asked() -> None:
    content = as_bytes(Paper(lines=(ARABIC,), cut=False), width=576)
    assert b"\x1dV" not in content
    assert b"\x1bp" not in content
    assert b"\x1d(k" not in content


@pytest.mark.parametrize(("asked", "width"), [(0, 512), (512, 576), (384, 576)])
def test_the_width_is_the_papers_or_the_printers(asked: int, width: int) -> None:
    content = as_bytes(Paper(lines=(ARABIC,), width=asked), width=width)
    assert content[6] == (asked or width) // 8


def test_a_printer_on_the_network_gets_every_byte() -> None:
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            connection, _ = listener.accept()
            with connection:
                while piece := connection.recv(4096):
                    received.extend(piece)

        thread = threading.Thread(target=listen)
        thread.start()
        content = as_bytes(Paper(lines=(ARABIC,) * 40), width=576)
        run(Network(host="127.0.0.1", port=listener.getsockname()[1]).send(content))
        thread.join(10)
    assert bytes(received) == content


def test_a_printer_that_is_not_there_is_said() -> None:
    with pytest.raises(NotPrinted):
        run(Network(host="127.0.0.1", port=free_port()).send(b"x"))
