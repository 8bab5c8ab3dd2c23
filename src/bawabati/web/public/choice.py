"""What of a customer's open bills the payer wants to pay: how many of them, and all of it or a part.

The choice stands in the address of the review, so that every language shows the same. It is free: whatever it says is
measured again by the rules, and what is paid is what the review showed and sealed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from django.http import HttpRequest
from django.urls import reverse

from bawabati.bills.rules import ChoiceGone, PaidPart, choose, spread
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import CannotDo
from bawabati.flows.find_bill import FoundBill
from bawabati.money.amount import Money, total
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.web.public.typed import may_be_a_card, typed

_COUNT: Final = re.compile(r"[1-9][0-9]?", re.ASCII)


class NothingChosen(CannotDo):
    """None of the ways is ticked."""

    code: ClassVar[str] = "nothing_chosen"
    sentence: ClassVar[str] = "Choose what you want to pay."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """So many bills, and how much of them: `amount` None is all of it."""

    count: int = 1
    amount: Money | None = None

    def parts(self, found: FoundBill) -> tuple[PaidPart, ...]:
        """What is paid of each chosen bill, oldest first.

        Raises:
            ChoiceGone: so many bills can no longer be chosen.
            CannotDo: one of `spread`'s.
        """
        if found.limits is None:
            raise ChoiceGone
        way = choose(found.ways, count=self.count)
        return spread(way.bills, amount=way.sum if self.amount is None else self.amount, limits=found.limits)

    def as_asked(self, language: str) -> Asked:
        """The form that says the same."""
        return Asked(bills=str(self.count), amount="" if self.amount is None else figures(self.amount, language))

    def address(self, *, company: Company, token: str, language: str) -> str:
        """Where the review of it is."""
        where: dict[str, object] = {"language": language, "code": company.code, "token": token}
        if self.amount is not None:
            return reverse("review_of_part", kwargs=where | {"count": self.count, "centimes": self.amount.centimes})
        if self.count > 1:
            return reverse("review_of_several", kwargs=where | {"count": self.count})
        return reverse("review", kwargs=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The form of the choice as it was filled in. An empty amount is all of it."""

    bills: str = ""
    amount: str = ""

    @classmethod
    def posted(cls, request: HttpRequest) -> Asked:
        """As the browser sent it."""
        return cls(bills=typed(request.POST.get("bills", "")), amount=typed(request.POST.get("amount", "")))

    def choice(self, found: FoundBill) -> Choice:
        """What it says.

        Raises:
            NothingChosen, LooksLikeACardNumber
            CannotDo: one of `parse_amount`'s.
        """
        count = self._count(found)
        if not self.amount.strip():
            return Choice(count=count)
        if may_be_a_card(self.amount):
            raise LooksLikeACardNumber
        amount = parse_amount(self.amount)
        is_all = any(way.count == count and way.sum == amount for way in found.ways)
        return Choice(count=count, amount=None if is_all else amount)

    def _count(self, found: FoundBill) -> int:
        """Where there is one way, nobody is asked which."""
        if _COUNT.fullmatch(self.bills):
            return int(self.bills)
        if len(found.ways) == 1:
            return found.ways[0].count
        raise NothingChosen


def paid_sum(parts: Sequence[PaidPart]) -> Money:
    """What all of it comes to."""
    return total(part.pays for part in parts)
