"""Which open bills of a debt the payer has ticked, and how much of them: as it stands in the review's address.

It is free: whatever it says is measured again by the rules, and what is paid is what the review showed and sealed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest
from django.urls import reverse

from bawabati.bills.rules import PaidPart, proposed, spread, tick
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.flows.find_debts import Debts
from bawabati.money.amount import Money, total
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.web.public.typed import may_be_a_card, typed

_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_WRITTEN: Final = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18}){0,99})(?:-([0-9]{1,15}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """These bills, and how much of them: `amount` None is all of it."""

    bill_ids: frozenset[int]
    amount: Money | None = None

    @classmethod
    def read(cls, written: str) -> Ticked:
        """As `written` wrote it. Raises Http404."""
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise Http404
        amount = None if match[2] is None else Money(int(match[2]))
        return cls(bill_ids=frozenset(map(int, match[1].split("."))), amount=amount)

    @property
    def written(self) -> str:
        """For an address."""
        ids = ".".join(map(str, sorted(self.bill_ids)))
        return ids if self.amount is None else f"{ids}-{self.amount.centimes}"

    def parts(self, debts: Debts) -> tuple[PaidPart, ...]:
        """What is paid of each ticked bill, oldest first.

        Raises:
            CannotDo: one of `tick`'s or `spread`'s.
        """
        bills = tick(debts.bills, self.bill_ids, oldest_first_only=debts.oldest_first_only)
        amount = total(bill.left for bill in bills) if self.amount is None else self.amount
        return spread(bills, amount=amount, limits=debts.limits)

    def as_asked(self, language: str) -> AskedTicks:
        """The form that says the same."""
        amount = "" if self.amount is None else figures(self.amount, language)
        return AskedTicks(bill_ids=self.bill_ids, amount=amount)

    def address(self, *, company: Company, token: str, language: str) -> str:
        """Where the review of it is."""
        where = {"language": language, "code": company.code, "token": token, "chosen": self.written}
        return reverse("review_of_debts", kwargs=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTicks:
    """The form as it was filled in. An empty amount is all of it."""

    bill_ids: frozenset[int] = frozenset()
    amount: str = ""

    @classmethod
    def posted(cls, request: HttpRequest) -> AskedTicks:
        """As the browser sent it."""
        sent = [number for number in request.POST.getlist("bill")[:200] if _NUMBER.fullmatch(number)]
        return cls(bill_ids=frozenset(map(int, sent)), amount=typed(request.POST.get("amount", "")))

    @classmethod
    def proposed(cls, debts: Debts) -> AskedTicks:
        """What is ticked before the payer has said anything: the oldest, as many as one payment takes."""
        return cls(bill_ids=frozenset(bill.bill_id for bill in proposed(debts.bills, debts.limits)))

    def ticked(self, debts: Debts) -> Ticked:
        """What it says.

        Raises:
            LooksLikeACardNumber
            CannotDo: one of `parse_amount`'s.
        """
        if not self.amount.strip():
            return Ticked(bill_ids=self.bill_ids)
        if may_be_a_card(self.amount):
            raise LooksLikeACardNumber
        amount = parse_amount(self.amount)
        return Ticked(bill_ids=self.bill_ids, amount=None if amount == self.sum(debts) else amount)

    def sum(self, debts: Debts) -> Money:
        """What the ticked bills come to."""
        return total(debt.bill.left for debt in debts.bills if debt.bill.bill_id in self.bill_ids)
