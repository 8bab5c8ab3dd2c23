"""Who a machine is: its number and its key, of which we keep only the digest.

Bridges of agencies have keys of their own kind; every other machine of a company has an `ApiKey` with scopes.
"""

from hashlib import sha256
from hmac import compare_digest
from typing import ClassVar, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from bawabati.companies.models import Bridge
from bawabati.companies.reads import find_bridge
from bawabati.errors import CannotDo
from bawabati.flows.let_in_machine import let_in_machine
from bawabati.guard.rules import Visitor, address_that_counts
from bawabati.people.models import ApiKey
from bawabati.people.rules import ApiScope
from bawabati.scope import enter_company, every_company

LARGEST_BODY_MEGABYTES: Final = 8
_NOBODY = sha256(b"").hexdigest()


class BodyTooLarge(CannotDo):
    """More than a call may bring."""

    code: ClassVar[str] = "too_large"
    sentence: ClassVar[str] = "The body is too large: at most %(megabytes)s MB. Push a file instead."


class BridgeKey(HttpBearer):
    """`Authorization: Bearer <bridge>.<key>`. Unknown, switched off and wrong look alike."""

    def authenticate(self, request: HttpRequest, token: str) -> Bridge | None:  # noqa: ARG002 - ninja hands it over
        """The bridge with its agency and company, and its company's rows alone from here on. None: a 401."""
        number, _, key = token.partition(".")
        is_number = number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004 - as long as ours get
        with every_company("a bridge says its number, and not whose it is"):
            bridge = find_bridge(int(number)) if is_number else None
        known = bridge.key_sha256 if bridge else _NOBODY
        if not compare_digest(known, sha256(key.encode()).hexdigest()) or bridge is None:
            return None
        enter_company(bridge.company_id)
        return bridge


class CompanyKey(HttpBearer):
    """`Authorization: Bearer bwk_<number>_<secret>`, of a key that has `scope`. Rule: api-key (failures.md 5.2)"""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """The key with its company and its account, and its company's rows alone from here on."""
        key = let_in_machine(key_text=token, needed=self._scope, visitor=_visitor(request), now=timezone.now())
        enter_company(key.company_id)
        _read_body(request)
        return key


def _read_body(request: HttpRequest) -> None:
    """Whoever has a key may bring more than a stranger's form. Files are left to whoever takes them piece by piece."""
    if (request.content_type or "").lower() != "application/json":
        return
    most = LARGEST_BODY_MEGABYTES * 1024 * 1024
    body = request.read(most + 1)
    if len(body) > most:
        raise BodyTooLarge(megabytes=LARGEST_BODY_MEGABYTES)
    request._body = body  # noqa: SLF001 - Django has one limit for all doors, and no other way to give one its own


def _visitor(request: HttpRequest) -> Visitor:
    """From where a machine comes, as far as our own proxies tell."""
    address = address_that_counts(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        trusted_proxies=settings.TRUSTED_PROXIES,
    )
    return Visitor(address)
