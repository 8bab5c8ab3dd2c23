"""The demonstration's companies, read from the files beside this one."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bawabati.companies.rules import NumberFormat
from bawabati.flows.set_up_company import (
    AgencyFacts,
    CompanyFacts,
    GatewayAccess,
    NewCompany,
    StaffFacts,
    TextFacts,
)
from bawabati.money.amount import Money
from bawabati.people.rules import Role

_FOLDER: Final = Path(__file__).parent
_GATEWAY_PATH: Final = "/payment/rest"


def demo_companies(*, sandbox_url: str) -> list[NewCompany]:
    """Two companies that share nothing but their texts; their gateway is the sandbox at `sandbox_url`."""
    written = json.loads((_FOLDER / "companies.json").read_text(encoding="utf-8"))
    return [_company(company, sandbox_url.rstrip("/")) for company in written]


def _company(written: Mapping[str, Any], sandbox_url: str) -> NewCompany:
    facts = CompanyFacts(**written["facts"])
    return NewCompany(
        code=written["code"],
        facts=facts,
        number_format=NumberFormat.from_json(written["number_format"]),
        minimum=Money.dinars(written["minimum_dinars"]),
        ceiling=Money.dinars(written["ceiling_dinars"]),
        allows_part_payment=written["allows_part_payment"],
        offers_other_bills=written["offers_other_bills"],
        surplus_owner_login=written["surplus_owner_login"],
        agencies=list(_agencies(written["code"])),
        staff=_people(written["staff"]),
        nation=_people(written.get("nation", ())),
        look=written["look"] | {"logo_svg": (_FOLDER / f"logo_{written['code']}.svg").read_text(encoding="utf-8")},
        texts=list(_texts(written)),
        gateway=GatewayAccess(
            base_url=sandbox_url + _GATEWAY_PATH, page_hosts=[urlsplit(sandbox_url).netloc], **written["gateway"]
        ),
    )


def _people(written: Iterable[Mapping[str, str]]) -> list[StaffFacts]:
    return [
        StaffFacts(
            login=person["login"],
            name=person["name"],
            language=person["language"],
            role=Role(person["role"]),
            agency_code=person.get("agency_code", ""),
        )
        for person in written
    ]


def _agencies(company: str) -> Iterator[AgencyFacts]:
    with (_FOLDER / f"agencies_{company}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield AgencyFacts(reader_serial=row.pop("reader"), **row)


def _texts(written: Mapping[str, Any]) -> Iterator[TextFacts]:
    """The same words for both companies, each with its own name, numbers and limits."""
    facts = written["facts"]
    for path in sorted((_FOLDER / "texts").glob("*.txt")):
        kind, language, _ = path.name.split(".")
        places = facts | {
            "name": facts[f"name_{language}"],
            "address": facts["address_ar" if language == "ar" else "address_fr"],
            "minimum": written["minimum_dinars"],
            "ceiling": written["ceiling_dinars"],
        }
        yield TextFacts(kind=kind, language=language, body=path.read_text(encoding="utf-8").strip() % places)
