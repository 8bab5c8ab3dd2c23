"""A slice of the seeds on real PostgreSQL, and every seed that broke something once."""

from __future__ import annotations

import pytest

from faults.real.regressions import kept

SLICE = 100

pytestmark = pytest.mark.usefixtures("database")


def test_a_slice_of_the_seeds_breaks_nothing() -> None:
    from faults.real.run import run_seed  # noqa: PLC0415 - settings first

    for seed in range(SLICE):
        outcome = run_seed(seed)
        assert not outcome.broken, f"seed {seed}\n{outcome.story}"


def test_the_seeds_that_broke_something_once_break_nothing_now() -> None:
    from faults.real.run import run_seed  # noqa: PLC0415 - settings first

    for seed in kept():
        outcome = run_seed(seed, code=f"again-{seed}")
        assert not outcome.broken, f"seed {seed}\n{outcome.story}"


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_seed_tells_the_same_story_each_time(seed: int) -> None:
    from faults.real.run import run_seed  # noqa: PLC0415 - settings first

    first = run_seed(seed).story
    assert run_seed(seed, code="again").story == first
    assert "everything heals" in first


def test_a_portal_that_believes_the_way_back_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from bawabati.payments.rules import Event, Verdict  # noqa: PLC0415 - settings first
    from faults.real.run import run_seed  # noqa: PLC0415

    judge = "bawabati.flows.confirm_payment.judge"
    monkeypatch.setattr(judge, lambda **_known: Verdict(event=Event.CONFIRMED, next_ask_at=None))
    assert any(run_seed(seed).broken for seed in range(20))
