"""What may be told of companies to somebody who works for none of them."""

from hypothesis import given
from hypothesis import strategies as st

from bawabati.reports.rules.board import CompanySums
from bawabati.reports.rules.nation import FEWEST_TOLD, told

PAYERS = st.lists(st.integers(0, 12), max_size=6)


def sums(payers: list[int]) -> list[CompanySums]:
    return [
        CompanySums(company_id=number, payers=count, payments=count, centimes=100 * count)
        for number, count in enumerate(payers, start=1)
    ]


@given(PAYERS)
def test_nothing_of_fewer_than_five_payers_can_be_read_or_worked_out(payers: list[int]) -> None:
    shown, total = told(sums(payers))
    assert all(one is None or one.payers == 0 or one.payers >= FEWEST_TOLD for one in shown.values())
    if total is not None:
        hidden = total.payers - sum(one.payers for one in shown.values() if one)
        assert hidden == 0 or hidden >= FEWEST_TOLD


def test_companies_with_enough_payers_are_told_and_summed() -> None:
    shown, total = told(sums([5, 0, 40]))
    assert [one is not None for one in shown.values()] == [True, True, True]
    assert total is not None
    assert (total.payers, total.centimes) == (45, 4_500)
