"""Small stories about figures of the board that are counted anew, debts, and families of cards; see `scenarios.py`."""

from __future__ import annotations

from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.flows.count_debts import count_debts
from bawabati.flows.keep_card_ranges import keep_card_ranges
from bawabati.flows.rebuild_figures import rebuild_figures
from bawabati.payments.models import Payment
from bawabati.payments.rules.card_families import CardFamily, NumberRange
from bawabati.reports.models import DayFigure, DebtFigure, LossFigure, PayersFigure, ShareFigure
from faults.real.scenarios import insist, passes
from faults.real.scenarios_of_closing import a_paid_bill, later
from faults.real.world import World
from people import OMAR, add_bill


@passes("rebuild_figures: lines taken in", "rebuild_figures: mended")
def the_figures_are_lost_and_counted_anew(world: World) -> None:
    a_paid_bill(world)
    for table in (DayFigure, ShareFigure, PayersFigure, LossFigure):
        table.objects.all().delete()
    for _ in range(2):
        insist(world, "Omar", "counts the figures anew", rebuild_figures)
    assert rebuild_figures() == 0
    assert DayFigure.objects.get().payments == 1


@passes("count_debts: counted")
def what_is_owed_is_counted(world: World) -> None:
    now = later(a_paid_bill(world))
    add_bill(world.company, seed=77)
    for _ in range(2):
        insist(world, "the worker", "counts what is owed", partial(count_debts, now=now))
    assert sum(figure.bills for figure in DebtFigure.objects.all()) == 1


@passes("keep_card_ranges: replaced", "restate_cards: told")
def the_operator_learns_a_number_range(world: World) -> None:
    payment = a_paid_bill(world)
    shown = payment.masked_card[:4]
    ranges = [NumberRange(first=shown, last=shown, family=CardFamily.CIB, source="the sandbox")]
    keep = partial(keep_card_ranges, ranges=ranges, login=OMAR, now=later(payment))
    for _ in range(2):
        insist(world, "Omar", "fills the table of ranges", keep)
    assert Payment.objects.get(id=payment.id).card_family == "cib"
    assert [share.key for share in ShareFigure.objects.filter(axis="card", span="day", payments__gt=0)] == ["cib"]
    assert AuditEntry.objects.filter(action="keep_card_ranges").exists()
