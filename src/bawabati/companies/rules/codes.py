"""A company's code: it stands in every address of the company, and never changes."""

from __future__ import annotations

import re
from typing import Final

from bawabati.companies.rules.settings import SettingWrong

LONGEST_CODE: Final = 20
RESERVED: Final = frozenset(
    {
        *("ar", "fr", "en", "q", "r", "c", "k", "v", "m", "payment", "staff", "counter", "agency", "office", "crew"),
        *("api", "callback", "static", "colours", "check", "receipt", "which", "captcha", "nation", "instalments"),
    }
)
"""Words that begin other addresses of the site, or may."""
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CodeWrong(SettingWrong):
    """Not as addresses want it."""

    code = "code_wrong"
    sentence = "At most 20 small letters and digits, parted by hyphens, for example tafna."


class CodeReserved(SettingWrong):
    """Another address begins so."""

    code = "code_reserved"
    sentence = "This word stands for something else in addresses. Choose another."


class CodeTaken(SettingWrong):
    """Another company has it."""

    code = "code_taken"
    sentence = "Another company has this code already."


def check_code(code: str) -> None:
    """Whether a company may be called that in addresses. Raises CodeWrong, CodeReserved."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise CodeWrong("code")
    if code in RESERVED:
        raise CodeReserved("code")
