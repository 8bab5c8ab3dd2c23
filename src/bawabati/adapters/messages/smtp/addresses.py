"""Mail addresses read strictly: what is not plainly an address is refused before it reaches a header or a server."""

import re
from dataclasses import dataclass

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
# RFC 5321, 4.5.3.1
_LONGEST_LOCAL_PART = 64
_LONGEST_ADDRESS = 254


class NotAnAddressError(ValueError):
    """The text is not one mail address. The message does not repeat it: an address is a person's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address in ASCII, and the name that people see beside it."""

    local_part: str
    domain: str
    name: str = ""

    @property
    def address(self) -> str:
        return f"{self.local_part}@{self.domain}"


def read_address(text: str, *, name: str = "") -> Mailbox:
    """One bare address, for example "meriem@exemple.dz"; a domain in Arabic letters is put in its ASCII form.

    What the standards allow and hardly anybody has is refused: quoted local parts, comments, and letters beyond ASCII
    before the "@", which many servers on the way would not carry.

    Raises:
        NotAnAddressError: the text is anything else.
    """
    local_part, _, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAnAddressError("the domain of the address cannot be read") from None
    if not _LOCAL_PART.fullmatch(local_part) or not _DOMAIN.fullmatch(ascii_domain):
        raise NotAnAddressError("this is not a mail address")
    if len(local_part) > _LONGEST_LOCAL_PART or len(local_part) + 1 + len(ascii_domain) > _LONGEST_ADDRESS:
        raise NotAnAddressError("the mail address is too long")
    return Mailbox(local_part=local_part, domain=ascii_domain, name=name)


def read_named_address(text: str) -> Mailbox:
    """An address that may carry a name, as a sender is written in settings: "بوابتي <noreply@exemple.dz>".

    Raises:
        NotAnAddressError: there is not exactly one address in it.
    """
    named = _NAMED.fullmatch(text.strip())
    if named is None:
        return read_address(text)
    return read_address(named["address"], name=named["name"].strip(' "'))
