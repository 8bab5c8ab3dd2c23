"""What may stand in a log of an address: never a payment number, never a link that opens something."""

import re
from typing import Final

_LINK: Final = re.compile(r"[^/]{20,}")
_NUMBER: Final = re.compile(r"(?<=/)([^/]{2})[^/]{3,}([^/]{2})(?=/)")
_OF_A_QR_CODE: Final = re.compile(r"^(?:/(?:ar|fr|en))?/q/[^/]+")


def path_for_the_log(path: str) -> str:
    """The path without its secrets: links cut, the payment number of a QR code as its first and last two.

    Rule: logs-hold-no-secrets (failures.md 5.13)
    """
    company = _OF_A_QR_CODE.match(path)
    if company:
        return company[0] + _NUMBER.sub(r"\1…\2", path[company.end() :])
    return _LINK.sub(lambda link: f"{link[0][:6]}…", path)
