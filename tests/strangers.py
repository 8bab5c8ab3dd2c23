"""Two companies that are alike to the last row, and every address of the site with the objects of one in it.

    world = add_world("tafna")
    for place in addresses(): place.at(world)

An address whose parts are not known here raises a KeyError that names them: give the part a value in `VALUES`, or
the address its token in `TOKENS`, made from a row of that company.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from psycopg import sql

from agency import cash
from bawabati.bills.models import Agreement, BadBillLine, Bill, BillBatch, BillUpload, CustomerContact
from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.cases.models import Case
from bawabati.cases.writes import open_case
from bawabati.companies.models import Agency, Company, CompanyText, Desk, GatewayAccount, Reader
from bawabati.flows.ask_refund import ask_reversal
from bawabati.flows.keep_keys import make_key
from bawabati.flows.steps.events_numbered import number_what_happened
from bawabati.flows.steps.receipt_code import code_address
from bawabati.links import Purpose, link_token
from bawabati.money.amount import Money
from bawabati.notices.models import Delivery, Endpoint, Notice
from bawabati.notices.reads import list_events_after
from bawabati.notices.rules import EventKind
from bawabati.notices.writes import lay_out, write_endpoint, write_notice
from bawabati.payments.models import (
    Channel,
    ChannelDifference,
    ChannelFile,
    Payment,
    ReaderOrder,
    Refund,
    Reservation,
    Sale,
)
from bawabati.payments.rules.channels import Word
from bawabati.people.models import ApiKey, Invitation, Staff, StaffSession
from bawabati.people.rules import ApiScope, Role
from bawabati.people.writes import make_invitation
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import code_in
from bawabati.reminders.models import Reminder, ReminderMessage, ReminderRun
from bawabati.reminders.rules import Stage
from bawabati.reports.models import Target
from bawabati.settlement.models import Difference, Statement, StatementProfile
from bawabati.settlement.rules import DifferenceKind
from bawabati.settlement.writes import give_default_profiles
from bawabati.web.counter.links import customer_address
from bawabati.web.public.bill_link import bill_address
from bawabati.web.public.debt_link import debt_address
from campaigning import add_code, drawn_for
from channels import Partner, day_file
from debtors import ask, offer_instalments_at
from desks import Counter, add_counter, take
from paying import start
from people import NOON, OMAR, SALIMA, add_bill, add_company
from reminding import add_contact
from staff import add_person, session_key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BRIDGE_KEY: Final = "k" * 43
MARK: Final = "Geheimrat"
"""Stands in the names of everybody and everything of the company that strangers look for."""


@dataclass(frozen=True, kw_only=True)
class World:
    """A company with a row of whatever an address may name."""

    company: Company
    counter: Counter
    paid: Payment
    attempt: Payment
    bill: Bill
    machine: str
    """A key of a machine of that company that may do everything."""

    def one(self, model: type[Any], **which: object) -> Any:  # noqa: ANN401 - a row of it
        """A row of that company."""
        row = model.objects.filter(company=self.company, **which).order_by("id").first()
        assert row is not None, f"{self.company.code} has no {model.__name__}"
        return row

    @property
    def bearer(self) -> str:
        """What its bridge says to the portal."""
        return f"Bearer {self.counter.bridge.id}.{BRIDGE_KEY}"


def add_world(code: str, *, mark: str = "") -> World:
    """The company with an agency at work, a bill paid there, an attempt online, a refund, a case and a letter."""
    company = add_company(code)
    holder = f"{mark or 'Amina'} Benali"
    counter = add_counter(company, code=f"{code[:2].upper()}1", who=f"{mark.lower()}cashier@{code}.example")
    counter.bridge.key_sha256 = sha256(BRIDGE_KEY.encode()).hexdigest()
    counter.bridge.save()
    bills = [add_bill(company, seed=seed, holder=holder) for seed in (1, 2, 3)]
    sale = cash(counter.session, bills[0], key=f"{code}-cash")
    take(counter, bills[1], key=f"{code}-card")
    attempt = start(company, bills[2], key=f"{code}-web", email=f"{mark.lower()}payer@{code}.example")
    paid = Payment.objects.get(sale=sale)
    ask_reversal(payment_id=paid.id, amount=None, because=f"asked by {mark}", login=SALIMA, now=NOON)
    finance = Staff.objects.get(login=SALIMA)
    open_case(
        company_id=company.id, kind="surplus", reference=f"payment:{paid.id}", amount=Money(1), owner_id=finance.id,
        promised_on=NOON.date(), details={"name": mark}, now=NOON,
    )  # fmt: skip
    write_notice(
        company_id=company.id,
        kind="receipt",
        reference=f"receipt:{Receipt.objects.get(payment=paid).id}",
        language="fr",
        address=f"{mark.lower()}letter@{code}.example",
        now=NOON,
    )
    BillUpload.objects.create(
        company=company, file_name=f"{mark}.csv", format="csv", content_sha256="a" * 64, size_bytes=1,
        stored_as=f"{code}-upload", uploaded_by=finance, uploaded_at=NOON,
    )  # fmt: skip
    batch = BillBatch.objects.filter(company=company).order_by("id")[0]
    batch.head, batch.delimiter, batch.line_count, batch.bad_count = "number;name", ";", 2, 1
    batch.save()
    BadBillLine.objects.create(
        company=company, batch=batch, line_number=1,
        text=mark, reason="amount_negative",
    )  # fmt: skip
    add_difference(company, finance, mark)
    add_agreement(company, mark=mark)
    add_channel(company, mark)
    add_code(company, drawn_for(company.code), name=f"{mark or code} campaign")
    Target.objects.create(
        company=company, measure="payers", first_day=NOON.date(), last_day=NOON.date(), wanted=50, set_by=finance,
        set_at=NOON,
    )  # fmt: skip
    administrator = add_person(f"{mark.lower()}admin@{code}.example", Role.ADMINISTRATOR, company=company)
    make_invitation(staff=counter.cashier, made_by=administrator, expires_at=NOON, now=NOON)
    session_key_of(administrator)
    add_reminder(company, bills[1], f"{mark.lower()}remind@{code}.example")
    machine = add_machine(company, mark)
    return World(company=company, counter=counter, paid=paid, attempt=attempt, bill=bills[1], machine=machine)


def add_machine(company: Company, mark: str) -> str:
    """A machine, and an address that is told of events; the key as the machine carries it."""
    made = make_key(
        company_id=company.id, name=mark or "GESTAB", scopes=list(ApiScope), channel_name=mark or "BNA", login=OMAR,
        now=NOON,
    )  # fmt: skip
    number_what_happened(company.id)
    secret = f"webhook of {mark}"
    endpoint = write_endpoint(
        company_id=company.id, url=f"https://{mark.lower() or 'x'}.example/", kinds=list(EventKind), secret=secret,
        told_up_to=0, made_by=made.key.made_by, now=NOON,
    )  # fmt: skip
    lay_out(endpoint, list_events_after(company_id=company.id, sequence=0, at_most=10), now=NOON)
    return made.text


def add_reminder(company: Company, bill: Bill, address: str) -> None:
    """A day of reminders with one message, and the address to which it goes."""
    contact = add_contact(bill.customer, address, source="payer", confirmed_at=NOON)
    run = ReminderRun.objects.create(company=company, day=NOON.date(), planned_at=NOON)
    Reminder.objects.create(company=company, run=run, customer=bill.customer, bill=bill, stage=Stage.AT_DUE)
    ReminderMessage.objects.create(
        company=company, run=run, customer=bill.customer, contact=contact, means=contact.means, language="fr",
        send_after=NOON,
    )  # fmt: skip


def add_channel(company: Company, mark: str) -> None:
    """A bank's application that does not know whether it was paid, and whose file tells of what nobody reserved."""
    bank = Partner.of(company, f"{mark} Mobile"[:40])
    bank.reserve("A-1", add_bill(company, seed=9, holder=f"{mark} Benali"))
    bank.says("A-1", Word.PENDING)
    line = ("X-1", "10000000000001", "10.00", "2026-11-22T12:00:00", "paid")
    bank.brings(day_file(NOON.date(), line), now=NOON)


def add_difference(company: Company, finance: Staff, mark: str) -> None:
    """A file of the bank with a line that nobody can explain."""
    give_default_profiles(company_id=company.id, changed_by_id=finance.id, now=NOON)
    profile = StatementProfile.objects.filter(company=company).order_by("id")[0]
    day = NOON.date()
    statement = Statement.objects.create(
        company=company, profile=profile, source=profile.source, file_name=f"{mark}.csv", content_sha256="b" * 64,
        size_bytes=1, day=day, from_on=day, to_on=day, received_at=NOON, received_by=finance, line_count=1, bad_count=0,
        repeated_count=0, gross_centimes=1, fee_centimes=0, vat_centimes=0, net_centimes=1,
    )  # fmt: skip
    Difference.objects.create(
        company=company, kind=DifferenceKind.NOT_OURS, reference="statement_line:1", day=day, amount_centimes=1,
        statement=statement, details={"name": mark}, opened_at=NOON,
    )  # fmt: skip


def add_agreement(company: Company, *, mark: str) -> None:
    """Somebody who owes two bills asks to pay them in instalments."""
    bills = [
        add_bill(company, seed=seed, holder=f"{mark or 'Amina'} Mansouri", customer_number=f"{mark}D{company.code}")
        for seed in (4, 5)
    ]
    offer_instalments_at(company, lookup_factor="bill_amount")
    ask(company, bills, tranches=2, email=f"{mark.lower()}debtor@{company.code}.example")


VALUES: Final[Mapping[str, Callable[[World], object]]] = {
    "agreement_id": lambda world: world.one(Agreement).id,
    "chosen": lambda world: world.bill.id,
    "language": lambda _: "fr",
    "code": lambda world: world.company.code,
    "account": lambda world: world.one(GatewayAccount).id,
    "agency_id": lambda world: world.one(Agency).id,
    "batch_id": lambda world: world.one(BillBatch).id,
    "campaign_id": lambda world: world.one(Campaign).id,
    "campaign_code_id": lambda world: world.one(CampaignCode).id,
    "case_id": lambda world: world.one(Case).id,
    "channel_difference_id": lambda world: world.one(ChannelDifference).id,
    "channel_id": lambda world: world.one(Channel).id,
    "centimes": lambda _: 5_000,
    "count": lambda _: 1,
    "day": lambda _: NOON.date().isoformat(),
    "delivery_id": lambda world: world.one(Delivery).id,
    "desk_id": lambda world: world.one(Desk).id,
    "difference_id": lambda world: world.one(Difference).id,
    "endpoint_id": lambda world: world.one(Endpoint).id,
    "factor_id": lambda _: 1,
    "file_id": lambda world: world.one(BillUpload).id,
    "form": lambda _: "pdf",
    "job_id": lambda _: 1,
    "key_id": lambda world: world.one(ApiKey).id,
    "kind": lambda _: "help",
    "notice_id": lambda world: world.one(Notice).id,
    "number": lambda world: world.bill.payment_number,
    "account_id": lambda world: world.one(GatewayAccount).id,
    "on": lambda _: NOON.date().isoformat(),
    "order_id": lambda world: world.one(ReaderOrder).id,
    "payment_id": lambda world: world.paid.id,
    "reader_id": lambda world: world.one(Reader).id,
    "refund_id": lambda world: world.one(Refund).id,
    "run_id": lambda world: world.one(ReminderRun).id,
    "reference": lambda _: "A-1",
    "reservation_id": lambda world: world.one(Reservation).id,
    "sale_id": lambda world: world.one(Sale, payment=None).id,
    "session_id": lambda world: world.counter.session.id,
    "session_key": lambda world: (
        StaffSession.objects.filter(staff__login__endswith=f"@{world.company.code}.example").order_by("pk")[0].pk
    ),
    "stage": lambda _: "at_due",
    "slug": lambda _: "ways",
    "statement_id": lambda world: world.one(Statement).id,
    "target_id": lambda world: world.one(Target).id,
    "text_id": lambda world: world.one(CompanyText).id,
    "ticket": lambda _: "none",
    "typed": lambda world: world.one(CampaignCode).code,
    "upload_id": lambda world: world.one(BillUpload).id,
}
BY_PLACE: Final[Mapping[tuple[str, str], Callable[[World], object]]] = {
    ("/texts/accepted/", "payment_id"): lambda world: world.attempt.id,
    ("/settlement/profiles/", "code"): lambda world: world.one(StatementProfile).code,
    ("/closing/files/", "number"): lambda _: 1,
    ("/channel/files/", "file_id"): lambda world: world.one(ChannelFile).id,
    ("/v/", "code"): lambda world: code_in(code_address(Receipt.objects.get(payment=world.paid))),
}
"""Where a part means something else than elsewhere."""
OBJECTS: Final = frozenset(name for name in VALUES if name.endswith("_id") and name not in {"factor_id", "job_id"}) | {
    "session_key"
}
"""Parts of an address that name a row of a company."""


def _receipt(world: World) -> str:
    return link_token(Purpose.RECEIPT, Receipt.objects.get(payment=world.paid).id)


def _attempt(world: World) -> str:
    return link_token(Purpose.ATTEMPT, world.attempt.id)


def _bill(world: World) -> str:
    return bill_address(company=world.company, bill_id=world.bill.id, language="fr").split("/")[-2]


def _debt(world: World) -> str:
    address = debt_address(company=world.company, customer_id=world.one(Agreement).customer_id, language="fr")
    return address.split("/")[-2]


def _customer(world: World) -> str:
    address = customer_address(staff_id=world.counter.cashier.id, customer_id=world.bill.customer_id, bill_id=None)
    return address.split("/")[-2]


TOKENS: Final[Mapping[str, Callable[[World], str]]] = {
    "/r/": _receipt,
    "/payment/": _attempt,
    "/bill/": _bill,
    "/counter/customer/": _customer,
    "/m/{token}/": lambda world: link_token(Purpose.REMINDER, world.one(ReminderMessage).id),
    "/m/yes/": lambda world: link_token(Purpose.CONTACT, world.one(CustomerContact).id),
    "/debts/{token}": _debt,
    "/instalments/{token}": lambda world: link_token(Purpose.AGREEMENT, world.one(Agreement).id),
    "/staff/invitation/": lambda world: link_token(
        Purpose.INVITATION, Invitation.objects.get(staff=world.counter.cashier).id
    ),
}


@dataclass(frozen=True)
class Place:
    """One address of the site, as the resolver knows it: its text with the names of its parts in braces."""

    text: str

    @property
    def parts(self) -> list[str]:
        """Their names."""
        return re.findall(r"\{(\w+)\}", self.text)

    @property
    def is_of_staff(self) -> bool:
        """For people who work here."""
        return re.match(r"/\{language\}/(staff|counter|agency|office|crew)/", self.text) is not None

    @property
    def is_of_bridges(self) -> bool:
        """For the programs in the agencies."""
        return self.text.startswith("/api/bridge/")

    @property
    def is_of_machines(self) -> bool:
        """For billing systems and other channels."""
        return self.text.startswith("/api/v1/")

    @property
    def names_an_object(self) -> bool:
        """Whether a row of a company stands in it."""
        return not OBJECTS.isdisjoint(self.parts) or "token" in self.parts

    def at(self, world: World, *, code: str = "") -> str:
        """The address with that company's objects; `code`: under another company's name."""
        here = {part: make for (where, part), make in BY_PLACE.items() if where in self.text}
        values = {part: str((here.get(part) or VALUES[part])(world)) for part in self.parts if part != "token"}
        if "token" in self.parts:
            (made,) = [make for where, make in TOKENS.items() if where in self.text]
            values["token"] = made(world)
        if code and "code" in values:
            values["code"] = code
        return self.text.format_map(values)


def addresses() -> list[Place]:
    """Every address of the site."""
    return [Place(f"/{text}") for text in _walk(get_resolver(), "")]


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        text = before + _text_of(entry.pattern)
        if isinstance(entry, URLPattern):
            yield text
        else:
            yield from _walk(entry, text)


def _text_of(pattern: Any) -> str:  # noqa: ANN401 - Django's
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern))
    assert isinstance(pattern, RegexPattern)
    text = str(pattern).removeprefix("^").removesuffix("$").replace("\\", "")
    return re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\]|\{\d+(?:,\d+)?\}|[^()\[\]])*\)", r"{\1}", text)


def said_of(world: World) -> dict[str, str]:
    """A form that names that company's rows in every field that any form of ours has."""
    counter = world.counter
    agency, desk, reader = counter.agency, counter.desk, counter.reader
    assert isinstance(agency, Agency)
    return {
        **{name: str(counter.cashier.login) for name in ("person", "login", "who", "owner", "staff")},
        **{name: str(world.bill.payment_number) for name in ("number", "typed", "search", "sought", "q", "scanned")},
        **{name: str(world.bill.id) for name in ("bill", "bills", "bill_id")},
        **{name: str(world.paid.id) for name in ("payment", "payment_id")},
        "order": world.paid.order_number or "",
        "customer": world.bill.customer.number,
        "agency": str(agency.id),
        "desk": str(desk.id),
        "reader": str(reader.id),
        "session": str(counter.session.id),
        "case": str(world.one(Case).id),
        "refund": str(world.one(Refund).id),
        "batch": str(world.one(BillBatch).id),
        "place": "0",
        "change": "1",
        "role": "cashier",
        "name": "Somebody",
        "code": "C9",
        "serial": "S9",
        "protocol": "manual",
        "poi_id": "P9",
        "what": "confirmed_not_processed",
        "because": "seen with my own eyes",
        "words": "seen with my own eyes",
        "comment": "seen with my own eyes",
        "approval_code": "123456",
        "last_four": "1234",
        "amount": "10,00",
        "day": NOON.date().isoformat(),
        "since": NOON.date().isoformat(),
        "choice": "credit",
    }


OF_A_COMPANY = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""


def digests(behind_the_scenes: psycopg.Connection[Any], company: Company) -> dict[str, str]:
    """A digest of every table's rows of a company, as PostgreSQL itself sees them."""
    digest = sql.SQL(
        "SELECT md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) FROM {} r WHERE company_id = %s"
    )
    found = {}
    for (table,) in behind_the_scenes.execute(OF_A_COMPANY).fetchall():
        row = behind_the_scenes.execute(digest.format(sql.Identifier(table)), [company.id]).fetchone()
        assert row is not None
        found[table] = row[0]
    return found
