"""The text message that carries a code."""

from __future__ import annotations

from sandbox.gateway.core import TextMessage
from sandbox.words import dinars

# Numbers stand in isolates, so that a phone that writes from the right does not turn their groups around.
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"

_TEXTS = {
    "ar": "[تجربة] الرمز {code} لدفع {amount} دج إلى {merchant}. لا تُعطِه لأحد.",
    "fr": "[ESSAI] Code {code} pour payer {amount} DA à {merchant}. Ne le donnez à personne.",
    "en": "[TRIAL] Code {code} to pay {amount} DA to {merchant}. Give it to nobody.",
}


def text_of(message: TextMessage) -> str:
    """What the phone shows, in the language of the order."""
    return _TEXTS[message.language].format(
        code=f"{_LEFT_TO_RIGHT}{message.code}{_END}",
        amount=f"{_LEFT_TO_RIGHT}{dinars(message.amount_centimes)}{_END}",
        merchant=message.merchant_name,
    )
