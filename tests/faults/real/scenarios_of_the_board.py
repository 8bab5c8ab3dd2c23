"""Small stories about targets of the board and its morning page; see `scenarios.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.errors import CannotDo
from bawabati.flows.choose_morning_page import choose_morning_page
from bawabati.flows.set_target import set_target, withdraw_target
from bawabati.flows.write_morning_pages import write_morning_pages
from bawabati.notices.models import Notice
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.people.rules import Role
from bawabati.reports.models import MorningReader, Target
from bawabati.reports.reads import list_targets
from bawabati.reports.rules import Measure, NoSuchTarget, Period
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NADIA, NOON
from staff import add_person

NEXT_MORNING = NOON + timedelta(hours=20)
"""Eight o'clock in Algiers."""


def nadia(world: World) -> Staff:
    """The director."""
    world.found_company()
    return find_staff(NADIA) or add_person(NADIA, Role.DIRECTOR, company=world.company)


@passes("set_target: written", "withdraw_target: written")
def the_director_sets_a_target_and_withdraws_it(world: World) -> None:
    director, company_id = nadia(world), world.company.id
    period = Period(first=NOON.date(), last=NOON.date() + timedelta(days=6))
    wish = partial(
        set_target,
        company_id=company_id,
        measure=Measure.PAYERS,
        period=period,
        wanted=50,
        staff=director,
        now=NOON,
    )
    insist(world, "Nadia", "sets a target", wish)
    (target,) = list_targets(company_id=company_id)
    assert target.wanted == 50

    def withdraws() -> bool | CannotDo:
        try:
            withdraw_target(company_id=company_id, target_id=target.id, staff=director, now=NOON)
        except NoSuchTarget as gone:
            return gone
        return True

    insist(world, "Nadia", "withdraws it", withdraws)
    assert list_targets(company_id=company_id) == []
    assert Target.objects.count() == AuditEntry.objects.filter(action="set_target").count()


@passes("choose_morning_page: chosen", "write_morning_pages: written")
def the_director_reads_the_morning_page(world: World) -> None:
    director = nadia(world)
    choose = partial(choose_morning_page, company_id=world.company.id, wants=True, staff=director, now=NOON)
    insist(world, "Nadia", "chooses the morning page", lambda: choose() or True)
    assert MorningReader.objects.count() == AuditEntry.objects.filter(action="choose_morning_page").count() == 1
    for _ in range(2):
        insist(world, "the worker", "writes morning pages", partial(write_morning_pages, now=NEXT_MORNING))
    assert Notice.objects.filter(kind="morning_page").count() == 1
