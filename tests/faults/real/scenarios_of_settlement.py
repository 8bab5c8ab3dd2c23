"""Small stories about files of the acquirer and the bank, and about what does not agree; see `scenarios.py`."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bawabati.cases.models import Case
from bawabati.flows.import_statement import Imported, import_statement, prepare_profiles
from bawabati.flows.keep_statement_profile import FeesKnown, keep_statement_profile, write_acquirer_fees
from bawabati.flows.look_for_missing import look_for_missing
from bawabati.flows.match_statement import match_open_lines, match_statement
from bawabati.flows.settle_difference import (
    comment_difference,
    confirm_ending,
    promise_difference,
    propose_ending,
    refuse_ending,
    take_difference,
)
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.rules.channels import Word
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.settlement.models import Difference, DifferenceStep, FeeTable, Statement, StatementLine, StatementProfile
from bawabati.settlement.reads import find_profile
from bawabati.settlement.rules import DEFAULT_PROFILES, Ending
from channels import Partner
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NADIA, NOON
from settling import ACQUIRER_HEAD, balances, items, line, salima, total


def _a_file_comes(world: World) -> Statement:
    """One line of it is nobody's."""
    world.found_company()
    prepare = partial(prepare_profiles, company_id=world.company.id, staff=salima(), now=NOON)
    insist(world, "Salima", "prepares profiles", lambda: prepare() or True)
    profile = find_profile(company_id=world.company.id, code="satim")
    assert profile is not None
    lines = [line(order="1", reference="nobody", gross=5000)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SATIM_1_20261119.csv"
        path.write_text("\n".join([ACQUIRER_HEAD, *lines, total(lines)]) + "\n")
        bring = partial(
            import_statement,
            company_id=world.company.id,
            profile_id=profile.id,
            file_name=path.name,
            path=path,
            staff=salima(),
            now=NOON,
        )
        imported = insist(world, "Salima", "brings a file", bring)
    assert isinstance(imported, Imported)
    match = partial(match_statement, statement_id=imported.statement.id, now=NOON)
    insist(world, "the worker", "matches it", match)
    return imported.statement


@passes("prepare_profiles: given", "import_statement: kept", "match_statement: matched")
def a_file_comes_in_once(world: World) -> None:
    _a_file_comes(world)
    assert StatementProfile.objects.count() == len(DEFAULT_PROFILES)
    assert Statement.objects.get().matched_at is not None
    assert StatementLine.objects.count() == 1
    assert items(world.company) == [("not_ours", 5000, 5000)]
    assert balances(world.company) == {"4715": -5000, "5115": 5000}


@passes("match_open_lines: matched", "look_for_missing: noted")
def the_worker_looks_again(world: World) -> None:
    _a_file_comes(world)
    again = partial(match_open_lines, company_id=world.company.id, now=NOON)
    insist(world, "the worker", "looks at open lines", lambda: again() or True)
    late = NOON + timedelta(days=9)
    look = partial(look_for_missing, company_id=world.company.id, now=late)
    insist(world, "the worker", "looks for what is missing", lambda: look() or True)
    assert items(world.company) == [("not_ours", 5000, 5000)]
    assert balances(world.company) == {"4715": -5000, "5115": 5000}


@passes("look_for_missing: channel owes")
def what_a_channel_owes_is_noticed_once(world: World) -> None:
    _a_file_comes(world)
    with world.nobody_dies_yet():
        post, bill = Partner.of(world.company), world.add_bills(1)[0]
        post.reserve("A-1", bill)
        post.says("A-1", Word.PAID, Money(bill.due_centimes))
    look = partial(look_for_missing, company_id=world.company.id, now=NOON + timedelta(days=11))
    for _ in range(2):
        insist(world, "the worker", "looks for what is owed", lambda: look() or True)
    assert Case.objects.get(kind="channel_owes").amount_centimes == bill.due_centimes


@passes(
    *("take_difference: taken", "promise_difference: promised", "comment_difference: noted"),
    *("propose_ending: proposed", "refuse_ending: refused", "confirm_ending: confirmed"),
)
def people_settle_a_difference(world: World) -> None:
    _a_file_comes(world)
    Difference.objects.update(owner=None)
    own: dict[str, Any] = {
        "company_id": world.company.id,
        "difference_id": Difference.objects.get().id,
        "now": NOON,
    }
    nadia = find_staff(NADIA)
    assert isinstance(nadia, Staff)
    promised = NOON.date() + timedelta(days=3)
    insist(world, "Salima", "takes it", partial(take_difference, **own, staff=salima()))
    insist(world, "Salima", "promises", partial(promise_difference, **own, staff=salima(), promised_on=promised))
    insist(world, "Salima", "comments", partial(comment_difference, **own, staff=salima(), words="asked"))
    propose = partial(propose_ending, **own, staff=salima(), ending=Ending.GAIN, because="nobody asks for it")
    insist(world, "Salima", "proposes", propose)
    insist(world, "Nadia", "refuses", partial(refuse_ending, **own, staff=nadia, because="ask again"))
    assert Difference.objects.get().state == "open"
    insist(world, "Salima", "proposes again", propose)
    insist(world, "Nadia", "confirms", partial(confirm_ending, **own, staff=nadia))
    item = Difference.objects.get()
    assert (item.state, item.ending, item.owner, item.promised_on) == ("ended", "gain", salima(), promised)
    assert DifferenceStep.objects.count() == item.step_count
    assert Transfer.objects.filter(reason="difference_ended").count() == 1
    assert balances(world.company) == {"5115": 5000, "7588": -5000}


@passes("keep_statement_profile: profile kept", "keep_statement_profile: fees written")
def profiles_and_fees_are_described_once(world: World) -> None:
    world.found_company()
    layout = DEFAULT_PROFILES["satim"] | {"delimiter": ","}
    keep = partial(
        keep_statement_profile,
        company_id=world.company.id,
        code="cib",
        layout=layout,
        is_active=True,
        staff=salima(),
        now=NOON,
    )
    insist(world, "Salima", "keeps a profile", keep)
    assert StatementProfile.objects.get().layout["delimiter"] == ","

    def write() -> bool:
        """What was written before the power went stays written: a second time is refused, and that is right."""
        with suppress(FeesKnown):
            write_acquirer_fees(
                company_id=world.company.id,
                way="",
                from_on=NOON.date(),
                tiers=[{"rate_ppm": 2_000}],
                vat_ppm=190_000,
                least_centimes=0,
                cap_centimes=None,
                because="contract",
                staff=salima(),
                now=NOON,
            )
        return True

    insist(world, "Salima", "writes fees", write)
    assert FeeTable.objects.get().tiers == [{"rate_ppm": 2_000}]
