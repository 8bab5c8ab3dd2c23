"""A host name of a company's own, beside the portal's."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from bawabati.companies.rules.settings import SettingWrong

LONGEST_HOST: Final = 253
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LAST_LABEL: Final = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")


class HostNameWrong(SettingWrong):
    """Nothing that a browser could be sent to by name."""

    code = "host_name_wrong"
    sentence = "Write the host alone, for example pay.example.dz: no https://, no path, no port."


class HostNameOurs(SettingWrong):
    """The portal itself answers there."""

    code = "host_name_ours"
    sentence = "The portal itself answers under this host name. A company's own host is another one."


class HostNameTaken(SettingWrong):
    """It leads to another company already."""

    code = "host_name_taken"
    sentence = "This host name leads elsewhere already."


def read_host_name(written: str) -> str:
    """The host name as it is compared: small letters, no dot at its end."""
    return written.strip().lower().removesuffix(".")


def check_host_name(host: str, *, ours: Collection[str]) -> None:
    """Whether a company may have that host; empty: it has none. `ours`: the portal's own.

    Rule: own-host (ours: one host leads to one company, and never the portal's own)

    Raises:
        HostNameWrong, HostNameOurs.
    """
    if not host:
        return
    labels = host.split(".")
    is_name = len(host) <= LONGEST_HOST and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not is_name or not _LAST_LABEL.fullmatch(labels[-1]):
        raise HostNameWrong("host_name")
    if any(host == own or (own.startswith(".") and f".{host}".endswith(own)) for own in ours):
        raise HostNameOurs("host_name")
