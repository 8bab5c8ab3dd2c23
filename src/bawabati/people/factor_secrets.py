"""Second factors at rest: allauth keeps them in clear unless its adapter says otherwise."""

from base64 import b64decode, b64encode
from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from bawabati.sealed import seal, unseal

PURPOSE: Final = "second_factor"


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What `settings.MFA_ADAPTER` asks for. Rule: sealed-factors (failures.md 5.8)"""

    def encrypt(self, text: str) -> str:
        """The secret as it stands in the database."""
        return b64encode(seal(text, purpose=PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises CannotOpen."""
        return unseal(b64decode(encrypted_text), purpose=PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom a passkey is good: our public host, whatever a request calls us."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "", "name": "Bawabati"}
