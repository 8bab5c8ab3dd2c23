"""Desks, and the readers that stand on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bawabati.companies.models import Agency, Desk, Reader
from bawabati.companies.rules import Protocol
from bawabati.companies.writes.rewriting import rewrite


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedReader:
    """A reader as its operator describes it, without its secret."""

    serial: str
    model: str
    is_active: bool
    protocol: Protocol
    desk_id: int | None = None
    bridge_id: int | None = None
    poi_id: str = ""
    host: str = ""
    port: int = 0
    options: Mapping[str, object] = field(default_factory=dict)


def write_desk(*, agency: Agency, code: str, name: str, is_active: bool) -> tuple[Desk, list[str]]:
    """The desk of that code in its company, in that agency from now on, and what that changed. Safe to repeat."""
    stands: dict[str, object] = {"agency_id": agency.id, "name": name, "is_active": is_active}
    desk, is_new = Desk.objects.get_or_create(company_id=agency.company_id, code=code, defaults=stands)
    return desk, ["new"] if is_new else rewrite(desk, stands)


def write_reader(*, agency: Agency, facts: PlacedReader, passphrase_sealed: bytes | None) -> tuple[Reader, list[str]]:
    """The reader of that serial in its company, in that agency from now on, and what that changed. Safe to repeat.

    Without `passphrase_sealed` the one that is kept stays.
    """
    stands: dict[str, object] = {
        "agency_id": agency.id,
        "model": facts.model,
        "is_active": facts.is_active,
        "protocol": facts.protocol.value,
        "desk_id": facts.desk_id,
        "bridge_id": facts.bridge_id,
        "poi_id": facts.poi_id,
        "host": facts.host,
        "port": facts.port,
        "options": dict(facts.options),
    }
    if passphrase_sealed is not None:
        stands["passphrase_sealed"] = passphrase_sealed
    reader, is_new = Reader.objects.get_or_create(company_id=agency.company_id, serial=facts.serial, defaults=stands)
    return reader, ["new"] if is_new else rewrite(reader, stands)
