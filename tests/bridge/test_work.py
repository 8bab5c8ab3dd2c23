"""A real bridge between a portal and a reader: enrolled, asked, cut off, and asked again."""

from __future__ import annotations

import json
import socket
import stat
import threading
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from bridge.nexo_words import PAY, REVERSE
from bridge.portal_side import portal_side
from bridge.running import bridge_in, command
from bridge.scripted import POI, Json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.scene import Scene

ORDER = 41
SECOND_PAY = asdict(PAY) | {"service_id": "0000000A20", "sale_reference": "S-000124-1"}


# --- enrolment ---


def enrol(folder: Path, portal: str, code: str = "abcd-efgh-ijkl") -> tuple[int, str]:
    done = command("enrol", "--portal", portal, "--code", code, "--folder", str(folder))
    return done.returncode, done.stdout + done.stderr


def test_an_enrolment_leaves_a_key_that_nobody_else_reads(tmp_path: Path) -> None:
    with portal_side() as side:
        code, said = enrol(tmp_path, side.url)
    assert code == 0, said
    identity = tmp_path / "identity.json"
    told = json.loads(identity.read_text())
    assert (told["bridge"], told["agency"], len(told["key"])) == (7, "AG07", 43)
    assert side.keys == {"ABCD-EFGH-IJKL": told["key"]}
    assert stat.S_IMODE(identity.stat().st_mode) == 0o600
    assert told["key"] not in said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["identity.json"]


def test_an_enrolment_whose_answer_was_lost_is_given_again_with_the_same_key(tmp_path: Path) -> None:
    with portal_side() as side:
        side.loses_answers = 1
        code, said = enrol(tmp_path, side.url)
        assert code == 2
        assert "may be given again" in said
        code, said = enrol(tmp_path, side.url)
    assert code == 0, said
    assert side.keys == {"ABCD-EFGH-IJKL": json.loads((tmp_path / "identity.json").read_text())["key"]}


def test_a_refused_code_is_said_in_the_portals_words(tmp_path: Path) -> None:
    with portal_side() as side:
        assert enrol(tmp_path, side.url, "GONE-GONE-GONE") == (2, "bawabati-bridge: This code is not known.\n")
    assert not (tmp_path / "identity.json").exists()


@pytest.mark.parametrize("portal", ["http://pay.example.dz", "ftp://127.0.0.1", "pay.example.dz", "https://a b"])
def test_a_key_goes_only_over_tls(tmp_path: Path, portal: str) -> None:
    code, said = enrol(tmp_path, portal)
    assert code == 2
    assert "https" in said


def test_a_bridge_that_was_never_enrolled_says_so(tmp_path: Path) -> None:
    done = command("run", "--folder", str(tmp_path))
    assert (done.returncode, "enrol this bridge first" in done.stderr) == (2, True)


# --- a payment ---


def test_a_payment_from_order_to_acknowledged_result(scene: Scene) -> None:
    with bridge_in(scene.folder) as bridge:
        scene.side.put(ORDER, "pay", asdict(PAY))
        result = scene.side.result(ORDER)
        scene.side.wait_for(lambda: scene.side.progress)
        assert bridge.stop() == 0, bridge.said()
    assert result["outcome"] == "approved"
    assert result["answer"]["amount_centimes"] == 123_456
    assert "6280581110007215" not in json.dumps(result)
    assert scene.side.progress == [(ORDER, "present_card")]
    assert scene.sent() == [PAY.service_id]
    assert "6280581110007215" not in bridge.said()
    assert b"6280581110007215" not in (scene.folder / "journal.sqlite3").read_bytes()
    assert stat.S_IMODE((scene.folder / "journal.sqlite3").stat().st_mode) == 0o600


def test_nothing_is_sent_before_the_portal_says_go(scene: Scene) -> None:
    scene.side.withdraws = True
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder):
        scene.side.wait_for(lambda: ORDER not in scene.side.orders)
        scene.side.put(ORDER + 1, "diagnose", {})
        scene.side.result(ORDER + 1)
    assert scene.sent() == []


def test_a_result_goes_up_until_the_portal_acknowledges_it(scene: Scene) -> None:
    scene.side.loses_answers = 2
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder):
        scene.side.wait_for(lambda: scene.side.uploads.count(ORDER) >= 3)
    assert scene.sent() == [PAY.service_id]


def test_no_new_sale_begins_while_the_portal_has_not_acknowledged_the_last_result(scene: Scene) -> None:
    scene.card.clear()
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(scene.sent)
        scene.side.refuses_results = True
        scene.side.put(ORDER + 1, "pay", SECOND_PAY)
        scene.card.set()
        scene.side.wait_for(lambda: scene.side.uploads.count(ORDER) >= 2)
        polls = scene.side.polls
        scene.side.wait_for(lambda: scene.side.polls > polls + 1)
        assert scene.sent() == [PAY.service_id]
        assert ORDER + 1 not in scene.side.taken
        scene.side.refuses_results = False
        assert scene.side.result(ORDER + 1)["outcome"] == "approved"
        bridge.stop()
    assert scene.sent() == [PAY.service_id, "0000000A20"]


def test_an_abort_and_a_question_go_beside_a_payment_that_waits(scene: Scene) -> None:
    scene.card.clear()
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder):
        scene.side.wait_for(scene.sent)
        scene.side.put(
            ORDER + 1, "abort", {"service_id": "0000000A50", "of_service_id": PAY.service_id, "sale_id": "AG07-C1"}
        )
        question = {
            "service_id": "0000000A51",
            "of_service_id": PAY.service_id,
            "of_category": "Payment",
            "sale_id": "AG07-C1",
            "sale_reference": PAY.sale_reference,
            "amount_centimes": PAY.amount_centimes,
            "currency": "DZD",
            "sent_at": "2026-11-22T09:38:17+01:00",
        }
        scene.side.put(ORDER + 2, "ask", question)
        assert scene.side.result(ORDER + 1)["outcome"] == "done"
        assert scene.side.result(ORDER + 2)["outcome"] == "in_progress"
        assert ORDER not in scene.side.results
        scene.card.set()
        scene.side.result(ORDER)


def test_the_same_number_of_ours_is_never_sent_again_under_another_order(scene: Scene) -> None:
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.result(ORDER)
        scene.side.put(ORDER + 1, "pay", asdict(PAY))
        scene.side.wait_for(lambda: "was sent to that reader before" in bridge.said())
        scene.side.put(ORDER + 2, "diagnose", {})
        scene.side.result(ORDER + 2)
    assert scene.sent() == [PAY.service_id]


def test_a_portal_that_was_set_back_gets_the_results_again(scene: Scene) -> None:
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder):
        first = scene.side.result(ORDER)
        scene.side.wait_for(lambda: scene.side.polls)
        del scene.side.results[ORDER]
        assert scene.side.result(ORDER) == first
    assert scene.sent() == [PAY.service_id]


def test_an_order_under_a_known_number_that_is_another_one_is_not_done(scene: Scene) -> None:
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.result(ORDER)
        scene.side.put(ORDER, "pay", SECOND_PAY)
        del scene.side.results[ORDER]
        scene.side.wait_for(lambda: "not the one that this bridge knows" in bridge.said())
    assert scene.sent() == [PAY.service_id]


def test_a_payment_that_is_let_go_too_late_is_not_sent_any_more(scene: Scene) -> None:
    """Its customer may have left, and the reader would take the next card."""
    with (scene.folder / "settings.toml").open("a") as settings:
        settings.write("go_seconds = 0.4\n")
    scene.side.silent_about_taken = True
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder):
        scene.side.wait_for(lambda: scene.side.asked_to_take >= 4)
        scene.side.silent_about_taken = False
        result = scene.side.result(ORDER)
    assert (result["outcome"], result["answer"]["reason"]) == ("not_sent", "too_late")
    assert scene.sent() == []


def test_a_journal_that_cannot_be_written_stops_everything_before_anything_is_sent(scene: Scene) -> None:
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(lambda: scene.side.contacts)
        bridge.stop()
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder, full_disk=True) as full:
        assert full.process.wait(30) == 2
    assert scene.sent() == []
    with bridge_in(scene.folder):
        assert scene.side.result(ORDER)["outcome"] == "approved"


@pytest.mark.parametrize("kind", ["pay", "reverse"])
def test_what_a_lost_journal_knew_is_never_sent_again(scene: Scene, kind: str) -> None:
    """Enrolled anew into an empty folder: the portal says that we took it, and we know nothing of it."""
    scene.side.taken.add(ORDER)
    scene.side.put(ORDER, kind, asdict(PAY if kind == "pay" else REVERSE))
    with bridge_in(scene.folder):
        result = scene.side.result(ORDER)
        scene.side.put(ORDER + 1, "pay", SECOND_PAY)
        assert scene.side.result(ORDER + 1)["outcome"] == "approved"
    assert (result["outcome"], result["answer"]["reason"]) == ("unknown", "journal_lost")
    assert scene.sent("Reversal") == []
    assert scene.sent() == [SECOND_PAY["service_id"]]


# --- the line ---


def test_a_line_that_was_cut_is_told_when_it_is_back(scene: Scene) -> None:
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(lambda: any(contact["readers"] for contact in scene.side.contacts))
        assert scene.side.contacts[-1]["line_lost_at"] is None
        scene.side.down = True
        scene.side.wait_for(lambda: "does not answer" in bridge.said())
        scene.side.contacts.clear()
        scene.side.down = False
        scene.side.wait_for(lambda: scene.side.contacts and scene.side.contacts[0]["line_lost_at"])
        scene.side.wait_for(lambda: scene.side.contacts[-1]["line_lost_at"] is None)
    assert scene.side.contacts[-1]["readers"] == [
        {"poi_id": POI, "status": "ok", "printer": "ok", "serial": "", "boot": ""}
    ]


def test_a_payment_whose_line_is_cut_in_the_middle_is_reported_when_it_is_back(scene: Scene) -> None:
    scene.card.clear()
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(scene.sent)
        scene.side.down = True
        scene.card.set()
        scene.side.wait_for(lambda: "approved" in bridge.said())
        bridge.kill()
    with bridge_in(scene.folder):
        scene.side.down = False
        assert scene.side.result(ORDER)["outcome"] == "approved"
    assert scene.sent() == [PAY.service_id]


def test_a_proxy_that_refuses_is_no_answer_of_the_portal(scene: Scene) -> None:
    scene.side.proxy_refuses = True
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(lambda: "does not answer: http_403" in bridge.said())
        scene.side.proxy_refuses = False
        assert scene.side.result(ORDER)["outcome"] == "approved"


def test_a_bridge_whose_key_is_refused_takes_no_sale_and_says_so(scene: Scene) -> None:
    scene.side.forgets_bridge = True
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(lambda: "does not know this bridge's key" in bridge.said())
        assert bridge.stop() == 0, bridge.said()
    assert scene.sent() == []


def test_orders_that_cannot_be_read_harm_no_others(scene: Scene) -> None:
    scene.side.put(ORDER, "pay", asdict(PAY) | {"amount_centimes": 12.5})
    scene.side.put(ORDER + 1, "pay", asdict(PAY) | {"service_id": "MUCH-TOO-LONG"})
    scene.side.put(ORDER + 2, "dance", {})
    scene.side.put(ORDER + 3, "diagnose", {})
    with bridge_in(scene.folder):
        assert scene.side.result(ORDER + 3)["answer"]["global_status"] == "ok"
    assert scene.sent() == []


def test_a_reader_that_the_portal_did_not_describe_gets_nothing(scene: Scene) -> None:
    scene.side.put(ORDER, "pay", asdict(PAY), poi_id="SIM1000-999")
    with bridge_in(scene.folder):
        result = scene.side.result(ORDER)
    assert (result["outcome"], result["answer"]["reason"]) == ("not_sent", "no_such_reader")


# --- paper ---


@contextmanager
def printer() -> Iterator[tuple[int, bytearray]]:
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    while piece := connection.recv(4096):
                        received.extend(piece)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1], received
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


PAPER: Json = {
    "lines": [{"text": "تم قبول الدفع", "align": "centre", "bold": True, "size": 2, "direction": "rtl"}],
    "qr": "https://pay.example.dz/r/abc",
    "cut": True,
    "drawer": False,
    "width": 576,
}


def test_a_receipt_is_printed_on_the_printer_of_its_reader(scene: Scene) -> None:
    with printer() as (port, received), bridge_in(scene.folder):
        scene.side.readers[0]["options"]["printer"] = {"host": "127.0.0.1", "port": port}
        scene.side.put(ORDER, "print", PAPER)
        assert scene.side.result(ORDER)["outcome"] == "done"
    assert b"https://pay.example.dz/r/abc" in received
    assert len(received) > 4_000


def test_without_a_printer_the_browser_has_to_print(scene: Scene) -> None:
    scene.side.put(ORDER, "print", PAPER)
    with bridge_in(scene.folder):
        result = scene.side.result(ORDER)
    assert (result["outcome"], result["answer"]["reason"]) == ("refused", "no_printer")
