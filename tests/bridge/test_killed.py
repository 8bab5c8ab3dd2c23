"""A real bridge, killed at each step of an order: what it reports afterwards is true, and nothing is sent twice."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from bridge.nexo_words import ASK, PAY, REVERSE
from bridge.running import bridge_in

if TYPE_CHECKING:
    from bridge.scene import Scene

ORDER = 41


@pytest.mark.parametrize(
    ("place", "outcome", "times_sent"),
    [
        ("journal: taken", "not_sent", 0),
        ("journal: sending", "unknown", 0),
        ("reader: answered", "unknown", 1),
        ("journal: answered", "approved", 1),
        ("portal: result", "approved", 1),
        ("journal: acknowledged", "approved", 1),
    ],
)
@pytest.mark.parametrize("kind", ["pay", "reverse"])
def test_killed_at_each_step(scene: Scene, kind: str, place: str, outcome: str, times_sent: int) -> None:
    body, category = (asdict(PAY), "Payment") if kind == "pay" else (asdict(REVERSE), "Reversal")
    scene.side.put(ORDER, kind, body)
    with bridge_in(scene.folder, dies_at=place) as dying:
        dying.wait_for_death()
    with bridge_in(scene.folder) as bridge:
        result = scene.side.result(ORDER)
        scene.side.put(ORDER + 1, "diagnose", {})
        scene.side.result(ORDER + 1)  # it goes on with other things
        assert bridge.stop() == 0, bridge.said()
    words = {"approved": "done"} if kind == "reverse" else {}
    assert result["outcome"] == words.get(outcome, outcome)
    assert scene.sent(category) == [body["service_id"]] * times_sent


def test_killed_while_the_card_is_awaited(scene: Scene) -> None:
    scene.card.clear()
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(scene.sent)
        bridge.kill()
    scene.card.set()
    with bridge_in(scene.folder):
        assert scene.side.result(ORDER)["outcome"] == "unknown"
    assert scene.sent() == [PAY.service_id]


def test_stopped_while_the_card_is_awaited_it_waits_for_the_answer(scene: Scene) -> None:
    scene.card.clear()
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(scene.sent)
        threading.Timer(0.5, scene.card.set).start()
        assert bridge.stop() == 0, bridge.said()
    assert scene.side.results[ORDER]["outcome"] == "approved"


def test_a_question_cut_off_is_simply_asked_again(scene: Scene) -> None:
    scene.side.put(ORDER, "ask", asdict(ASK) | {"sent_at": ASK.sent_at.isoformat() if ASK.sent_at else None})
    with bridge_in(scene.folder, dies_at="journal: sending") as dying:
        dying.wait_for_death()
    with bridge_in(scene.folder):
        assert scene.side.result(ORDER)["outcome"] == "in_progress"


def test_a_period_of_the_reader_is_not_closed_twice(scene: Scene) -> None:
    scene.side.put(ORDER, "totals", {"sale_id": "AG07-C1", "close": True})
    with bridge_in(scene.folder, dies_at="reader: answered") as dying:
        dying.wait_for_death()
    with bridge_in(scene.folder):
        assert scene.side.result(ORDER)["outcome"] == "unreachable"
    assert len(scene.sent("Reconciliation")) == 1


def test_a_withdrawn_order_is_forgotten_over_a_restart(scene: Scene) -> None:
    scene.side.withdraws = True
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder, dies_at="journal: withdrawn") as dying:
        dying.wait_for_death()
    with bridge_in(scene.folder) as bridge:
        scene.side.put(ORDER + 1, "diagnose", {})
        scene.side.result(ORDER + 1)
        bridge.stop()
    assert scene.side.results.keys() == {ORDER + 1}
    assert scene.sent() == []


def test_withdrawn_after_it_died_with_the_order_taken(scene: Scene) -> None:
    """It never told the portal that it took it: the portal may withdraw it, and both forget it."""
    scene.side.put(ORDER, "pay", asdict(PAY))
    with bridge_in(scene.folder, dies_at="journal: taken") as dying:
        dying.wait_for_death()
    scene.side.withdraws = True
    with bridge_in(scene.folder):
        scene.side.wait_for(lambda: ORDER not in scene.side.orders)
        scene.side.withdraws = False
        scene.side.put(ORDER + 1, "pay", asdict(PAY) | {"service_id": "0000000A20"})
        assert scene.side.result(ORDER + 1)["outcome"] == "approved"
    assert scene.sent() == ["0000000A20"]


def test_two_bridges_do_not_share_a_folder(scene: Scene) -> None:
    with bridge_in(scene.folder) as first:
        scene.side.wait_for(lambda: scene.side.polls)
        with bridge_in(scene.folder) as second:
            assert second.process.wait(30) == 2
            assert "another bridge runs on this folder" in second.said()
        assert first.process.poll() is None
