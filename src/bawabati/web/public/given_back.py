"""What of a payment was more than was due, or has gone back: told on its receipt, and chosen there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.http import HttpRequest

from bawabati.cases.models import Case
from bawabati.cases.reads import find_case
from bawabati.errors import CannotDo
from bawabati.flows.choose_surplus import SurplusChoice
from bawabati.money.amount import Money, total
from bawabati.payments.models import Refund
from bawabati.payments.reads import list_refunds
from bawabati.payments.rules import RefundKind, RefundReason, RefundState
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import FactLine, Facts

CHOICES: dict[str, SurplusChoice] = {str(choice): choice for choice in SurplusChoice}


class ChoiceMissing(CannotDo):
    """Neither of the two."""

    code: ClassVar[str] = "choice_missing"
    sentence: ClassVar[str] = "Choose one of the two."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRefund:
    """A refund as its payer is told of it. `promised_on`: by when a person settles what the machine could not."""

    refund: Refund
    promised_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """What the page of a receipt says beside the receipt itself.

    `kept_centimes`: what was more than was due and stayed the customer's. `chosen`: what the payer has chosen to become
    of it, or "". `refunds`: what was asked for, goes back, has gone back or was refused, oldest first.
    """

    kept_centimes: int
    moved: tuple[FactLine, ...]
    case: Case | None
    may_choose: bool
    chosen: str
    refunds: tuple[ToldRefund, ...]
    is_all: bool


def given_back_of(receipt: Receipt, facts: Facts) -> GivenBack:
    """As it stands now: the receipt is of its day, and says nothing of what came after."""
    refunds = list_refunds(receipt.payment_id)
    reference = f"payment:{receipt.payment_id}"
    kept = facts.kept_centimes
    case = find_case(company_id=receipt.company_id, kind="surplus", reference=reference) if kept else None
    is_pending = case is not None and case.state == "open"
    return GivenBack(
        kept_centimes=kept,
        moved=tuple(line for line in facts.lines if line.moved_centimes),
        case=case if is_pending else None,
        may_choose=is_pending
        and facts.way == "web"
        and all(_is_undecided(refund) for refund in refunds if not _is_over(refund)),
        chosen=str(case.details.get("payer_chose", "")) if case else "",
        refunds=told_of(refunds),
        is_all=total(Money(refund.amount_centimes) for refund in refunds if refund.state == RefundState.DONE)
        == Money(facts.amount_centimes),
    )


def told_of(refunds: Iterable[Refund]) -> tuple[ToldRefund, ...]:
    """What of them the payer's pages say: the same as the messages at each step. Rule: refund-told (behaviour.md 4)

    What others took back is told once two people have written it down; a change of the payer's own mind is not.
    """
    return tuple(ToldRefund(refund=refund, promised_on=_promise(refund)) for refund in refunds if _is_told(refund))


def _is_told(refund: Refund) -> bool:
    if refund.kind == RefundKind.REVERSAL:
        return refund.state == RefundState.DONE
    return refund.state != RefundState.REFUSED or not (refund.decided_by and refund.decided_by.is_system)


def _promise(refund: Refund) -> date | None:
    if refund.state != RefundState.MANUAL:
        return None
    case = find_case(company_id=refund.company_id, kind="refund", reference=f"refund:{refund.id}")
    return case.promised_on if case is not None else None


def read_choice(request: HttpRequest) -> SurplusChoice:
    """The button that was pressed. Raises ChoiceMissing."""
    choice = CHOICES.get(request.POST.get("choice", ""))
    if choice is None:
        raise ChoiceMissing
    return choice


def _is_over(refund: Refund) -> bool:
    return refund.state in {RefundState.DONE, RefundState.REFUSED}


def _is_undecided(refund: Refund) -> bool:
    return refund.state == RefundState.REQUESTED and refund.reason == RefundReason.CREDIT
