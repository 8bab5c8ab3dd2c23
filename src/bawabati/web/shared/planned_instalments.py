"""The instalments of a wish or an offer, as payers and the office see them before they are agreed."""

from django.utils import timezone

from bawabati.bills.models import Agreement
from bawabati.bills.rules import Tranche
from bawabati.errors import CannotDo
from bawabati.flows.steps.agreement_moves import planned
from bawabati.money.amount import Money
from bawabati.web.shared.sentences import sentence_of


def planned_or_why_not(found: Agreement, debt: Money) -> tuple[tuple[Tranche, ...], str]:
    """What it would be if it were agreed now, or a sentence why it cannot be."""
    try:
        return planned(found, debt, now=timezone.now()), ""
    except CannotDo as error:
        return (), sentence_of(error)
