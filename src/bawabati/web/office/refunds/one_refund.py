"""One refund: what it is, everything that happened to it, and what somebody decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bawabati.cases.reads import find_case
from bawabati.errors import CannotDo
from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.flows.close_refund import HowClosed, close_refund
from bawabati.flows.note_reading import note_reading
from bawabati.money.amount import Money
from bawabati.money.display import with_currency
from bawabati.notices.models import Notice
from bawabati.notices.reads import list_notices_about
from bawabati.notices.rules import masked_address
from bawabati.payments.models import Refund, RefundEvent
from bawabati.payments.reads import find_refund, list_parts, list_refund_events
from bawabati.payments.rules import AT_WORK, RefundState
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.cases.seen import sees_all
from bawabati.web.office.cases.typed_words import typed_words
from bawabati.web.office.notices.words import MEANS
from bawabati.web.office.payments.words import NOTICE_STATES, NOTICES, REFUND_STEPS, words
from bawabati.web.office.refunds.words import HOW, KINDS, REASONS, STATES, WHY_IT_WAITS
from bawabati.web.public.typed import given_back as typed_again
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

Act = Callable[[StaffRequest, Refund, datetime], object]


class HowMissing(CannotDo):
    """None of the three."""

    code: ClassVar[str] = "how_missing"
    sentence: ClassVar[str] = "Say what became of the money."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event as the page shows it."""

    at: datetime
    what: str
    who: str
    said: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message to the payer."""

    notice: Notice
    what: str
    means: str
    state: str
    address: str


@require_safe
@staff_page(Action.SEE_CASES)
def refund(request: StaffRequest, language: str, refund_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The page of one refund. That it was read is written down."""
    found = _refund_of(request, refund_id)
    note_reading(
        staff=request.staff,
        company_id=found.company_id,
        what="refund",
        target=f"refund:{found.id}",
        now=timezone.now(),
    )
    return render(request, "web/office/refunds/one.html", _told(request, found))


def _deciding(act: Act, template: str) -> Callable[..., HttpResponse]:
    """A page of its own after the step-up, so that whoever decides reads once more what goes where."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @staff_page(Action.APPROVE_REFUND, stepped_up=True)
    @wraps(act)
    def deciding(request: StaffRequest, language: str, refund_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
        found = _refund_of(request, refund_id)
        context: dict[str, object] = {"error": ""}
        if request.method == "POST":
            try:
                act(request, found, timezone.now())
            except CannotDo as error:
                found = _refund_of(request, refund_id)
                context = {
                    "error": sentence_of(error),
                    "filled": {name: typed_again(str(value)) for name, value in request.POST.items()},
                }
            else:
                return to("office_refund", refund_id)
        return render(request, template, _told(request, found) | context, status=422 if context["error"] else 200)

    return deciding


def _approve(request: StaffRequest, found: Refund, now: datetime) -> None:
    approve_refund(refund_id=found.id, login=request.staff.login, now=now)


def _close(request: StaffRequest, found: Refund, now: datetime) -> None:
    how = typed_line(request, "how")
    if how not in set(HowClosed):
        raise HowMissing
    close_refund(
        refund_id=found.id,
        how=HowClosed(how),
        because=typed_words(request, "because"),
        login=request.staff.login,
        now=now,
    )


approve = _deciding(_approve, "web/office/refunds/approve.html")
close = _deciding(_close, "web/office/refunds/close.html")


def _refusing(action: Action) -> Callable[..., HttpResponse]:
    """Nothing goes back: said by whoever may approve, or by whoever asked, who takes it back."""

    @require_POST
    @staff_page(action)
    def refusing(request: StaffRequest, language: str, refund_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
        found, because = _refund_of(request, refund_id), typed_words(request, "because")
        try:
            refuse_refund(refund_id=found.id, because=because, login=request.staff.login, now=timezone.now())
        except CannotDo as error:
            context = _told(request, _refund_of(request, refund_id)) | {
                "refusal_error": sentence_of(error),
                "typed": because if typed_again(because) else "",
            }
            return render(request, "web/office/refunds/one.html", context, status=422)
        return to("office_refund", refund_id)

    return refusing


refuse = _refusing(Action.APPROVE_REFUND)
take_back = _refusing(Action.ASK_REFUND)


def _refund_of(request: StaffRequest, refund_id: int) -> Refund:
    """Raises Http404: there is none, or somebody else asked for it and this person works in an agency."""
    found = find_refund(refund_id)
    if found is None or found.company_id != request.place.company.id:
        raise Http404
    if found.requested_by_id != request.staff.id and not sees_all(request):
        raise Http404
    return found


def _told(request: StaffRequest, found: Refund) -> dict[str, object]:
    reference = f"refund:{found.id}"
    is_mine = found.requested_by_id == request.staff.id
    waits = found.state == RefundState.REQUESTED
    return {
        "refund": found,
        "payment": found.payment,
        "kind": words(KINDS, found.kind),
        "reason": words(REASONS, found.reason),
        "state": words(STATES, found.state),
        "why": words(WHY_IT_WAITS, found.last_reason) if found.last_reason else "",
        "parts": list_parts(found.id),
        "moments": [_moment(event) for event in list_refund_events(found.id)],
        "messages": list(_messages(found.company_id, reference)),
        "case": find_case(company_id=found.company_id, kind="refund", reference=reference),
        "is_at_work": found.state in AT_WORK,
        "may_approve": waits and not is_mine and request.may(Action.APPROVE_REFUND),
        "may_take_back": waits and is_mine and request.may(Action.ASK_REFUND),
        "may_close": found.state == RefundState.MANUAL and not is_mine and request.may(Action.APPROVE_REFUND),
        "ways_to_close": list(HOW.items()),
        "is_mine": is_mine,
    }


def _messages(company_id: int, reference: str) -> Iterator[Told]:
    for notice in list_notices_about(company_id=company_id, references=[reference]):
        known = getattr(notice, "address_row", None)
        yield Told(
            notice=notice,
            what=words(NOTICES, notice.kind),
            means=words(MEANS, notice.means),
            state=words(NOTICE_STATES, notice.state),
            address=masked_address(known.address) if known else gettext("erased"),
        )


def _moment(event: RefundEvent) -> Moment:
    held, facts = event.evidence.get("held_centimes"), []
    if isinstance(held, int):
        facts.append(f"{gettext('the gateway held')}: {with_currency(Money(held), get_language() or 'ar')}")
    facts += [str(event.evidence[name]) for name in ("error_code", "message") if event.evidence.get(name)]
    return Moment(
        at=event.at,
        what=words(REFUND_STEPS, event.event),
        who="" if event.by.is_system else event.by.name,
        said=str(event.evidence.get("because", "")),
        facts=tuple(facts),
    )
