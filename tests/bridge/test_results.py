"""What the bridge sends up is always what the portal's door lets in."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency_bridge.drivers.contract import BrandTotal, Facts, Health, Outcome, Seen, Slip, Totals
from agency_bridge.portal.results import result_row
from bawabati.api.bridges.words import Result

NOW = datetime(2026, 11, 22, 9, 38, tzinfo=UTC)
LINES = st.lists(st.text(max_size=300), max_size=120).map(tuple)
FACTS = st.builds(
    Facts, slip=st.builds(Slip, customer=LINES, merchant=LINES), amount_centimes=st.none() | st.integers(0, 10**12)
)
TOTALS = st.builds(Totals, totals=st.lists(st.builds(BrandTotal), max_size=120).map(tuple))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Seen,
        outcome=st.sampled_from(Outcome),
        answer=FACTS | TOTALS | st.builds(Health),
        message=st.text(max_size=5000),
        boot=st.text(max_size=200),
    )
)
def test_no_answer_of_a_reader_makes_a_result_that_the_portal_sends_back(seen: Seen) -> None:
    told = Result.model_validate(result_row(seen, at=NOW))
    assert told.outcome == seen.outcome


def test_a_moment_without_a_zone_is_left_out() -> None:
    for text, kept in (("2026-11-22T09:38:30", None), ("soon", None), ("", None), ("2026-11-22T09:38:30+01:00", NOW)):
        row = result_row(Seen(outcome=Outcome.APPROVED, answer=Facts(poi_transaction_at=text)), at=NOW)
        found = Result.model_validate(row).answer.poi_transaction_at
        assert (found.replace(second=0) if found else None) == (kept.replace(hour=8) if kept else None)


def test_a_long_slip_is_cut_and_nothing_else_changes() -> None:
    facts = Facts(
        amount_centimes=123_456, currency="DZD", approval_code="482913", slip=Slip(customer=("x" * 200,) * 90)
    )
    row = result_row(Seen(outcome=Outcome.APPROVED, answer=facts), at=NOW)
    assert (row["answer"]["amount_centimes"], row["answer"]["approval_code"]) == (123_456, "482913")
    assert (len(row["answer"]["slip"]["customer"]), len(row["answer"]["slip"]["customer"][0])) == (80, 120)
