"""Small stories about the audit log; see `scenarios.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.audit.reads import find_block_of
from bawabati.flows.check_audit import check_audit
from bawabati.flows.export_audit import export_audit
from bawabati.flows.note_reading import note_reading
from bawabati.flows.seal_audit import seal_audit
from bawabati.people.rules import Role
from faults.real.scenarios import insist, passes
from faults.real.scenarios_of_staff import YOUCEF, person
from faults.real.world import World
from people import NOON


@passes("note_reading: noted")
def somebody_looks_at_a_payment(world: World) -> None:
    youcef = person(YOUCEF, Role.FINANCE)
    look = partial(note_reading, staff=youcef, company_id=None, what="payment", target="payment:1", now=NOON)
    insist(world, "Youcef", "looks at a payment", lambda: look() or True)
    assert AuditEntry.objects.filter(action="read_payment").exists()


@passes("seal_audit: sealed")
def what_was_done_is_sealed(world: World) -> None:
    youcef = person(YOUCEF, Role.FINANCE)
    note_reading(staff=youcef, company_id=None, what="payment", target="payment:1", now=NOON)
    insist(world, "the worker", "seals", lambda: seal_audit(now=NOON) or True)
    assert all(find_block_of(entry.id) for entry in AuditEntry.objects.all())
    assert not check_audit(now=NOON).findings


@passes("export_audit: noted")
def an_auditor_takes_the_file(world: World) -> None:
    world.found_company()
    amel = person("amel@oran.example", Role.AUDITOR)
    take = partial(
        export_audit,
        company_id=world.company.id,
        since=NOON,
        before=NOON + timedelta(days=1),
        staff=amel,
        now=NOON,
    )
    insist(world, "Amel", "takes the file", lambda: list(take()) or True)
    assert AuditEntry.objects.filter(action="export_audit").exists()
