"""What a company sets for itself, changed on pages: each change with what was before, and by whom."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.companies.reads import find_company_of_host, get_company
from bawabati.companies.rules import (
    IDENTITY,
    HostNameTaken,
    NumberFormat,
    SettingWrong,
    SurplusBecomes,
    check_colour,
    check_host_name,
    check_limits,
    check_mark,
    check_promised_days,
    check_value,
    folded,
    is_ready,
    read_colour,
    read_host_name,
)
from bawabati.companies.writes import change_company as write_company
from bawabati.companies.writes import lock_company
from bawabati.errors import CannotDo
from bawabati.flows.steps.email_address import check_email
from bawabati.flows.steps.numbers_fit import numbers_fit
from bawabati.flows.steps.readiness import readiness_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff, get_staff_allowed, roles_of
from bawabati.people.rules import ALLOWED, Action
from bawabati.wilayas import Wilaya, all_wilayas

LIMITS: Final = (
    *("minimum_centimes", "ceiling_centimes", "typed_approval_limit_centimes"),
    *("allows_part_payment", "offers_other_bills", "cheques_carry_stamp_duty"),
)
SURPLUS: Final = ("surplus_owner_login", "surplus_becomes", "surplus_promised_working_days")
NUMBERS: Final = ("number_format",)
LOGO: Final = ("logo_svg",)
OPENING: Final = ("is_open",)
COLOURS: Final = ("colour", "band_colour")
TERRITORY: Final = ("wilayas",)
HOST: Final = ("host_name",)
_SVG_BEGINS: Final = b"<"


class CompanyChangedMeanwhile(CannotDo):
    """Somebody else has changed the same values since the form was opened."""

    code: ClassVar[str] = "company_changed_meanwhile"
    sentence: ClassVar[str] = "Somebody has changed this since you opened the page. Look at it again."


class OwnsNoCases(SettingWrong):
    """Nobody would see to a surplus."""

    code: ClassVar[str] = "owns_no_cases"
    sentence: ClassVar[str] = (
        "This person may not own a case of this company. Choose a finance officer or an agency head."
    )


class NumbersDoNotFit(CannotDo):
    """A payer with an open bill would be told that his number is wrong."""

    code: ClassVar[str] = "numbers_do_not_fit"
    sentence: ClassVar[str] = "An open bill has a payment number that this format refuses: its payer could not find it."


class NoSuchWilaya(SettingWrong):
    """`typed` is neither the number nor the name of one."""

    code: ClassVar[str] = "no_such_wilaya"
    sentence: ClassVar[str] = "%(typed)s is no wilaya. Write their numbers or names, parted by commas."


class NotReadyToOpen(CannotDo):
    """Somebody would come and could not pay."""

    code: ClassVar[str] = "not_ready_to_open"
    sentence: ClassVar[str] = (
        "Before it can open, the company needs its identity, a merchant account, its payment and sale terms in three "
        "languages, and somebody who sees to a surplus."
    )


class LogoHasToBeSvg(CannotDo):
    """It is printed in any size."""

    code: ClassVar[str] = "logo_has_to_be_svg"
    sentence: ClassVar[str] = "The logo has to be a drawing in SVG."


def look_of(company: Company, columns: Sequence[str]) -> str:
    """A short digest of what `columns` say: a form brings it back, so that nobody overwrites what he has not seen."""
    said = json.dumps([getattr(company, column) for column in columns], sort_keys=True, default=str)
    return sha256(said.encode()).hexdigest()[:32]


def change_identity(*, company_id: int, values: Mapping[str, str], seen: str, staff: Staff, now: datetime) -> list[str]:
    """Names, addresses and registrations, as they stand on receipts from now on; which of them changed.

    Raises:
        NotAllowed, CompanyChangedMeanwhile, SettingWrong, LooksLikeACardNumber.
    """
    columns = {column: values.get(column, "").strip() for column in IDENTITY}
    for column, value in columns.items():
        check_value(column, value)
    check_email("email", columns["email"])
    return _change(company_id, columns, part="identity", seen=seen, staff=staff, now=now)


def change_limits(
    *, company_id: int, values: Mapping[str, Money | bool], seen: str, staff: Staff, now: datetime
) -> list[str]:
    """What may be paid at once, and what payers may choose. Attempts under way keep what they began with.

    Raises:
        NotAllowed, CompanyChangedMeanwhile, SettingWrong.
    """
    amounts = {name: value for name, value in values.items() if isinstance(value, Money)}
    check_limits(
        minimum=amounts["minimum_centimes"],
        ceiling=amounts["ceiling_centimes"],
        typed_approval=amounts["typed_approval_limit_centimes"],
    )
    columns = {name: value.centimes if isinstance(value, Money) else value for name, value in values.items()}
    return _change(company_id, columns, part="limits", seen=seen, staff=staff, now=now)


def change_surplus(
    *, company_id: int, owner_login: str, becomes: SurplusBecomes, days: int, seen: str, staff: Staff, now: datetime
) -> list[str]:
    """Who sees to money that found its bill settled, and what becomes of it. Rule: surplus (behaviour.md 5)

    Raises:
        NotAllowed, CompanyChangedMeanwhile, SettingWrong.
    """
    check_promised_days(days)
    owner = find_staff(owner_login)
    if owner is None or not ALLOWED[Action.OWN_CASE] & roles_of(staff_id=owner.id, company_id=company_id):
        raise OwnsNoCases("surplus_owner_login")
    columns: dict[str, object] = {
        "surplus_owner_login": owner_login,
        "surplus_becomes": becomes.value,
        "surplus_promised_working_days": days,
    }
    return _change(company_id, columns, part="surplus", seen=seen, staff=staff, now=now)


def change_number_format(
    *, company_id: int, number_format: NumberFormat, seen: str, staff: Staff, now: datetime
) -> list[str]:
    """How printed payment numbers look. Rule: payment-number

    Raises:
        NotAllowed, CompanyChangedMeanwhile.
        NumbersDoNotFit: an open bill could no longer be found.
    """
    if not numbers_fit(get_company(company_id), number_format):
        raise NumbersDoNotFit
    columns = {"number_format": number_format.to_json()}
    return _change(company_id, columns, part="number_format", seen=seen, staff=staff, now=now)


def change_logo(*, company_id: int, content: bytes, seen: str, staff: Staff, now: datetime) -> list[str]:
    """The drawing on receipts; no content takes it away. Rule: harmless-marks

    Raises:
        NotAllowed, CompanyChangedMeanwhile, MarkRefused, LogoHasToBeSvg.
    """
    drawing = ""
    if content:
        if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_SVG_BEGINS):
            raise LogoHasToBeSvg
        check_mark(content)
        drawing = content.decode("utf-8-sig")
    return _change(company_id, {"logo_svg": drawing}, part="logo", seen=seen, staff=staff, now=now)


def change_colours(*, company_id: int, values: Mapping[str, str], seen: str, staff: Staff, now: datetime) -> list[str]:
    """The colours of its pages; empty: the portal's own. Rule: readable-colours

    Raises:
        NotAllowed, CompanyChangedMeanwhile, ColourUnreadable, ColourTooPale.
    """
    columns = {column: read_colour(column, values.get(column, "")) for column in COLOURS}
    check_colour("colour", columns["colour"])
    return _change(company_id, columns, part="colours", seen=seen, staff=staff, now=now)


def change_territory(*, company_id: int, written: str, seen: str, staff: Staff, now: datetime) -> list[str]:
    """Which wilayas it serves, so that payers find it. Raises NotAllowed, CompanyChangedMeanwhile, NoSuchWilaya."""
    columns = {"wilayas": read_wilayas(written)}
    return _change(company_id, columns, part="territory", seen=seen, staff=staff, now=now)


def read_wilayas(written: str) -> list[str]:
    """The codes of wilayas that somebody has written by number or by name, parted by commas. Raises NoSuchWilaya."""
    found = set()
    for typed in re.split(r"[,،;\n]", written):
        if typed.strip():
            found.add(_wilaya(typed.strip()).code)
    return sorted(found)


def change_host_name(*, company_id: int, written: str, seen: str, staff: Staff, now: datetime) -> list[str]:
    """Its own host beside the portal's; empty: none. For people who work nationally, who also have its certificate.

    Rule: own-host

    Raises:
        NotAllowed, CompanyChangedMeanwhile, HostNameWrong, HostNameOurs, HostNameTaken.
    """
    host = read_host_name(written)
    ours = [*settings.ALLOWED_HOSTS, urlsplit(settings.PUBLIC_URL).hostname or ""]
    check_host_name(host, ours=ours)
    get_staff_allowed(login=staff.login, action=Action.ADD_COMPANY, company_id=None)
    holder = find_company_of_host(host)
    if holder is not None and holder.id != company_id:
        raise HostNameTaken("host_name")
    try:
        return _change(company_id, {"host_name": host}, part="host", seen=seen, staff=staff, now=now)
    except IntegrityError as taken:
        raise HostNameTaken("host_name") from taken


def open_company(*, company_id: int, because: str, seen: str, staff: Staff, now: datetime) -> list[str]:
    """Lets payers begin. Rule: ready-to-open

    Raises:
        NotReadyToOpen, and what `close_company` raises.
    """
    if not is_ready(readiness_of(get_company(company_id), now=now)):
        raise NotReadyToOpen
    details = {"because": check_words(because)}
    return _change(company_id, {"is_open": True}, part="opening", seen=seen, staff=staff, now=now, details=details)


def close_company(*, company_id: int, because: str, seen: str, staff: Staff, now: datetime) -> list[str]:
    """No new attempts; those in flight end normally. Rule: payable (behaviour.md 6)

    Raises:
        NotAllowed, CompanyChangedMeanwhile; and what `check_words` raises.
    """
    details = {"because": check_words(because)}
    return _change(company_id, {"is_open": False}, part="opening", seen=seen, staff=staff, now=now, details=details)


def _wilaya(typed: str) -> Wilaya:
    if typed.isdecimal():
        named = [wilaya for wilaya in all_wilayas() if int(wilaya.code) == int(typed[:3])]
    else:
        named = [
            wilaya for wilaya in all_wilayas() if folded(typed) in {folded(wilaya.name_ar), folded(wilaya.name_fr)}
        ]
    if not named:
        raise NoSuchWilaya("wilayas", typed=typed[:40])
    return named[0]


def _change(
    company_id: int,
    columns: Mapping[str, object],
    *,
    part: str,
    seen: str,
    staff: Staff,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> list[str]:
    with written_together("change_company: changed"):
        get_staff_allowed(login=staff.login, action=Action.CHANGE_COMPANY, company_id=company_id)
        company = lock_company(company_id)
        if look_of(company, list(columns)) != seen:
            raise CompanyChangedMeanwhile
        changed = write_company(company, columns)
        if changed:
            record_act(
                staff_id=staff.id,
                company_id=company_id,
                action="change_company",
                target=f"company:{company_id}",
                details={"part": part, "changed": _told(changed), **(details or {})},
                now=now,
            )
    return list(changed)


def _told(changed: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
    """Before and after; of a drawing its digest."""
    return {
        column: [sha256(str(value).encode()).hexdigest() if value else "" for value in values]
        if column == "logo_svg"
        else values
        for column, values in changed.items()
    }
