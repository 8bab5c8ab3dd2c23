"""People who work here, in the tests: signed in within Django's test client, or within a real browser.

client = signed_in(add_person("cashier@oran.example", Role.CASHIER, company=company, agency=agency))
sign_in_browser(page, portal.url, person)
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from people import NOON

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bawabati.companies.models import Agency, Company
    from bawabati.people.models import Staff
    from bawabati.people.rules import Factor, Role

PASSWORD = "salt-water-and-sweet-water"


def add_agency(company: Company, code: str = "AG07") -> Agency:
    from bawabati.companies.models import Agency  # noqa: PLC0415 - settings first

    return Agency.objects.create(
        company=company,
        code=code,
        name_ar=f"وكالة {code}",
        name_fr=f"Agence {code}",
        commune_ar="وهران",
        commune_fr="Oran",
    )


def add_person(
    login: str, *roles: Role, company: Company | None = None, agency: Agency | None = None, name: str = ""
) -> Staff:
    """An account with these roles there, and `PASSWORD`. Nationally without a company."""
    from bawabati.people.writes import add_staff, give_role  # noqa: PLC0415 - settings first

    staff = add_staff(login=login, name=name or login.partition("@")[0].title(), language="ar", now=NOON)
    for role in roles:
        give_role(staff=staff, role=role, company=company, agency=agency)
    return staff


def give_password(staff: Staff) -> None:
    """`PASSWORD`; hashing takes a moment, so only where a test types it."""
    staff.set_password(PASSWORD)
    staff.save()


def give_device(staff: Staff, secret: str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP") -> str:
    """A device that shows codes; `code_of(secret)` is what it shows. Gives the secret."""
    from bawabati.people.writes import add_totp  # noqa: PLC0415 - settings first

    add_totp(staff=staff, secret=secret)
    return secret


def code_of(secret: str, *, now: datetime | None = None) -> str:
    """What the device shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value  # noqa: PLC0415 - settings first

    return format_hotp_value(hotp_value(secret, int((now or timezone.now()).timestamp()) // 30))


def signed_in(
    staff: Staff, *, client: Client | None = None, factor: Factor | None = None, agency: Agency | None = None
) -> Client:
    """A client with a session of that person, as after password and second factor (a passkey, unless another is named).

    The step-up counts as done just now. The place is chosen by the page when there is only one; `agency` chooses it.
    """
    client = client or Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key_of(staff, factor=factor, agency=agency)
    return client


def sign_in_browser(page: Page, portal: str, staff: Staff, *, agency: Agency | None = None) -> None:
    """The same in a browser: `page`'s visitor is signed in at the portal from now on."""
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": session_key_of(staff, agency=agency),
                "domain": str(urlsplit(portal).hostname),
                "path": "/",
                "httpOnly": True,
                "sameSite": "Strict",
            }
        ]
    )


def session_key_of(staff: Staff, *, factor: Factor | None = None, agency: Agency | None = None) -> str:
    """What the cookie of a new session holds."""
    from bawabati.people.rules import Factor, Where  # noqa: PLC0415 - settings first
    from bawabati.people.sessions import SessionStore  # noqa: PLC0415
    from bawabati.web.shared.staff_session import enter, work_at  # noqa: PLC0415

    request = HttpRequest()
    request.session = SessionStore()
    enter(request, staff, factor=factor or Factor.PASSKEY, now=timezone.now())
    if agency is not None:
        work_at(request, Where(agency.company_id, agency.id))
    request.session.save()
    return str(request.session.session_key)
