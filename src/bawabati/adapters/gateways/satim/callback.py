"""Whether a callback was signed with the key that the account shares with the gateway. The parent platform's format."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

_NOT_SIGNED = frozenset({"checksum", "sign_alias"})


def is_signed(message: Mapping[str, str], *, key: str) -> bool:
    """Every value but the signature's own as `name;value;`, by name; HMAC-SHA256 in hexadecimal, capitals or not."""
    told = "".join(f"{name};{message[name]};" for name in sorted(message) if name not in _NOT_SIGNED)
    signature = hmac.new(key.encode(), told.encode(errors="replace"), sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), str(message.get("checksum", "")).lower().encode(errors="replace"))
