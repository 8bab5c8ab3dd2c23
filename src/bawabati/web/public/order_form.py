"""What the review page showed, sealed into its form: what the payer confirms is what the payer saw.

The start key is made with the form, so that pressing twice, or sending the form again, starts one payment.
"""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass
from typing import ClassVar, Final

from django.core import signing

from bawabati.errors import CannotDo

GOOD_FOR_SECONDS: Final = 30 * 60
_SALT: Final = "bawabati.order_form"


class FormTooOld(CannotDo):
    """The form was shown too long ago, or is not ours."""

    code: ClassVar[str] = "form_too_old"
    sentence: ClassVar[str] = "This page was open for a long time. Look at the amount again and confirm."


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One bill in one version: what was left of it then, and what is to be paid of that (centimes)."""

    bill_id: int
    version: int
    left_centimes: int
    amount_centimes: int


@dataclass(frozen=True, slots=True)
class OrderForm:
    """Bills under terms of one date. `typed_id`: the bill whose number the payer typed."""

    typed_id: int
    lines: tuple[OrderLine, ...]
    payment_terms_id: int
    sale_terms_id: int
    start_key: str

    def sealed(self) -> str:
        """As it travels in the form."""
        return signing.dumps(astuple(self), salt=_SALT)

    @classmethod
    def unsealed(cls, text: str) -> OrderForm:
        """As it was sealed. Raises FormTooOld."""
        try:
            typed_id, lines, *rest = signing.loads(text, salt=_SALT, max_age=GOOD_FOR_SECONDS)
        except signing.BadSignature:
            raise FormTooOld from None
        return cls(typed_id, tuple(OrderLine(*line) for line in lines), *rest)


def new_start_key() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)
