"""The fleet of card readers: where each stands, how it is, how it was used, and how many agencies have one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.models import Reader
from bawabati.companies.reads import (
    count_equipment,
    find_reader,
    list_agencies,
    list_company_bridges,
    list_company_desks,
    list_fleet,
)
from bawabati.companies.rules import Protocol
from bawabati.errors import CannotDo
from bawabati.flows.keep_fleet import PlacedReader, keep_reader
from bawabati.payments.reads import reader_uses
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.places import NoAgencyChosen, agency_of
from bawabati.web.public.typed import given_back
from bawabati.web.shared.lights import light_of_bridge, light_of_reader
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

COUNTED_DAYS: Final = 30
LONGEST_CERTIFICATE: Final = 16_000
_OPTIONS: Final = ("path", "tls_name", "key_identifier", "key_version", "till", "software_id")


@require_safe
@staff_page(Action.MANAGE_READERS)
def fleet(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every reader, desk and bridge of the company, and the share of agencies that have a reader."""
    company, now = request.place.company, timezone.now()
    uses = reader_uses(company.id, since=now - timedelta(days=COUNTED_DAYS))
    readers = [(reader, light_of_reader(reader, now=now), uses.get(reader.id)) for reader in list_fleet(company.id)]
    equipped = {reader.agency_id for reader, _light, _use in readers if reader.is_active}
    context = {
        "readers": readers,
        "without": [agency for agency in list_agencies(company.id) if agency.is_open and agency.id not in equipped],
        "desks": list_company_desks(company.id),
        "bridges": [(bridge, light_of_bridge(bridge, now=now)) for bridge in list_company_bridges(company.id)],
        "equipment": count_equipment(company.id),
        "days": COUNTED_DAYS,
    }
    return render(request, "web/office/fleet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.MANAGE_READERS)
def reader(request: StaffRequest, language: str, reader_id: int | None = None) -> HttpResponse:  # noqa: ARG001 - of the address
    """One reader: added, moved, described anew, or taken out of use."""
    company = request.place.company
    known = None if reader_id is None else find_reader(company_id=company.id, reader_id=reader_id)
    if known is None and reader_id is not None:
        raise Http404
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            keep_reader(
                agency=agency_of(request),
                facts=_described(request, known),
                passphrase=request.POST.get("passphrase", "").strip()[:200],
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_readers")
    context = {
        "reader": known,
        "agencies": list_agencies(company.id),
        "desks": [desk for desk in list_company_desks(company.id) if desk.is_active],
        "bridges": list_company_bridges(company.id),
        "protocols": list(Protocol),
        "filled": _filled(request, known),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/reader.html", context, status=422 if error else 200)


def _described(request: StaffRequest, known: Reader | None) -> PlacedReader:
    protocol = typed_line(request, "protocol")
    if protocol not in set(Protocol):
        raise NoAgencyChosen
    options: dict[str, object] = {name: value for name in _OPTIONS if (value := typed_line(request, name))}
    if version := number_of(typed_line(request, "key_version")):
        options["key_version"] = version
    certificate = request.POST.get("tls_ca_pem", "").replace("\0", "").strip()[:LONGEST_CERTIFICATE]
    if certificate:
        options["tls_ca_pem"] = certificate.replace("\r\n", "\n") + "\n"
    if printer := typed_line(request, "printer_host"):
        options["printer"] = {"host": printer, "port": number_of(typed_line(request, "printer_port")) or 9100}
    return PlacedReader(
        serial=known.serial if known else typed_line(request, "serial"),
        model=typed_line(request, "model")[:60],
        is_active="is_active" in request.POST,
        protocol=Protocol(protocol),
        desk_id=number_of(typed_line(request, "desk")) or None,
        bridge_id=number_of(typed_line(request, "bridge")) or None,
        poi_id=typed_line(request, "poi_id")[:32],
        host=typed_line(request, "host"),
        port=number_of(typed_line(request, "port")),
        options=options,
    )


def _filled(request: StaffRequest, known: Reader | None) -> dict[str, object]:
    """What stands in the form: what was typed, or what is kept."""
    if request.method == "POST":
        return {name: given_back(str(value)) for name, value in request.POST.items()} | {
            "tls_ca_pem": request.POST.get("tls_ca_pem", "")[:LONGEST_CERTIFICATE],
            "is_active": "is_active" in request.POST,
        }
    if known is None:
        return {"is_active": True, "protocol": Protocol.MANUAL.value}
    printer = known.options.get("printer") or {}
    return dict(known.options) | {
        "serial": known.serial,
        "model": known.model,
        "is_active": known.is_active,
        "protocol": known.protocol,
        "agency": str(known.agency_id),
        "desk": str(known.desk_id or ""),
        "bridge": str(known.bridge_id or ""),
        "poi_id": known.poi_id,
        "host": known.host,
        "port": known.port or "",
        "printer_host": printer.get("host", ""),
        "printer_port": printer.get("port", ""),
    }
