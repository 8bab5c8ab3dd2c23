"""May the payer be sent to this page?"""

import re
from urllib.parse import parse_qs

from bawabati.adapters.gateways.contract import MerchantAccount
from bawabati.adapters.gateways.satim.line import is_loopback

# Read by one strict pattern rather than by a URL parser: browsers and parsers disagree about backslashes, missing
# slashes, user names, percent signs and control characters in addresses, and none of these belongs here.
_PAGE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\?(?P<query>[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*))?"
)
_USUAL_PORT = {"http": "80", "https": "443"}
_LONGEST = 1024


def page_is_ours(page_url: str, *, reference: str, account: MerchantAccount) -> bool:
    """Whether `page_url` is on one of the account's page hosts, over TLS, and for the order `reference`.

    An account that names no page host trusts the host of its base URL. Plain HTTP is for this machine only, or where
    the account allows it.
    """
    parts = _PAGE_URL.fullmatch(page_url) if len(page_url) <= _LONGEST else None
    if parts is None:
        return False
    scheme, host = parts["scheme"], parts["host"]
    if scheme == "http" and not (is_loopback(host) or account.options.get("plain_http") == "allowed"):
        return False
    port = parts["port"] or _USUAL_PORT[scheme]
    if not any(_is_place(host, port, scheme, allowed) for allowed in _page_hosts(account)):
        return False
    return parse_qs(parts["query"] or "").get("mdOrder", [reference]) == [reference]


def _page_hosts(account: MerchantAccount) -> tuple[str, ...]:
    own = account.base_url.split("://", 1)[-1].split("/", 1)[0]
    return account.page_hosts or (own,)


def _is_place(host: str, port: str, scheme: str, allowed: str) -> bool:
    allowed = allowed.lower()
    return allowed == f"{host}:{port}" or (allowed == host and port == _USUAL_PORT[scheme])
