"""Agencies, and the readers that stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bawabati.companies.models import Agency, Reader
from bawabati.companies.writes.rewriting import rewrite, rewrite_telling


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFacts:
    """An agency, and the serial number of its card reader: empty where it has none."""

    code: str
    name_ar: str
    name_fr: str
    commune_ar: str
    commune_fr: str
    address: str = ""
    phone: str = ""
    reader_serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFacts:
    """A card reader, and whether it works."""

    serial: str
    model: str
    is_active: bool


def add_agency(*, company_id: int, facts: AgencyFacts) -> Agency:
    """The agency with its reader. Safe to repeat: what is there already is left as it is."""
    written = asdict(facts)
    serial = written.pop("reader_serial")
    agency, _ = Agency.objects.get_or_create(company_id=company_id, code=written.pop("code"), defaults=written)
    if serial:
        Reader.objects.get_or_create(company_id=company_id, serial=serial, defaults={"agency": agency})
    return agency


def describe_agency(
    *, company_id: int, facts: AgencyFacts, is_open: bool, readers: Sequence[ReaderFacts]
) -> tuple[Agency, list[str]]:
    """The agency as it is described, and what that changed. A reader named here moves here. Safe to repeat.

    `facts.reader_serial` is left aside: `readers` says it in full.
    """
    columns: dict[str, object] = asdict(facts) | {"is_open": is_open}
    del columns["reader_serial"]
    code = columns.pop("code")
    agency, is_new = Agency.objects.get_or_create(company_id=company_id, code=code, defaults=columns)
    changed = ["new"] if is_new else rewrite(agency, columns)
    for reader in readers:
        stands: dict[str, object] = {"agency_id": agency.id, "model": reader.model, "is_active": reader.is_active}
        row, is_new = Reader.objects.get_or_create(company_id=company_id, serial=reader.serial, defaults=stands)
        if is_new or rewrite(row, stands):
            changed.append(f"reader {reader.serial}")
    return agency, changed


def write_agency(*, company_id: int, facts: AgencyFacts, is_open: bool) -> tuple[Agency, dict[str, list[Any]]]:
    """The agency of that code, locked, and what changed of it: before and after. Readers are left aside.

    Safe to repeat: then nothing changes.
    """
    columns: dict[str, object] = asdict(facts) | {"is_open": is_open}
    del columns["reader_serial"]
    code = columns.pop("code")
    agencies = Agency.objects.select_for_update()
    agency, is_new = agencies.get_or_create(company_id=company_id, code=code, defaults=columns)
    if is_new:
        return agency, {name: [None, value] for name, value in columns.items()}
    return agency, rewrite_telling(agency, columns)
