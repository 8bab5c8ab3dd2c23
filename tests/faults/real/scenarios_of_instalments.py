"""Small stories about debts that are paid in instalments; see `scenarios.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Agreement, AgreementEvent, Bill, DebtRules
from bawabati.bills.reads import find_open_agreement, list_debts, list_tranches
from bawabati.bills.rules import AgreementState, LookupFactor
from bawabati.flows.ask_instalments import accept_offer, ask_again, take_back_wish
from bawabati.flows.change_debt_rules import RANGES, change_debt_rules
from bawabati.flows.decide_instalments import (
    approve_instalments,
    end_agreement,
    refuse_instalments,
)
from bawabati.flows.give_agreement_address import give_agreement_address
from bawabati.flows.mind_instalments import mind_instalments
from bawabati.flows.steps.agreement_moves import debt_of
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from debtors import agree, ask, left_of_bills, left_of_tranches, offer, offer_instalments_at
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON, OMAR, SALIMA, add_arrears, add_bill


def owed(world: World) -> list[Bill]:
    """Three open bills of one customer, in a company that grants instalments."""
    world.found_company()
    offer_instalments_at(world.company)
    return add_arrears(world.company, 1_000_00, 2_000_00, 3_000_00, seed=9_000)


def done(step: Callable[[], object]) -> Callable[[], object]:
    """The step, answering that it was done where it answers nothing."""
    return lambda: step() or True


def told(agreement: Agreement) -> list[str]:
    """What happened to it."""
    return list(AgreementEvent.objects.filter(agreement=agreement).order_by("sequence").values_list("event", flat=True))


def consistent(agreement: Agreement) -> bool:
    """Whether its tranches come to what is left of its bills."""
    return sum(left_of_tranches(agreement)) == left_of_bills(agreement)


@passes("ask_instalments: asked", "approve_instalments: agreed")
def instalments_are_asked_and_approved(world: World) -> None:
    bills = owed(world)
    insist(world, "Amina", "asks for instalments", partial(ask, world.company, bills))
    insist(world, "Amina", "presses once more", partial(ask, world.company, bills))
    agreement = find_open_agreement(bills[0].customer_id)
    assert agreement is not None
    approve = partial(
        approve_instalments,
        company=world.company,
        agreement_id=agreement.id,
        seen_debt=debt_of(agreement.customer_id),
        login=SALIMA,
        now=NOON,
    )
    insist(world, "Salima", "approves", done(approve))
    insist(world, "Salima", "presses once more", done(approve))
    assert told(agreement) == ["asked", "approved"]
    assert len(list_tranches(agreement.id)) == agreement.tranches
    assert consistent(agreement)


@passes("offer_instalments: offered", "accept_offer: agreed")
def something_else_is_offered_and_accepted(world: World) -> None:
    bills = owed(world)
    agreement = ask(world.company, bills)
    answer = partial(offer, agreement, first=Money.dinars(4_000), seen_debt=debt_of(agreement.customer_id))
    insist(world, "Salima", "offers two", done(answer))
    insist(world, "Salima", "presses once more", done(answer))
    accept = partial(
        accept_offer,
        agreement_id=agreement.id,
        customer_id=agreement.customer_id,
        seen_events=2,
        seen_debt=debt_of(agreement.customer_id),
        now=NOON,
    )
    insist(world, "Amina", "accepts", done(accept))
    insist(world, "Amina", "presses once more", done(accept))
    assert told(agreement) == ["asked", "offered", "accepted"]
    assert left_of_tranches(agreement) == [4_000_00, 2_000_00]


@passes("ask_again: asked")
def the_debt_grows_while_an_offer_waits(world: World) -> None:
    bills = owed(world)
    agreement = ask(world.company, bills)
    offer(agreement, first=Money.dinars(4_000))
    add_bill(world.company, seed=9_100, due_centimes=500_00, customer_number=bills[0].customer.number)
    debt = debt_of(agreement.customer_id)
    again = partial(ask_again, agreement_id=agreement.id, seen_events=2, seen_debt=debt, now=NOON)
    for _ in range(2):
        insist(world, "Amina", "asks again", done(again))
    assert told(agreement) == ["asked", "offered", "asked"]
    assert Agreement.objects.get(id=agreement.id).total_centimes == debt.centimes


@passes("take_back_wish: taken back")
def a_wish_is_taken_back(world: World) -> None:
    bills = owed(world)
    agreement = ask(world.company, bills)
    take_back = partial(take_back_wish, agreement_id=agreement.id, seen_events=1, now=NOON)
    for _ in range(2):
        insist(world, "Amina", "takes it back", done(take_back))
    assert told(agreement) == ["asked", "taken_back"]


@passes("refuse_instalments: refused")
def a_wish_is_refused(world: World) -> None:
    bills = owed(world)
    agreement = ask(world.company, bills)
    refuse = partial(
        refuse_instalments,
        company=world.company,
        agreement_id=agreement.id,
        because="another runs",
        login=SALIMA,
        now=NOON,
    )
    for _ in range(2):
        insist(world, "Salima", "refuses", done(refuse))
    assert told(agreement) == ["asked", "refused"]
    assert AuditEntry.objects.filter(action="refuse_instalments").count() == 1


@passes("end_agreement: ended")
def an_agreement_is_ended_early(world: World) -> None:
    bills = owed(world)
    agreement = agree(world.company, bills)
    end = partial(
        end_agreement,
        company=world.company,
        agreement_id=agreement.id,
        because="the customer moves away",
        login=SALIMA,
        now=NOON,
    )
    for _ in range(2):
        insist(world, "Salima", "ends it", done(end))
    assert told(agreement) == ["asked", "approved", "ended"]
    assert [bill.id for bill in list_debts(agreement.customer_id)] == [bill.id for bill in bills]


@passes("give_agreement_address: written down")
def an_address_is_given_again(world: World) -> None:
    bills = owed(world)
    agreement = ask(world.company, bills)
    give = partial(give_agreement_address, agreement=agreement, language="ar", login=SALIMA, now=NOON)
    insist(world, "Salima", "prints the paper", give)
    assert AuditEntry.objects.filter(action="give_agreement_address").exists()


@passes("mind_instalments: followed")
def a_first_instalment_is_never_paid(world: World) -> None:
    bills = owed(world)
    agreement = agree(world.company, bills)
    mind = partial(mind_instalments, agreement_id=agreement.id, now=NOON + timedelta(days=40))
    for _ in range(2):
        insist(world, "time", "passes", done(mind))
    assert told(agreement) == ["asked", "approved", "lapsed"]
    assert Agreement.objects.get(id=agreement.id).state == AgreementState.LAPSED


@passes("change_debt_rules: changed")
def a_company_grants_instalments(world: World) -> None:
    world.found_company()
    change = partial(
        change_debt_rules,
        company_id=world.company.id,
        lookup_factor=LookupFactor.BILL_AMOUNT,
        oldest_first_only=True,
        numbers={name: least + 1 for name, (least, _) in RANGES.items()},
        staff=Staff.objects.get(login=OMAR),
        now=NOON,
    )
    for _ in range(2):
        insist(world, "Omar", "says what is granted", done(change))
    assert DebtRules.objects.get(company=world.company).lookup_factor == LookupFactor.BILL_AMOUNT
    assert AuditEntry.objects.filter(action="change_company").count() == 1
