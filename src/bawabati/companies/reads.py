"""Questions about companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bawabati.adapters.gateways.contract import MerchantAccount
from bawabati.companies.models import (
    Agency,
    Bridge,
    Company,
    CompanyHoliday,
    CompanyText,
    Desk,
    GatewayAccount,
    Mark,
    Reader,
    SigningKey,
)
from bawabati.compiled import compiled
from bawabati.errors import Broken
from bawabati.keyset import At, Page, page_of
from bawabati.scope import every_company
from bawabati.sealed import unseal
from bawabati.workdays import CompanyHolidays, built_in_holidays


def find_company(code: str) -> Company | None:
    """The company of that code, open or not."""
    return _company_of_code.find(code)


@compiled
def _company_of_code(code: str) -> QuerySet[Company]:
    return Company.objects.filter(code=code)


def get_company(company_id: int) -> Company:
    """The company; it must exist."""
    return _company.get(company_id)


@compiled
def _company(company_id: int) -> QuerySet[Company]:
    return Company.objects.filter(id=company_id)


def list_companies() -> list[Company]:
    """Every company, by code."""
    return list(Company.objects.order_by("code"))


def find_company_of_host(host_name: str) -> Company | None:
    """The company whose own host that is; small letters, without a port."""
    return _company_of_host.find(host_name) if host_name else None


@compiled
def _company_of_host(host_name: str) -> QuerySet[Company]:
    return Company.objects.filter(host_name=host_name)


def host_of(company_id: int) -> str:
    """The company's own host name; empty where it has none."""
    return get_company(company_id).host_name


def list_open_companies() -> list[Company]:
    """The companies where payers may begin, by code."""
    return list(Company.objects.filter(is_open=True).order_by("code"))


def list_communes() -> dict[int, list[tuple[str, str]]]:
    """Of each company, the communes in which its open agencies stand: Arabic and French, each once."""
    stand = Agency.objects.filter(is_open=True).order_by("commune_fr")
    found: dict[int, dict[tuple[str, str], None]] = {}
    for company_id, arabic, french in stand.values_list("company_id", "commune_ar", "commune_fr"):
        found.setdefault(company_id, {})[arabic, french] = None
    return {company_id: list(communes) for company_id, communes in found.items()}


def list_company_holidays(company_id: int) -> list[CompanyHoliday]:
    """The days on which the company says otherwise than the calendar that comes with us, the earliest first."""
    return list(CompanyHoliday.objects.filter(company_id=company_id).order_by("day"))


def holidays_of(company_id: int) -> CompanyHolidays:
    """The company's days off: those that come with us, and what it says itself. For deadlines counted for it."""
    said = {row.day: row.is_off for row in list_company_holidays(company_id)}
    return CompanyHolidays(built_in=built_in_holidays(), said=said)


def list_agencies(company_id: int) -> list[Agency]:
    """A company's agencies, by code."""
    return list(Agency.objects.filter(company_id=company_id).order_by("code"))


def get_agency(agency_id: int) -> Agency:
    """The agency of that number. Raises DoesNotExist."""
    return Agency.objects.get(id=agency_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """How many open agencies there are, and how many of them have a reader that works."""

    agencies: int
    equipped: int


def count_equipment(company_id: int) -> Equipment:
    """The share of agencies with a card reader, counted from the rows."""
    agencies = Agency.objects.filter(company_id=company_id, is_open=True)
    readers = Reader.objects.filter(company_id=company_id, is_active=True)
    return Equipment(agencies=agencies.count(), equipped=agencies.filter(id__in=readers.values("agency_id")).count())


def list_equipped_agency_ids(company_id: int) -> frozenset[int]:
    """The agencies that have a reader that works."""
    return frozenset(Reader.objects.filter(company_id=company_id, is_active=True).values_list("agency_id", flat=True))


def find_text(*, company_id: int, kind: str, language: str, now: datetime) -> CompanyText | None:
    """The version of a text that holds at `now`; None when there is none, or a notice that is empty or has ended."""
    text = find_text_row(company_id=company_id, kind=kind, language=language, at=now)
    if text is None or not text.body or (text.ends_at is not None and text.ends_at <= now):
        return None
    return text


def find_text_row(*, company_id: int, kind: str, language: str, at: datetime) -> CompanyText | None:
    """The version that came into force last before `at`, even if it is an empty notice or one that has ended."""
    return _text_at.find(company_id, kind, language, at)


@compiled
def _text_at(company_id: int, kind: str, language: str, now: datetime) -> QuerySet[CompanyText]:
    texts = CompanyText.objects.filter(company_id=company_id, kind=kind, language=language, effective_at__lte=now)
    return texts.order_by("-effective_at", "-version")[:1]


def list_planned(*, company_id: int, kind: str, now: datetime) -> list[CompanyText]:
    """Versions that are still to come into force, the next one first."""
    texts = CompanyText.objects.filter(company_id=company_id, kind=kind, effective_at__gt=now)
    return list(texts.order_by("effective_at", "language", "version"))


def list_versions(*, company_id: int, kind: str, language: str, at: At) -> Page[CompanyText]:
    """Versions of a text, the one that begins last first; empty `language`: in every language."""
    texts = CompanyText.objects.filter(company_id=company_id, kind=kind)
    return page_of(texts.filter(language=language) if language else texts, order=["-effective_at", "-id"], at=at)


def list_versions_of_language(text: CompanyText) -> list[CompanyText]:
    """Every version of the same text in the same language, the newest number first."""
    texts = CompanyText.objects.filter(company_id=text.company_id, kind=text.kind, language=text.language)
    return list(texts.order_by("-version"))


def find_version(*, company_id: int, text_id: int) -> CompanyText | None:
    """One version, if it is that company's."""
    return CompanyText.objects.filter(company_id=company_id, id=text_id).first()


def find_version_before(text: CompanyText) -> CompanyText | None:
    """What held in the same language until that version came into force."""
    earlier = CompanyText.objects.filter(company_id=text.company_id, kind=text.kind, language=text.language)
    earlier = earlier.filter(
        Q(effective_at__lt=text.effective_at) | Q(effective_at=text.effective_at, version__lt=text.version)
    )
    return earlier.order_by("-effective_at", "-version").first()


def find_version_after(text: CompanyText) -> CompanyText | None:
    """What took or takes its place in the same language."""
    later = CompanyText.objects.filter(company_id=text.company_id, kind=text.kind, language=text.language)
    later = later.filter(
        Q(effective_at__gt=text.effective_at) | Q(effective_at=text.effective_at, version__gt=text.version)
    )
    return later.order_by("effective_at", "version").first()


def find_latest_version(*, company_id: int, kind: str, language: str) -> int | None:
    """The number of the newest version of a text; None when there is none."""
    versions = CompanyText.objects.filter(company_id=company_id, kind=kind, language=language).order_by("-version")
    return versions.values_list("version", flat=True).first()


def current_texts(*, company_id: int, kinds: Sequence[str], language: str, now: datetime) -> list[CompanyText]:
    """The versions of several texts that hold at `now`, in the order of `kinds`; what has none yet is left out."""
    newest = {text.kind: text for text in _texts_now.list(company_id, language, now)}
    return [newest[kind] for kind in kinds if kind in newest]


@compiled
def _texts_now(company_id: int, language: str, now: datetime) -> QuerySet[CompanyText]:
    texts = CompanyText.objects.filter(company_id=company_id, language=language, effective_at__lte=now)
    return texts.order_by("kind", "-effective_at", "-version").distinct("kind")


def find_mark(*, company_id: int, kind: str) -> Mark | None:
    """The uploaded mark of a card scheme; None stands for neutral text."""
    return _mark.find(company_id, kind)


@compiled
def _mark(company_id: int, kind: str) -> QuerySet[Mark]:
    return Mark.objects.filter(company_id=company_id, kind=kind)


class NoGatewayAccount(Broken):
    """An open company has no active merchant account: nobody can pay."""


def get_active_gateway_account(company_id: int) -> GatewayAccount:
    """The account that new attempts use. Raises NoGatewayAccount."""
    account = _active_gateway_account.find(company_id)
    if account is None:
        raise NoGatewayAccount("the company has no active merchant account", company_id=company_id)
    return account


def find_gateway_account(account_id: int) -> GatewayAccount | None:
    """The merchant account, active or not; None when there is none of that identifier."""
    return _gateway_account.find(account_id)


@compiled
def _gateway_account(account_id: int) -> QuerySet[GatewayAccount]:
    return GatewayAccount.objects.filter(id=account_id)


def company_of_gateway_account(account_id: int) -> int | None:
    """Whose merchant account it is: asked while that is not known."""
    found = _company_of_gateway_account.find(account_id)
    return found.company_id if found else None


@compiled
def _company_of_gateway_account(account_id: int) -> QuerySet[GatewayAccount]:
    return GatewayAccount.objects.filter(id=account_id).only("company_id")


def find_active_gateway_account(company_id: int) -> GatewayAccount | None:
    """The account that new attempts use; None while the company has none."""
    return _active_gateway_account.find(company_id)


@compiled
def _active_gateway_account(company_id: int) -> QuerySet[GatewayAccount]:
    return GatewayAccount.objects.filter(company_id=company_id, is_active=True)


def merchant_account(account: GatewayAccount) -> MerchantAccount:
    """The account as the gateway adapter wants it, password unsealed."""
    return MerchantAccount(
        base_url=account.base_url,
        user_name=account.user_name,
        password=unseal(bytes(account.password_sealed), purpose=password_purpose(account.company_id)),
        terminal_id=account.terminal_id,
        page_hosts=tuple(account.page_hosts),
        options=account.options,
    )


def password_purpose(company_id: int) -> str:
    """What a company's gateway password is sealed for: it opens for no other company."""
    return f"gateway_account:{company_id}"


def find_reader_of_desk(desk_id: int) -> Reader | None:
    """The reader that works at a desk, with its bridge."""
    return Reader.objects.select_related("bridge").filter(desk_id=desk_id, is_active=True).first()


def list_readers_of_bridge(bridge_id: int) -> list[Reader]:
    """The readers that a bridge speaks to."""
    return _readers_of_bridge.list(bridge_id)


@compiled
def _readers_of_bridge(bridge_id: int) -> QuerySet[Reader]:
    return Reader.objects.filter(bridge_id=bridge_id, is_active=True).order_by("id")


def find_bridge(bridge_id: int) -> Bridge | None:
    """The bridge with its agency and company, if it may still come."""
    return _bridge_with_key.find(bridge_id)


@compiled
def _bridge_with_key(bridge_id: int) -> QuerySet[Bridge]:
    active = Bridge.objects.select_related("agency", "company").filter(id=bridge_id, is_active=True)
    return active.exclude(key_sha256="")


def passphrase_purpose(reader: Reader) -> str:
    """What a reader's passphrase is sealed for: it opens for no other company's reader."""
    return f"reader:{reader.company_id}:{reader.serial}"


def passphrase_of(reader: Reader) -> str:
    """The passphrase of the messages with a reader; empty where they are not protected."""
    if reader.passphrase_sealed is None:
        return ""
    return unseal(bytes(reader.passphrase_sealed), purpose=passphrase_purpose(reader))


def list_desks(*, agency_id: int) -> list[Desk]:
    """The desks of an agency that are used, by code."""
    return list(Desk.objects.filter(agency_id=agency_id, is_active=True).order_by("code"))


def list_readers(*, agency_id: int) -> list[Reader]:
    """The readers of an agency that are used, with desk and bridge, by serial."""
    readers = Reader.objects.select_related("desk", "bridge").filter(agency_id=agency_id, is_active=True)
    return list(readers.order_by("serial"))


def list_bridges(*, agency_id: int) -> list[Bridge]:
    """The bridges of an agency that are used, by name."""
    return list(Bridge.objects.filter(agency_id=agency_id, is_active=True).order_by("name"))


def list_fleet(company_id: int) -> list[Reader]:
    """Every reader of a company, used or not, with agency, desk and bridge, by agency."""
    readers = Reader.objects.select_related("agency", "desk", "bridge").filter(company_id=company_id)
    return list(readers.order_by("agency__code", "serial"))


def list_company_desks(company_id: int) -> list[Desk]:
    """Every desk of a company, used or not, with its agency, by code."""
    return list(Desk.objects.select_related("agency").filter(company_id=company_id).order_by("code"))


def list_company_bridges(company_id: int) -> list[Bridge]:
    """Every bridge of a company, used or not, with its agency, by agency."""
    bridges = Bridge.objects.select_related("agency").filter(company_id=company_id)
    return list(bridges.order_by("agency__code", "name"))


def find_reader(*, company_id: int, reader_id: int) -> Reader | None:
    """The reader, if it is that company's."""
    return Reader.objects.select_related("agency", "desk").filter(company_id=company_id, id=reader_id).first()


def find_desk(*, company_id: int, desk_id: int) -> Desk | None:
    """The desk, if it is that company's."""
    return Desk.objects.select_related("agency").filter(company_id=company_id, id=desk_id).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose key it is that signed something, and since when and until when it did. `company` None: the installation."""

    company: Company | None
    purpose: str
    name: str
    public_key: bytes
    made_at: datetime
    retired_at: datetime | None


def find_signer(name: str) -> Signer | None:
    """Who signs with the key of that name."""
    with every_company("a public key is for whoever checks a signature"):
        key = SigningKey.objects.select_related("company").defer("private_key").filter(name=name).first()
    return _signer(key) if key else None


def list_signers(*, purpose: str) -> list[Signer]:
    """Every key that signs or has signed for that purpose, oldest first."""
    with every_company("a public key is for whoever checks a signature"):
        keys = SigningKey.objects.select_related("company").defer("private_key").filter(purpose=purpose)
        return [_signer(key) for key in keys.order_by("made_at", "id")]


def _signer(key: SigningKey) -> Signer:
    return Signer(
        company=key.company,
        purpose=key.purpose,
        name=key.name,
        public_key=bytes(key.public_key),
        made_at=key.made_at,
        retired_at=key.retired_at,
    )


def find_public_key(name: str) -> bytes | None:
    """The public key of that name, in use or retired; 32 bytes."""
    with every_company("a public key is for whoever checks a signature"):
        key = SigningKey.objects.filter(name=name).only("public_key").first()
    return bytes(key.public_key) if key else None
