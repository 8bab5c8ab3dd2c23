"""What a company sets for itself, changed on pages: each change with what was before, and by whom."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.companies.reads import current_texts, find_active_gateway_account, get_company
from bawabati.companies.rules import (
    ACCEPTED,
    LANGUAGES,
    NumberFormat,
    SettingWrong,
    SurplusBecomes,
    check_limits,
    check_mark,
    check_promised_days,
    check_value,
)
from bawabati.companies.writes import change_company as write_company
from bawabati.companies.writes import lock_company
from bawabati.errors import CannotDo
from bawabati.flows.steps.numbers_fit import numbers_fit
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff, get_staff_allowed, roles_of
from bawabati.people.rules import ALLOWED, Action

IDENTITY: Final = (
    *("name_ar", "name_fr", "name_en", "legal_form", "address_ar", "address_fr", "phone", "email"),
    *("nif", "nis", "rc", "ai"),
)
LIMITS: Final = (
    *("minimum_centimes", "ceiling_centimes", "typed_approval_limit_centimes"),
    *("allows_part_payment", "offers_other_bills", "cheques_carry_stamp_duty"),
)
SURPLUS: Final = ("surplus_owner_login", "surplus_becomes", "surplus_promised_working_days")
NUMBERS: Final = ("number_format",)
LOGO: Final = ("logo_svg",)
OPENING: Final = ("is_open",)
_SVG_BEGINS: Final = b"<"


class CompanyChangedMeanwhile(CannotDo):
    """Somebody else has changed the same values since the form was opened."""

    code: ClassVar[str] = "company_changed_meanwhile"
    sentence: ClassVar[str] = "Somebody has changed this since you opened the page. Look at it again."


class NotAnEmail(SettingWrong):
    """Nobody could write there."""

    code: ClassVar[str] = "not_an_email"
    sentence: ClassVar[str] = "This is not an e-mail address."


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


class NotReadyToOpen(CannotDo):
    """Somebody would come and could not pay."""

    code: ClassVar[str] = "not_ready_to_open"
    sentence: ClassVar[str] = (
        "Before it can open, the company needs a merchant account, and its payment and sale terms in three languages."
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


def open_company(*, company_id: int, because: str, seen: str, staff: Staff, now: datetime) -> list[str]:
    """Lets payers begin. Raises NotReadyToOpen, and what `close_company` raises."""
    if find_active_gateway_account(company_id) is None or not _terms_hold(company_id, now):
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


def check_email(column: str, address: str) -> None:
    """Raises NotAnEmail."""
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnEmail(column) from None


def _terms_hold(company_id: int, now: datetime) -> bool:
    kinds = sorted(ACCEPTED)
    return all(
        len(current_texts(company_id=company_id, kinds=kinds, language=language, now=now)) == len(kinds)
        for language in LANGUAGES
    )


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
