"""The true programs under load, killed with `kill -9` at random moments, the database too: nothing is lost or invented.

The long run is a command: `PYTHONPATH=src:tests python -m faults.killing`.
"""

from faults.killing.machine import Plan, run
from faults.killing.street import QUICK


def test_twelve_kills_and_a_crash_of_the_database_leave_every_promise_kept() -> None:
    plan = Plan(
        seed=20261122,
        kills=12,
        database_crashes=1,
        pace=QUICK,
        bills=400,
        payers=6,
        thinks_seconds=0.1,
        between_kills_seconds=(0.3, 1.0),
        down_seconds=(0.0, 0.3),
        workers=1,
        waits_for_leases=False,
        heals_within_seconds=60,
    )
    report = run(plan, say=lambda _words: None)
    assert report.violations == [], report
    assert report.kills["postgres"] == 1
    assert report.states.get("paid", 0) >= 5, report
