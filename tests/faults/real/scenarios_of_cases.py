"""Small stories about cases, messages and telephone numbers; see `scenarios.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.cases.models import Case, CaseStep
from bawabati.cases.rules import OwnsItAlready, PromiseNotPossible
from bawabati.cases.writes import open_case
from bawabati.flows.keep_notice import forget_address, forget_old_addresses, send_again
from bawabati.flows.leave_phone import forget_phone, leave_phone, note_phone
from bawabati.flows.remind_owners import remind_owners
from bawabati.flows.work_on_case import comment_case, hand_over_case, promise_case
from bawabati.guard.rules import Visitor
from bawabati.money.amount import Money
from bawabati.notices.models import Notice, NoticeAddress, PayerPhone
from bawabati.notices.rules import ADDRESSES_KEPT, Means, NoticeOnItsWay, NoticeState
from bawabati.notices.writes import note_not_sent, write_notice
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.people.writes import add_staff, give_role
from bawabati.receipts.models import Receipt
from faults.real import office
from faults.real.scenarios import TRIES, a_receipt, all_is_well, insist, passes, until_quiet_for_now
from faults.real.world import World
from people import NOON, SALIMA

YASMINE = "yasmine@oran.example"
PHONE = "0551234567"


def a_case(world: World, *, days: int = 2) -> Case:
    """Salima's, promised so many days from noon."""
    world.found_company()
    yasmine = add_staff(login=YASMINE, name="Yasmine", language="fr", now=NOON)
    give_role(staff=yasmine, role=Role.FINANCE, company=world.company)
    return open_case(
        company_id=world.company.id,
        kind="mismatch",
        reference="payment:1",
        amount=Money(100_00),
        owner_id=Staff.objects.get(login=SALIMA).id,
        promised_on=NOON.date() + timedelta(days=days),
        details={},
        now=NOON,
    )


def steps(case: Case) -> list[str]:
    case.refresh_from_db()
    told = list(CaseStep.objects.filter(case=case).order_by("sequence").values_list("step", flat=True))
    assert len(told) == case.step_count
    assert AuditEntry.objects.filter(target=f"case:{case.id}").count() == case.step_count - 1
    return told


@passes("comment_case: kept")
def somebody_comments(world: World) -> None:
    case = a_case(world)
    comment = partial(comment_case, case_id=case.id, words=office.BECAUSE, login=SALIMA, now=NOON)
    insist(world, "Salima", "comments", lambda: comment() and True)
    told = steps(case)
    assert told[0] == "opened"
    assert set(told[1:]) == {"commented"}
    assert len(told) <= TRIES, "whoever saw no answer may say it again"


@passes("hand_over_case: handed over")
def a_case_is_handed_over(world: World) -> None:
    case = a_case(world)
    for _ in range(2):
        told = insist(
            world,
            "Salima",
            "hands it over",
            partial(hand_over_case, case_id=case.id, to_login=YASMINE, words="", login=SALIMA, now=NOON),
        )
    assert isinstance(told, OwnsItAlready)
    assert steps(case) == ["opened", "handed_over"]


@passes("promise_case: promised")
def another_day_is_promised(world: World) -> None:
    case = a_case(world)
    day = NOON.date() + timedelta(days=9)
    for _ in range(2):
        told = insist(
            world,
            "Salima",
            "promises another day",
            partial(promise_case, case_id=case.id, day=day, words=office.BECAUSE, login=SALIMA, now=NOON),
        )
    assert isinstance(told, PromiseNotPossible)
    assert steps(case) == ["opened", "promise_moved"]


@passes("remind_owners: written")
def an_owner_is_reminded(world: World) -> None:
    a_case(world, days=-2)
    for _ in range(2):
        insist(world, "the worker", "reminds owners", lambda: remind_owners(now=NOON) + 1)
    assert Notice.objects.filter(kind="cases_overdue").count() == 1


def a_notice(world: World) -> Notice:
    """That no server wanted."""
    world.found_company()
    notice = write_notice(
        company_id=world.company.id,
        kind="receipt",
        reference="receipt:1",
        language="ar",
        address="amina@example.com",
        now=NOON,
    )
    note_not_sent(notice, state=NoticeState.REJECTED, reason="550", next_try_at=None)
    return notice


@passes("send_again: asked")
def a_message_leaves_once_more(world: World) -> None:
    notice = a_notice(world)
    for _ in range(2):
        told = insist(
            world,
            "Salima",
            "sends it again",
            partial(send_again, company_id=world.company.id, notice_id=notice.id, login=SALIMA, now=NOON),
        )
    assert isinstance(told, NoticeOnItsWay)
    assert AuditEntry.objects.filter(action="send_notice_again").count() == 1


@passes("forget_address: erased")
def an_address_is_forgotten(world: World) -> None:
    notice = a_notice(world)
    forget = partial(forget_address, company_id=world.company.id, notice_id=notice.id, login=SALIMA, now=NOON)
    for _ in range(2):
        insist(world, "Salima", "has the address forgotten", lambda: forget() or True)
    assert not NoticeAddress.objects.exists()
    assert AuditEntry.objects.filter(action="erase_address").count() == 1


@passes("forget_old_addresses: erased")
def old_addresses_are_forgotten(world: World) -> None:
    a_notice(world)
    later = NOON + ADDRESSES_KEPT + timedelta(days=1)
    insist(world, "the worker", "forgets old addresses", lambda: forget_old_addresses(now=later) + 1)
    assert not NoticeAddress.objects.exists()
    assert Notice.objects.count() == 1


def leaves_a_number(world: World) -> Receipt:
    receipt = a_receipt(world)
    leave = partial(
        leave_phone,
        receipt=receipt,
        phone=PHONE,
        language="fr",
        visitor=Visitor("192.0.2.1"),
        challenge_passed=True,
        now=world.clock.now(),
    )
    insist(world, "Amina", "leaves a number", lambda: leave() or True)
    return receipt


@passes("leave_phone: left")
def a_payer_leaves_a_number(world: World) -> None:
    leaves_a_number(world)
    until_quiet_for_now(world)
    all_is_well(world)
    assert PayerPhone.objects.get().phone == "+213551234567"
    texts = Notice.objects.filter(means=Means.SMS)
    assert len(world.outside.mails) == len(texts) <= TRIES
    assert all(notice.parts for notice in texts)


@passes("forget_phone: erased")
def a_payer_wants_the_number_forgotten(world: World) -> None:
    with world.nobody_dies_yet():
        receipt = leaves_a_number(world)
    for _ in range(2):
        insist(world, "Amina", "wants the number forgotten", lambda: forget_phone(receipt=receipt) or True)
    assert not PayerPhone.objects.exists()
    assert not NoticeAddress.objects.filter(notice__means=Means.SMS).exists()


@passes("note_phone: noted")
def an_officer_notes_a_number(world: World) -> None:
    receipt = a_receipt(world)
    note = partial(
        note_phone, payment_id=receipt.payment_id, phone=PHONE, language="fr", login=SALIMA, now=world.clock.now()
    )
    for _ in range(2):
        insist(world, "Salima", "notes the payer's number", lambda: note() or True)
    assert PayerPhone.objects.get().left_with == Staff.objects.get(login=SALIMA)
    all_is_well(world)
