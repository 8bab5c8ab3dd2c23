"""The cast of the tests: a company, its bills, and the people who pay them.

Amina pays her bill. Karim pays the same bill as Amina, a moment later. Yacine's account is empty. Salima is the
company's finance officer; Omar its operator; Nadia its director.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
"""Noon in Algiers, on a Sunday: a working day."""

SALIMA = "salima@oran.example"
OMAR = "omar@oran.example"
NADIA = "nadia@oran.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of the sandbox's deck."""

    number: str
    month: str
    year: str
    cvv2: str


AMINAS_CARD = Card(number="6280581110007215", month="01", year="2027", cvv2="373")
KARIMS_CARD = Card(number="6280580610061011", month="01", year="2027", cvv2="992")
YACINES_CARD = Card(number="6280580610061110", month="01", year="2027", cvv2="260")


def add_company(
    code: str = "oran",
    *,
    gateway_url: str = "http://127.0.0.1:1",
    page_life_seconds: int = 720,
    user_name: str = "SAT2601010001",
    password: str = "sandbox-oran-1",
    terminal_id: str = "E010901201",
) -> Company:
    """A company that is open, with terms in three languages, staff, and a merchant account at `gateway_url`."""
    from bawabati.companies.models import Company, CompanyText, GatewayAccount  # noqa: PLC0415 - settings first
    from bawabati.companies.reads import password_purpose  # noqa: PLC0415
    from bawabati.companies.rules import MINTED_FORMAT  # noqa: PLC0415
    from bawabati.people.rules import Role  # noqa: PLC0415
    from bawabati.people.writes import add_staff, give_role  # noqa: PLC0415
    from bawabati.sealed import seal  # noqa: PLC0415

    company = Company.objects.create(
        code=code,
        name_ar="شركة المياه",
        name_fr="Société des eaux",
        name_en="Water company",
        legal_form="SPA",
        address_ar="شارع المثال 1، وهران",
        address_fr="1, rue de l'Exemple, Oran",
        phone="041 00 00 00",
        email=f"clients@{code}.example",
        nif="000031000000000",
        nis="000031000000001",
        rc="31/00-0000000B00",
        ai="31000000000",
        number_format=MINTED_FORMAT.to_json(),
        captcha_cost=10,
        surplus_owner_login=SALIMA,
        created_at=NOON,
    )
    for kind in ("payment_terms", "sale_terms", "help"):
        for language in ("ar", "fr", "en"):
            CompanyText.objects.create(
                company=company,
                kind=kind,
                language=language,
                version=1,
                body=f"{kind} ({language})",
                effective_at=NOON,
                written_at=NOON,
            )
    host = gateway_url.partition("://")[2].partition("/")[0]
    GatewayAccount.objects.create(
        company=company,
        gateway="satim",
        base_url=f"{gateway_url}/payment/rest",
        user_name=user_name,
        password_sealed=seal(password, purpose=password_purpose(company.id)),
        terminal_id=terminal_id,
        page_hosts=[host],
        page_life_seconds=page_life_seconds,
    )
    for login, name, role in (
        (SALIMA, "Salima", Role.FINANCE),
        (OMAR, "Omar", Role.OPERATOR),
        (NADIA, "Nadia", Role.DIRECTOR),
    ):
        give_role(staff=add_staff(login=login, name=name, language="ar", now=NOON), role=role, company=company)
    return company


def add_bill(
    company: Company,
    *,
    due_centimes: int = 1_430_50,
    seed: int = 1,
    status: str = "open",
    holder: str = "Amina Benali",
    replaced_by: str = "",
    quarters_ago: int = 0,
    customer_number: str = "",
) -> Bill:
    """A bill of `company`, one for each seed, with two lines that sum to what is due.

    Each is another customer's, unless `customer_number` says whose.
    """
    from bawabati.bills.models import Bill, BillBatch, BillVersion, Customer  # noqa: PLC0415 - settings first
    from bawabati.companies.rules import mint_number  # noqa: PLC0415
    from bawabati.people.writes import system_account  # noqa: PLC0415

    batch, _ = BillBatch.objects.get_or_create(
        company=company,
        content_sha256=f"{company.code}-{seed}",
        defaults={
            "file_name": "bills.csv",
            "received_at": NOON,
            "received_by": system_account(now=NOON),
            "line_count": 1,
            "created_count": 1,
            "changed_count": 0,
            "unchanged_count": 0,
            "bad_count": 0,
            "due_centimes": due_centimes,
        },
    )
    customer, _ = Customer.objects.get_or_create(
        company=company, number=customer_number or f"C{seed:06d}", defaults={"name": holder}
    )
    year, quarter = divmod(2026 * 4 + 2 - quarters_ago, 4)
    issued_on = date(year + quarter // 3, (quarter * 3 + 3) % 12 + 1, 5)
    bill = Bill.objects.create(
        company=company,
        customer=customer,
        payment_number=mint_number(random=Random(seed)),
        bill_number=f"F{seed:06d}",
        period=f"{year}-T{quarter + 1}",
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=61),
        status=status,
        replaced_by=replaced_by,
        version=1,
        due_centimes=due_centimes,
        as_of=NOON,
    )
    water = due_centimes * 2 // 3
    BillVersion.objects.create(
        company=company,
        bill=bill,
        version=1,
        batch=batch,
        due_centimes=due_centimes,
        lines=[["Eau", water], ["Assainissement", due_centimes - water]],
        fingerprint=f"{seed}",
    )
    return bill


def add_arrears(company: Company, *due_centimes: int, seed: int = 100) -> list[Bill]:
    """Open bills of one customer, oldest first, one for each amount; the last is of the latest quarter."""
    last = len(due_centimes) - 1
    return [
        add_bill(
            company, due_centimes=due, seed=seed + place, quarters_ago=last - place, customer_number=f"C{seed:06d}"
        )
        for place, due in enumerate(due_centimes)
    ]
