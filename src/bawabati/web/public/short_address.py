"""The short address of a campaign, as it is printed and said on the radio: it leads to where one pays."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.campaigns.reads import brings, find_code
from bawabati.campaigns.rules import read_code
from bawabati.web.shared.campaign_code import with_code
from bawabati.web.shared.languages import wished_language
from bawabati.web.shared.own_host import is_elsewhere
from bawabati.workdays import ALGIERS


@require_safe
def short_address(request: HttpRequest, typed: str) -> HttpResponse:
    """To the company's page, with the code while it counts. An unknown one leads to the first page."""
    language = wished_language(request)
    code = read_code(typed)
    of_medium = find_code(code) if code else None
    if of_medium is None or is_elsewhere(of_medium.company_id):
        return HttpResponseRedirect(reverse("home", kwargs={"language": language}))
    address = reverse("find", kwargs={"language": language, "code": of_medium.company.code})
    counts = brings(of_medium, on=timezone.now().astimezone(ALGIERS).date())
    return HttpResponseRedirect(with_code(address, code if counts else ""))
