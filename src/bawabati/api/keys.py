"""Who a machine is: its number and its key, of which we keep only the digest."""

from hashlib import sha256
from hmac import compare_digest

from django.http import HttpRequest
from ninja.security import HttpBearer

from bawabati.companies.models import Bridge
from bawabati.companies.reads import find_bridge
from bawabati.scope import enter_company, every_company

_NOBODY = sha256(b"").hexdigest()


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
