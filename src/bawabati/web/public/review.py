"""The review of a bill that was found by its number, alone or with the others that are paid along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bawabati.bills.rules import ChoiceGone, PaidPart
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import FoundBill
from bawabati.money.amount import Money
from bawabati.web.public.bill import choice_page, see, standing_page
from bawabati.web.public.bill_link import read_bill_link
from bawabati.web.public.choice import Choice
from bawabati.web.public.confirming import confirm
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def review(
    request: HttpRequest, language: str, code: str, token: str, *, count: int = 1, centimes: int | None = None
) -> HttpResponse:
    """Shows what is about to be paid; posted, starts the payment and leads to the page that leaves for the bank."""
    company = the_company(code)
    choice = Choice(count=count, amount=None if centimes is None else Money(centimes))
    key = read_bill_link(token, company=company)
    return confirm(request, _OfBill(company=company, language=language, token=token, key=key, choice=choice))


@dataclass(kw_only=True)
class _OfBill:
    """A bill whose number was typed, and how much is paid with it."""

    company: Company
    language: str
    token: str
    key: int
    choice: Choice
    found: FoundBill | None = field(default=None, init=False)

    def parts(self, request: HttpRequest) -> Sequence[PaidPart] | HttpResponse:
        """What is paid; or the choice once more, or why the bill can no longer be paid."""
        self.found = see(self.company, self.key)
        if not self.found.ways:
            return standing_page(request, self.company, self.found, language=self.language)
        try:
            return self.choice.parts(self.found)
        except CannotDo as error:
            wish = self.choice.as_asked(self.language)
            return choice_page(request, self.company, self.found, self.token, asked=wish, error=error)

    def choose_again(self, request: HttpRequest) -> HttpResponse:
        """Why it cannot be paid now, or what can be paid of the others."""
        found = see(self.company, self.key)
        if not found.ways:
            return standing_page(request, self.company, found, language=self.language)
        return choice_page(request, self.company, found, self.token, error=ChoiceGone())

    def context(self) -> Mapping[str, object]:
        """The bill's own facts."""
        assert self.found is not None  # noqa: S101 - asked for what is paid before
        where = {"language": self.language, "code": self.company.code, "token": self.token}
        may_choose = len(self.found.ways) > 1 or self.found.ways[0].largest_part
        return {"bill": self.found, "choose_address": reverse("bill", kwargs=where) if may_choose else ""}
