"""The review of what was ticked of a debt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.bills.rules import ChoiceGone, PaidPart
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.find_debts import Debts, see_debts
from bawabati.web.public.confirming import confirm
from bawabati.web.public.debt_link import read_debt_link
from bawabati.web.public.debts import debts_page
from bawabati.web.public.ticked import Ticked
from bawabati.web.shared.companies import the_company
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.same_site import from_our_own_pages


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_own_pages
@saying_why_not
def review(request: HttpRequest, language: str, code: str, token: str, chosen: str) -> HttpResponse:
    """Shows what is about to be paid; posted, starts the payment and leads to the page that leaves for the bank."""
    company = the_company(code)
    customer_id, ticked = read_debt_link(token, company=company), Ticked.read(chosen)
    wish = _OfDebts(company=company, language=language, token=token, customer_id=customer_id, ticked=ticked)
    return confirm(request, wish)


@dataclass(kw_only=True)
class _OfDebts:
    """A customer's debt, and which bills of it are paid."""

    company: Company
    language: str
    token: str
    customer_id: int
    ticked: Ticked
    found: Debts | None = field(default=None, init=False)

    @property
    def key(self) -> int:
        """Below zero: never that of a bill."""
        return -self.customer_id

    def parts(self, request: HttpRequest) -> Sequence[PaidPart] | HttpResponse:
        """What is paid; or the list once more."""
        self.found = self._see()
        try:
            return self.ticked.parts(self.found)
        except CannotDo as error:
            return self._list(request, self.found, error)

    def choose_again(self, request: HttpRequest) -> HttpResponse:
        """The list, as it stands now."""
        return self._list(request, self._see(), ChoiceGone())

    def context(self) -> Mapping[str, object]:
        """Whose debt it is, as far as may be said."""
        where = {"language": self.language, "code": self.company.code, "token": self.token}
        return {"debts": self.found, "choose_address": reverse("debts", kwargs=where)}

    def _see(self) -> Debts:
        return see_debts(company=self.company, customer_id=self.customer_id, now=timezone.now())

    def _list(self, request: HttpRequest, found: Debts, error: CannotDo) -> HttpResponse:
        asked = self.ticked.as_asked(self.language)
        return debts_page(request, self.company, found, self.token, asked=asked, error=error)
