"""Small stories about backups, a restored installation and the health page; see `scenarios.py`."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import connection

from bawabati.audit.models import AuditEntry
from bawabati.cases.models import Case
from bawabati.companies.models import SigningKey
from bawabati.companies.reads import get_active_gateway_account
from bawabati.companies.writes import sign_as
from bawabati.errors import Broken
from bawabati.flows.back_up import Made, back_up
from bawabati.flows.keep_pulse import forget_old_words, keep_failure, keep_pulse
from bawabati.flows.leave_quarantine import hand_over_open_sales, keep_check, leave_quarantine
from bawabati.flows.note_paper import note_paper
from bawabati.flows.restore import look_into, note_restoration, shut_doors
from bawabati.flows.rotate_signing_key import rotate_signing_key
from bawabati.flows.see_health import NoSuchJob, do_job_again
from bawabati.flows.steps.order_journal import LostOrder
from bawabati.flows.take_in_lost_order import take_in_lost_order
from bawabati.operations.models import Backup, Paper, Pulse, Restoration
from bawabati.operations.rules import Checked, NotInQuarantine
from bawabati.payments.models import Payment
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from faults.real.scenarios import insist, passes
from faults.real.scenarios_at_desks import an_agency, takes_a_card
from faults.real.world import World
from people import NOON, OMAR

KEY = "a-key-for-backups-in-these-stories"


def omar() -> Staff:
    known = find_staff(OMAR)
    assert known is not None
    return known


def a_restored_installation(world: World) -> Restoration:
    world.found_company()
    shut = partial(shut_doors, manifest={"made_at": NOON.isoformat()}, file=Path("of-the-night.backup"), now=NOON)
    restoration = insist(world, "the IT team", "shuts the doors", shut)
    assert isinstance(restoration, Restoration)
    return restoration


@passes("back_up: file written", "back_up: noted")
def somebody_makes_a_backup(world: World) -> None:
    world.found_company()
    with tempfile.TemporaryDirectory() as folder:
        made = insist(
            world, "the timer", "makes a backup", lambda: back_up(folder=Path(folder), keys=[KEY], days=35, now=NOON)
        )
        assert isinstance(made, Made)
        assert look_into(made.file, keys=[KEY])["format"] == 1
        assert not list(Path(folder).glob("*.part"))
    assert Backup.objects.filter(file_name=made.file.name).exists()


@passes("shut_doors: shut", "note_restoration: noted", "keep_check: kept", "leave_quarantine: left")
def a_restored_installation_is_opened_by_a_person(world: World) -> None:
    restoration = a_restored_installation(world)
    insist(world, "the IT team", "notes it", lambda: note_restoration(restoration, now=NOON) or True)
    found = Checked(recovered=0, left_for_people=0, unanswered=0, unknown_orders=0, differences=0)
    insist(world, "the IT team", "compares", lambda: keep_check(found, now=NOON) or True)
    leave = partial(leave_quarantine, login=OMAR, because="compared", in_spite=False, now=NOON)
    left = insist(world, "Omar", "opens it", leave)
    assert isinstance(left, Restoration | NotInQuarantine)
    assert not Restoration.objects.filter(left_at=None).exists()
    assert AuditEntry.objects.filter(action="leave_quarantine").count() == 1


@passes("take_in_lost_order: written again", "take_in_lost_order: the office is told")
def orders_of_the_journal_are_taken_in(world: World) -> None:
    a_restored_installation(world)
    (bill,) = world.add_bills(1)
    account = get_active_gateway_account(world.company.id)
    orders = [
        LostOrder(
            gateway_account_id=account.id,
            order_number=number,
            opened_at=NOON,
            centimes=bill.due_centimes,
            language="ar",
            bills=((bill.id, bill.version, bill.due_centimes),),
            reference="",
        )
        for number in ("LOST000001", "LOST000002")
    ]
    for order in orders:  # the second finds the bill held by the first
        insist(
            world,
            "the IT team",
            "takes an order in",
            lambda order=order: take_in_lost_order(order, now=NOON + timedelta(hours=1)) or True,
        )
    assert Payment.objects.filter(order_number="LOST000001").count() == 1
    assert Case.objects.filter(kind="lost_order", reference="order:LOST000002").count() == 1


@passes("hand_over_open_sales: handed over")
def open_sales_are_handed_over(world: World) -> None:
    agency = an_agency(world)
    with world.nobody_dies_yet():
        takes_a_card(world, agency.counters[0])
    insist(world, "the IT team", "hands sales over", lambda: hand_over_open_sales(now=NOON))
    assert Case.objects.filter(kind="sale_open_at_restore").count() == 1


@passes("note_paper: noted")
def somebody_writes_a_last_day_down(world: World) -> None:
    world.found_company()
    note = partial(
        note_paper,
        company_id=world.company.id,
        kind="gateway_contract",
        ends_on=NOON.date(),
        note="",
        staff=omar(),
        now=NOON,
    )
    insist(world, "Omar", "writes a last day down", note)
    assert Paper.objects.count() >= 1


@passes("keep_pulse: kept", "keep_failure: kept", "forget_old_words: forgotten", "do_job_again: put back")
def a_job_fails_and_is_done_again(world: World) -> None:
    world.found_company()
    insist(world, "the worker", "lives", lambda: keep_pulse("worker", seen={}, now=NOON) or True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status) "
            "VALUES ('nobodys', 'nothing', 0, '{}', 'todo') RETURNING id"
        )
        (job_id,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])
    fail = partial(keep_failure, job_id=job_id, error=Broken("it broke"), now=NOON)
    insist(world, "the worker", "keeps what went wrong", lambda: fail() or True)
    again = partial(do_job_again, job_id=job_id, company_id=world.company.id, staff=omar(), now=NOON)
    told = insist(world, "Omar", "does it again", lambda: again() or True)
    assert told is True or isinstance(told, NoSuchJob)
    insist(world, "the worker", "tidies", lambda: forget_old_words(now=NOON + timedelta(days=30)) or True)
    assert set(Pulse.objects.values_list("name", flat=True)) == {"worker"}
    assert AuditEntry.objects.filter(action="repeat_job").count() == 1


@passes("rotate_signing_key: retired")
def a_key_is_rotated(world: World) -> None:
    world.found_company()
    sign_as(company_id=world.company.id, purpose="closing", text="a day", now=NOON)
    rotate = partial(rotate_signing_key, company_id=world.company.id, purpose="closing", login=OMAR, now=NOON)
    insist(world, "Omar", "rotates a key", lambda: rotate() or True)
    assert not SigningKey.objects.filter(company=world.company, retired_at=None).exists()
