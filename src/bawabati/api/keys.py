"""Who a machine is: its number and its key, of which we keep only the digest."""

from hashlib import sha256
from hmac import compare_digest

from django.http import HttpRequest
from ninja.security import HttpBearer

from bawabati.companies.models import Bridge
from bawabati.companies.reads import find_bridge

_NOBODY = sha256(b"").hexdigest()


class BridgeKey(HttpBearer):
    """`Authorization: Bearer <bridge>.<key>`. Unknown, switched off and wrong look alike."""

    def authenticate(self, request: HttpRequest, token: str) -> Bridge | None:  # noqa: ARG002 - ninja hands it over
        """The bridge with its agency and company; None is answered with 401."""
        number, _, key = token.partition(".")
        bridge = find_bridge(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None  # noqa: PLR2004 - as long as our numbers get
        known = bridge.key_sha256 if bridge else _NOBODY
        return bridge if compare_digest(known, sha256(key.encode()).hexdigest()) and bridge else None
