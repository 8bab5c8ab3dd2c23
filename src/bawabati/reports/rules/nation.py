"""What may be told of companies to somebody who works for none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bawabati.reports.rules.board import CompanySums

FEWEST_TOLD: Final = 5
"""Payers of a company in a period. Sums of fewer would tell of somebody."""


def told(sums: Sequence[CompanySums]) -> tuple[dict[int, CompanySums | None], CompanySums | None]:
    """Each company's sums by its number, None where they are of too few; and all of them together.

    A company without any payer is told: nothing of nobody. Where one company alone is hidden, the sum over all would
    say what was hidden: then the next smallest is hidden with it, and with nobody else left, the sum itself.

    Rule: few-payers (law 18-07; ours)
    """
    hidden = {one.company_id for one in sums if 0 < one.payers < FEWEST_TOLD}
    with_payers = sorted((one for one in sums if one.payers), key=lambda one: (one.payers, one.company_id))
    few = sum(one.payers for one in with_payers if one.company_id in hidden)
    for one in with_payers:
        if 0 < few < FEWEST_TOLD and one.company_id not in hidden:
            hidden.add(one.company_id)
            few += one.payers
    shown = {one.company_id: None if one.company_id in hidden else one for one in sums}
    return shown, None if 0 < few < FEWEST_TOLD else _together(sums)


def _together(sums: Sequence[CompanySums]) -> CompanySums:
    """The sum over all companies. A customer of two companies is two payers: nothing connects them."""
    total = CompanySums(company_id=0)
    for one in sums:
        total = replace(
            total,
            payments=total.payments + one.payments,
            centimes=total.centimes + one.centimes,
            returns=total.returns + one.returns,
            returned_centimes=total.returned_centimes + one.returned_centimes,
            first_payers=total.first_payers + one.first_payers,
            payers=total.payers + one.payers,
            attempts=total.attempts + one.attempts,
            attempts_paid=total.attempts_paid + one.attempts_paid,
        )
    return total
