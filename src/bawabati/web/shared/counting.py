"""Which requests are a person's step, as far as a request tells, and counting them.

A browser says where it comes from; a machine that reads ahead, and a social network that draws a preview, mostly say
who they are. What says nothing about itself at all is taken for a machine. A person who reloads a page counts again:
steps are counted, not people. See docs/reference/campaigns.md.
"""

import re
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from bawabati.campaigns.rules import Step
from bawabati.companies.models import Company
from bawabati.flows.count_steps import count_steps
from bawabati.web.shared.campaign_code import code_of

_MACHINES: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebookcatalog|meta-external|whatsapp/|viber/|"
    r"skypeuri|embedly|headlesschrome/.*lighthouse|monitor|pingdom|uptime|curl/|wget/|python-|httpx|go-http|java/|"
    r"okhttp|libwww|scrapy|^mozilla/5\.0$",
    re.IGNORECASE,
)
_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def count(request: HttpRequest, company: Company, *steps: Step) -> None:
    """Counts the steps by the code in the address, unless a machine takes them. Never raises."""
    if not taken_by_a_machine(request):
        count_steps(company_id=company.id, steps=steps, code=code_of(request), now=timezone.now())


def count_visit(request: HttpRequest, company: Company) -> None:
    """Counts a visit, when this page is where somebody comes in."""
    if request.method == "GET" and comes_from_elsewhere(request):
        count(request, company, Step.VISIT)


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether this page was opened from outside: typed, scanned, or followed from another site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    return not request.headers.get("Referer", "").startswith(f"{request.scheme}://{request.get_host()}")


def taken_by_a_machine(request: HttpRequest) -> bool:
    """Whether the request says that no person looks at the answer, or says nothing of who asks."""
    agent = request.headers.get("User-Agent", "")
    if not agent or _MACHINES.search(agent):
        return True
    return request.method == "HEAD" or any(
        word in request.headers.get(header, "").lower()
        for header in _AHEAD
        for word in ("prefetch", "prerender", "preview")
    )
