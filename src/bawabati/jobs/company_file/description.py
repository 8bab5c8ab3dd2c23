"""What each part of a company's file means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bawabati.companies.rules import (
    MINTED_FORMAT,
    RESERVED,
    SVG,
    MarkRefused,
    NumberFormat,
    NumberFormatWrong,
    SettingWrong,
    SurplusBecomes,
    check_colour,
    check_mark,
    read_colour,
)
from bawabati.flows.bring_in_company import (
    AgencyDescription,
    AgencyFacts,
    CompanyDescription,
    CompanyFacts,
    CompanySettings,
    DescriptionWrong,
    GatewayAccess,
    HolidayDescription,
    Mistake,
    ReaderFacts,
    StaffDescription,
    TextDescription,
)
from bawabati.jobs.company_file.written import Written, read_written, repeated
from bawabati.jobs.password_source import NoPassword, read_password
from bawabati.money.amount import Money
from bawabati.people.rules import Role
from bawabati.wilayas import wilayas_of

LANGUAGES: Final = ("ar", "fr", "en")
NEEDED_TEXTS: Final = ("payment_terms", "sale_terms")
TEXTS: Final = (*NEEDED_TEXTS, "help", "notice")
SMALLEST_PAYMENT: Final = 50_00
"""Centimes. Rule: amount-limits (satim.md)"""
LARGEST_PAYMENT: Final = 10**11
LONGEST_TEXT: Final = 50_000
CODE: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
"""Of an agency; a company's own: `check_code`."""
CODE_WANTED: Final = "has to be small letters and digits, parted by hyphens"
HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")


def read_company_file(path: Path) -> CompanyDescription:
    """The description in that file. Files that it names are looked for beside it.

    Raises:
        DescriptionWrong: every mistake of the file.
        OSError: it cannot be opened.
    """
    mistakes: list[Mistake] = []
    written = read_written(path, mistakes=mistakes)
    description = _description(written, folder=path.parent)
    if mistakes:
        raise DescriptionWrong(mistakes)
    return description


def _description(written: Written, *, folder: Path) -> CompanyDescription:
    code = written.part("code").text(longest=20, pattern=CODE, wanted=CODE_WANTED)
    if code in RESERVED:
        written.part("code").wrong("stands for something else in addresses")
    description = CompanyDescription(
        code=code,
        facts=_facts(written.part("identity")),
        settings=_settings(written),
        texts=list(_texts(written, folder)),
        agencies=list(_agencies(written.part("agencies"))),
        staff=list(_staff(written.part("staff"))),
        gateway=_gateway(written.part("merchant_account"), folder) if written.has("merchant_account") else None,
        look=dict(_look(written, folder)),
        holidays=list(_holidays(written.part("holidays"))),
    )
    written.nothing_else()
    return description


def _look(written: Written, folder: Path) -> Iterator[tuple[str, object]]:
    """What it may leave out, and then stays: the wilayas by which it is found, its colours and its logo."""
    if written.has("wilayas"):
        codes = [each.text(longest=2) for each in written.part("wilayas").items()]
        if len(wilayas_of(codes)) != len(codes):
            written.part("wilayas").wrong('has to list codes of wilayas, each once, e.g. ["31"]')
        yield "wilayas", sorted(codes)
    for column in ("colour", "band_colour"):
        if written.has(column):
            yield column, _colour(written.part(column), column)
    if written.has("logo"):
        yield "logo_svg", _logo(written.part("logo"), folder)


def _colour(part: Written, column: str) -> str:
    try:
        colour = read_colour(column, part.optional_text(longest=7))
        if column == "colour":
            check_colour(column, colour)
    except SettingWrong as wrong:
        part.wrong(f"cannot be taken: {wrong}")
        return ""
    return colour


def _logo(part: Written, folder: Path) -> str:
    """`{"file": "logo.svg"}`, beside the description."""
    name = part.part("file").text(longest=500)
    part.nothing_else()
    try:
        content = (folder / name).read_bytes() if name else b""
        if name and check_mark(content) != SVG:
            part.part("file").wrong("has to be a drawing in SVG")
            return ""
        return content.decode("utf-8-sig")
    except MarkRefused as refused:
        part.part("file").wrong(f"cannot be taken: {refused.details['problem']}")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not written in UTF-8"
        part.part("file").wrong(f"cannot be read: {folder / name}: {why}")
    return ""


def _holidays(holidays: Written) -> Iterator[HolidayDescription]:
    days = list(holidays.items())
    for day in repeated(days, "day"):
        day.wrong("is an earlier line's day too")
    for item in days:
        said = item.part("day").text(longest=10, pattern=r"\d{4}-\d\d-\d\d", wanted="has to be a day, e.g. 2026-03-20")
        name, is_off = item.part("name").text(longest=80), item.part("off").flag(default=True)
        item.nothing_else()
        try:
            yield HolidayDescription(day=date.fromisoformat(said), name=name, is_off=is_off)
        except ValueError:
            item.part("day").wrong("is no day of the calendar")


def _facts(identity: Written) -> CompanyFacts:
    names, addresses = identity.part("name"), identity.part("address")
    facts = CompanyFacts(
        name_ar=names.part("ar").text(longest=120),
        name_fr=names.part("fr").text(longest=120),
        name_en=names.part("en").text(longest=120),
        legal_form=identity.part("legal_form").text(longest=60),
        address_ar=addresses.part("ar").text(longest=200),
        address_fr=addresses.part("fr").text(longest=200),
        phone=identity.part("phone").text(longest=20),
        email=_email(identity.part("email"), longest=254),
        nif=identity.part("nif").number(longest=20),
        nis=identity.part("nis").number(longest=20),
        rc=identity.part("rc").number(longest=30),
        ai=identity.part("ai").number(longest=20),
    )
    for part in (names, addresses, identity):
        part.nothing_else()
    return facts


def _settings(written: Written) -> CompanySettings:
    limits, surplus = written.part("limits"), written.part("surplus")
    minimum = limits.part("minimum_centimes").whole_number(smallest=SMALLEST_PAYMENT, largest=LARGEST_PAYMENT)
    ceiling = limits.part("ceiling_centimes").whole_number(smallest=SMALLEST_PAYMENT, largest=LARGEST_PAYMENT)
    if ceiling < minimum:
        limits.part("ceiling_centimes").wrong("is less than minimum_centimes")
    settings = CompanySettings(
        is_open=written.part("open").flag(default=True),
        number_format=_number_format(written.part("number_format")),
        minimum=Money(max(minimum, 0)),
        ceiling=Money(max(ceiling, 0)),
        allows_part_payment=written.part("allows_part_payment").flag(default=False),
        offers_other_bills=written.part("offers_other_bills").flag(default=False),
        surplus_owner_login=_email(surplus.part("owner"), longest=150),
        surplus_becomes=surplus.part("becomes").choice(SurplusBecomes)
        if surplus.has("becomes")
        else SurplusBecomes.CREDIT,
        surplus_promised_working_days=surplus.part("promised_working_days").whole_number(
            smallest=1, largest=90, default=10
        ),
    )
    limits.nothing_else()
    surplus.nothing_else()
    return settings


def _number_format(written: Written) -> NumberFormat:
    if not isinstance(written.value, dict):
        written.nothing_else()
        return MINTED_FORMAT
    try:
        return NumberFormat.from_json(written.value)
    except NumberFormatWrong as wrong:
        written.part(str(wrong.details["field"])).wrong(str(wrong.details["problem"]))
    return MINTED_FORMAT


def _texts(written: Written, folder: Path) -> Iterator[TextDescription]:
    """An open company needs its terms; a closed one may still have to write them."""
    texts, is_open = written.part("texts"), written.part("open").flag(default=True)
    if not is_open and not written.has("texts"):
        return
    for kind in TEXTS:
        if not texts.has(kind) and not (is_open and kind in NEEDED_TEXTS):
            continue
        in_languages = texts.part(kind)
        for language in LANGUAGES:
            body = _body(in_languages.part(language), folder)
            yield TextDescription(kind=kind, language=language, body=body)
        in_languages.nothing_else()
    texts.nothing_else()


def _body(written: Written, folder: Path) -> str:
    """The text itself, or `{"file": "…"}`."""
    if not isinstance(written.value, dict):
        return written.text(longest=LONGEST_TEXT)
    name = written.part("file").text(longest=500)
    written.nothing_else()
    try:
        body = (folder / name).read_text(encoding="utf-8-sig") if name else ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not written in UTF-8"
        written.part("file").wrong(f"cannot be read: {folder / name}: {why}")
        return ""
    return written.part("file").instead(body).text(longest=LONGEST_TEXT)


def _agencies(agencies: Written) -> Iterator[AgencyDescription]:
    items = list(agencies.items())
    for code in repeated(items, "code"):
        code.wrong("is the code of an earlier agency too")
    readers = [reader for item in items for reader in item.part("readers").items()]
    for serial in repeated(readers, "serial"):
        serial.wrong("is the serial number of an earlier reader too")
    for item in items:
        names, communes = item.part("name"), item.part("commune")
        facts = AgencyFacts(
            code=item.part("code").text(longest=20, pattern=CODE, wanted=CODE_WANTED),
            name_ar=names.part("ar").text(longest=120),
            name_fr=names.part("fr").text(longest=120),
            commune_ar=communes.part("ar").text(longest=80),
            commune_fr=communes.part("fr").text(longest=80),
            address=item.part("address").optional_text(longest=200),
            phone=item.part("phone").optional_text(longest=20),
        )
        is_open = item.part("open").flag(default=True)
        yield AgencyDescription(facts=facts, is_open=is_open, readers=[*_readers(item.part("readers"))])
        for part in (names, communes, item):
            part.nothing_else()


def _readers(readers: Written) -> Iterator[ReaderFacts]:
    for reader in readers.items():
        yield ReaderFacts(
            serial=reader.part("serial").number(longest=40),
            model=reader.part("model").optional_text(longest=60),
            is_active=reader.part("active").flag(default=True),
        )
        reader.nothing_else()


def _staff(staff: Written) -> Iterator[StaffDescription]:
    people = list(staff.items())
    for login in repeated(people, "login"):
        login.wrong("is the login of an earlier person too")
    for person in people:
        yield StaffDescription(
            place=person.place,
            login=_email(person.part("login"), longest=150),
            name=person.part("name").text(longest=120),
            language=_language(person.part("language")),
            roles=[*_roles(person.part("roles"))],
        )
        person.nothing_else()


def _roles(roles: Written) -> Iterator[tuple[Role, str]]:
    for item in roles.items():
        yield item.part("role").choice(Role), item.part("agency").optional_text(longest=20)
        item.nothing_else()


def _language(written: Written) -> str:
    return written.text(longest=2, pattern="ar|fr|en", wanted=f"has to be one of {', '.join(LANGUAGES)}")


def _email(written: Written, *, longest: int) -> str:
    email = written.text(longest=longest)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        written.wrong("is not an e-mail address")
    return email


def _gateway(account: Written, folder: Path) -> GatewayAccess:
    base_url = account.part("base_url").text(
        longest=300, pattern=r"https?://\S+", wanted="has to begin with https:// (see docs/guides/install.md)"
    )
    hosts = [host.text(longest=100) for host in account.part("page_hosts").items()]
    if not hosts or not all(HOST.fullmatch(host) for host in hosts):
        account.part("page_hosts").wrong(f"has to list hosts, e.g. {urlsplit(base_url).netloc or 'pay.example.dz'}")
    options = account.part("options").parts()
    access = GatewayAccess(
        gateway=account.part("gateway").text(longest=20),
        base_url=base_url,
        user_name=account.part("user_name").text(longest=30),
        password=_password(account, folder),
        terminal_id=account.part("terminal_id").optional_text(longest=16),
        page_hosts=hosts,
        options={name: option.text(longest=200) for name, option in options.items()},
        page_life_seconds=account.part("page_life_seconds").whole_number(smallest=60, largest=7200, default=720),
    )
    account.nothing_else()
    return access


def _password(account: Written, folder: Path) -> str:
    """From where the file says; "" when it says nothing, for an account that is there already."""
    if account.has("password"):
        account.part("password").wrong("must not stand here; name a password_file or a password_variable")
    file = account.part("password_file").optional_text(longest=500)
    variable = account.part("password_variable").optional_text(longest=100)
    if file and variable:
        account.part("password_variable").wrong("and password_file are both there; one is enough")
    elif file or variable:
        try:
            return read_password(file=folder / file if file else None, variable=variable)
        except NoPassword as missing:
            account.part("password_file" if file else "password_variable").wrong(str(missing))
    return ""
