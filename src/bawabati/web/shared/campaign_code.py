"""The code of a campaign on its way through our own addresses: `?c=RM473`, from page to page, to the attempt.

It stands in no cookie and is told to nobody: our pages name no other host, and send no address of theirs.
In templates every link of a public page ends with `{{ campaign_query }}`; in views see `keeping_code`.
"""

from typing import Final

from django.http import HttpRequest

from bawabati.campaigns.rules import read_code

NAME: Final = "c"


def code_of(request: HttpRequest) -> str:
    """The code in the address, whether we know it or not; empty when there is none, or something else stands there."""
    return read_code(request.GET.get(NAME, ""))


def keeping_code(request: HttpRequest, address: str) -> str:
    """The address of another page of ours, with the code of this one. `address` has no query of its own."""
    return with_code(address, code_of(request))


def with_code(address: str, code: str) -> str:
    """The address with the code; as it is when there is none."""
    return address + query_of(code)


def query_of(code: str) -> str:
    """What an address of ours ends with: `?c=RM473`, or nothing."""
    return f"?{NAME}={code}" if code else ""
