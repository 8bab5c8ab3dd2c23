"""What a captcha is asked for. A challenge that was made for something else is worth nothing."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings

LIFE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One form of one action at one company; `form_key` is the form's own, empty where each form is alike."""

    company_code: str
    action: str
    form_key: str = ""

    def mark(self) -> str:
        """32 characters that stand for it, and tell nothing of it."""
        return sign("occasion", f"{self.company_code}|{self.action}|{self.form_key}".encode()).hex()[:32]


def sign(purpose: str, text: bytes) -> bytes:
    """A keyed digest of 32 bytes, another one for each purpose."""
    return hmac.new(secret_for(purpose), text, sha256).digest()


def secret_for(purpose: str) -> bytes:
    """A key of our own for each purpose, from the installation's secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"captcha {purpose}".encode(), sha256).digest()
