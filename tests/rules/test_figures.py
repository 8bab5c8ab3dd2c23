"""How a loss and the age of a debt are named."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.reports.rules.ages import Age, age_of
from bawabati.reports.rules.board import Period
from bawabati.reports.rules.losses import BY_ACTION_CODE, BY_RESPONSE_CODE, Loss, loss_of
from bawabati.web.public import reasons

DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2032, 12, 31))


@pytest.mark.parametrize(
    ("days", "age"),
    [(-90, "not_yet"), (0, "not_yet"), (1, "to_30"), (30, "to_30"), (31, "to_90"), (91, "to_365"), (366, "over")],
)
def test_a_debt_is_as_old_as_the_days_since_its_last_day(days: int, age: str) -> None:
    assert age_of(days) is Age(age)


@pytest.mark.parametrize(
    ("state", "because", "response", "action", "loss"),
    [
        ("watched", "declined", "51", 116, Loss.NO_FUNDS),
        ("declined", "declined", "", 116, Loss.NO_FUNDS),
        ("declined", "declined", "AE", 0, Loss.NOT_ACTIVE_ONLINE),
        ("declined", "declined", "", 2003, Loss.NOT_ACTIVE_ONLINE),
        ("declined", "authentication_failed", "", 0, Loss.WRONG_CODE),
        ("watched", "cancelled", "", 0, Loss.GAVE_UP),
        ("expired", "", "", -100, Loss.GAVE_UP),
        ("expired", "", "", 0, Loss.GAVE_UP),
        ("failed", "", "", 0, Loss.NOT_OPENED),
        ("declined", "declined", "ZZ", 424242, Loss.OTHER),
    ],
)
def test_an_attempt_without_money_has_one_cause(
    state: str, because: str, response: str, action: int, loss: Loss
) -> None:
    assert loss_of(state=state, refused_because=because, response_code=response, action_code=action) is loss


def test_every_code_that_payers_are_told_about_is_a_loss_by_name() -> None:
    assert set(reasons.BY_RESPONSE_CODE) - set(BY_RESPONSE_CODE) == {"05"}
    assert set(reasons.BY_ACTION_CODE) == set(BY_ACTION_CODE) | {10}


@given(first=DAYS, days=st.integers(0, 900))
def test_the_pieces_of_a_period_are_its_days_once_each_and_months_whole(first: date, days: int) -> None:
    period = Period(first=first, last=first + timedelta(days=days))
    told = []
    for piece in period.pieces:
        told += Period(first=piece.first, last=piece.last).days
        if piece.span == "month":
            assert piece.first.day == (piece.last + timedelta(days=1)).day == 1
    assert tuple(told) == period.days
