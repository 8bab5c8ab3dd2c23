"""Banks' applications that die, repeat and overtake themselves: in the end exactly their money is posted."""

from __future__ import annotations

import pytest

SLICE = 25

pytestmark = pytest.mark.usefixtures("database")


def test_a_slice_of_the_seeds_of_channels_breaks_nothing() -> None:
    from faults.real.partners import run_channels  # noqa: PLC0415 - settings first

    for seed in range(SLICE):
        found, story = run_channels(seed)
        assert not found, f"seed {seed}\n{story}\n{found}"


def test_a_portal_that_forgets_money_after_the_end_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from bawabati.payments.rules.channels import ReservationVerdict, judge_word  # noqa: PLC0415 - settings first
    from faults.real.partners import run_channels  # noqa: PLC0415

    def forgets(*known: object, **more: object) -> ReservationVerdict:
        verdict = judge_word(*known, **more)  # type: ignore[arg-type]
        return ReservationVerdict() if verdict.event == "paid" and known[0].state == "released" else verdict  # type: ignore[attr-defined]

    monkeypatch.setattr("bawabati.flows.hear_channel.judge_word", forgets)
    monkeypatch.setattr("bawabati.flows.compare_channel_file.judge_listed", lambda *_, **__: ReservationVerdict())
    assert any(run_channels(seed)[0] for seed in range(12))
