"""Questions about refunds."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from bawabati.compiled import compiled
from bawabati.keyset import At, Page, page_of
from bawabati.money.amount import ZERO, Money, total
from bawabati.payments.models import CreditUse, PaymentLine, Refund, RefundEvent, RefundPart
from bawabati.payments.models.refund import OPEN
from bawabati.payments.rules import PaidLine, RefundAtGateway, RefundKind, RefundState


def find_refund(refund_id: int) -> Refund | None:
    """The refund, with its payment and merchant account; None when there is none of that identifier."""
    related = ("company", "payment__gateway_account", "payment__company", "requested_by", "decided_by")
    return Refund.objects.select_related(*related).filter(id=refund_id).first()


def get_refund(refund_id: int) -> Refund:
    """The refund, with its payment and merchant account; it must exist."""
    return Refund.objects.select_related("payment__gateway_account", "payment__company").get(id=refund_id)


def find_open_refund(payment_id: int) -> Refund | None:
    """The refund of a payment that has not ended yet."""
    return Refund.objects.filter(payment_id=payment_id, state__in=OPEN).first()


def list_refunds(payment_id: int) -> list[Refund]:
    """Every refund and reversal of a payment, oldest first, refused ones too."""
    return _refunds_of_payment.list(payment_id)


@compiled
def _refunds_of_payment(payment_id: int) -> QuerySet[Refund]:
    return Refund.objects.filter(payment_id=payment_id).select_related("requested_by", "decided_by").order_by("id")


def list_company_refunds(
    *, company_id: int, states: Sequence[str] = (), kind: str = "", requested_by: int | None = None, at: At
) -> Page[Refund]:
    """Refunds and reversals of a company, the newest first, with payment and people; narrowed by what is given."""
    found = Refund.objects.filter(company_id=company_id)
    found = found.filter(state__in=states) if states else found
    found = found.filter(kind=kind) if kind else found
    found = found.filter(requested_by_id=requested_by) if requested_by is not None else found
    return page_of(found.select_related("payment", "requested_by", "decided_by"), order=["-id"], at=at)


def count_waiting_refunds(company_id: int) -> dict[str, int]:
    """State → how many; only what has not ended."""
    counted = Refund.objects.filter(company_id=company_id, state__in=OPEN).values_list("state").annotate(Count("id"))
    return dict(counted)


def approved_since(*, company_id: int, since: datetime) -> Money:
    """What two people have agreed to give back through the gateway since then; what was refused after all is not."""
    agreed = Refund.objects.filter(company_id=company_id, kind=RefundKind.REFUND, decided_at__gte=since)
    sums = agreed.exclude(state__in=[RefundState.REQUESTED, RefundState.REFUSED]).aggregate(sum=Sum("amount_centimes"))
    return Money(sums["sum"] or 0)


def list_due_refunds(*, now: datetime, at_most: int) -> list[int]:
    """Refunds with which the worker goes on now, the oldest step first."""
    due = Refund.objects.filter(next_step_at__lte=now).order_by("next_step_at")
    return list(due.values_list("id", flat=True)[:at_most])


def list_refund_events(refund_id: int) -> list[RefundEvent]:
    """What happened to a refund and who did it, in the order in which it happened."""
    return list(RefundEvent.objects.filter(refund_id=refund_id).select_related("by").order_by("sequence"))


def given_back(payment_id: int, *, through_the_gateway: bool = False) -> Money:
    """What has gone back of a payment; `through_the_gateway` leaves out what a person gave back in another way."""
    done = Refund.objects.filter(payment_id=payment_id, state=RefundState.DONE)
    if through_the_gateway:
        done = done.filter(past_the_gateway=False)
    return total(Money(amount) for amount in done.values_list("amount_centimes", flat=True))


def given_back_of_each() -> dict[int, Money]:
    """Payment → what has gone back of it through the gateway. Only payments of which something has."""
    back: dict[int, Money] = {}
    done = Refund.objects.filter(state=RefundState.DONE, past_the_gateway=False)
    for payment_id, centimes in done.values_list("payment_id", "amount_centimes").iterator():
        back[payment_id] = back.get(payment_id, ZERO) + Money(centimes)
    return back


def find_credit_use(*, company_id: int, key: str) -> CreditUse | None:
    """What was done under that key, which is not empty."""
    return CreditUse.objects.filter(company_id=company_id, key=key).first()


def paid_lines(payment_id: int) -> list[PaidLine]:
    """What each line of a payment still settles, in the order in which they were paid."""
    back: dict[int, int] = {}
    parts = RefundPart.objects.filter(refund__payment_id=payment_id, refund__state=RefundState.DONE)
    for line_id, centimes in parts.values_list("line_id", "amount_centimes"):
        back[line_id] = back.get(line_id, 0) + centimes
    lines = PaymentLine.objects.filter(payment_id=payment_id).order_by("id")
    return [
        PaidLine(line_id=line.id, settled=Money(line.settled_centimes or 0), given_back=Money(back.get(line.id, 0)))
        for line in lines
    ]


def list_parts(refund_id: int) -> list[RefundPart]:
    """What makes which bill due again, by bill; empty when no bill does."""
    return list(RefundPart.objects.filter(refund_id=refund_id).select_related("line").order_by("line__bill_id"))


def refund_at_gateway(refund: Refund) -> RefundAtGateway:
    """What the rules need to know of a refund that is being carried out."""
    baseline = refund.baseline_centimes
    return RefundAtGateway(
        state=RefundState(refund.state),
        amount=Money(refund.amount_centimes),
        tries=refund.tries,
        baseline=None if baseline is None else Money(baseline),
        unchanged_since=refund.unchanged_since,
    )
