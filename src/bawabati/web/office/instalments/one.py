"""One agreement: what is asked, what has happened, how its instalments stand, and what somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bawabati.bills.models import Agreement, AgreementEvent
from bawabati.bills.reads import (
    facts_of,
    find_agreement,
    list_agreement_bills,
    list_agreement_events,
    list_debts,
    list_tranches,
)
from bawabati.bills.rules import HAS_TRANCHES, AgreementState
from bawabati.errors import CannotDo
from bawabati.flows.decide_instalments import (
    approve_instalments,
    end_agreement,
    offer_instalments,
    refuse_instalments,
)
from bawabati.flows.note_reading import note_reading
from bawabati.flows.steps.agreement_moves import debt_of
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.cases.typed_words import typed_words
from bawabati.web.office.instalments.words import EVENTS, STATES
from bawabati.web.office.payments.words import words
from bawabati.web.public.typed import given_back
from bawabati.web.shared.given_numbers import given_number
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.planned_instalments import planned_or_why_not
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

Act = Callable[[StaffRequest, Agreement, datetime], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event as the page shows it."""

    at: datetime
    what: str
    who: str


@require_safe
@staff_page(Action.SEE_INSTALMENTS)
def agreement(request: StaffRequest, language: str, agreement_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The page of one agreement. That it was read is written down."""
    found = _agreement_of(request, agreement_id)
    note_reading(
        staff=request.staff,
        company_id=found.company_id,
        what="agreement",
        target=f"agreement:{found.id}",
        now=timezone.now(),
    )
    return render(request, "web/office/instalments/one.html", _told(request, found))


def _deciding(act: Act) -> Callable[..., HttpResponse]:
    """Does it, and shows the page again: with what is wrong, where something is."""

    @require_POST
    @staff_page(Action.DECIDE_INSTALMENTS)
    @wraps(act)
    def deciding(request: StaffRequest, language: str, agreement_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
        found = _agreement_of(request, agreement_id)
        try:
            act(request, found, timezone.now())
        except CannotDo as error:
            context = _told(request, _agreement_of(request, agreement_id)) | {
                "error": sentence_of(error),
                "filled": {name: given_back(str(value)) for name, value in request.POST.items()},
            }
            return render(request, "web/office/instalments/one.html", context, status=422)
        return to("office_agreement", agreement_id)

    return deciding


def _approve(request: StaffRequest, found: Agreement, now: datetime) -> None:
    approve_instalments(
        company=request.place.company,
        agreement_id=found.id,
        seen_debt=_seen(request),
        login=request.staff.login,
        now=now,
    )


def _offer(request: StaffRequest, found: Agreement, now: datetime) -> None:
    offer_instalments(
        company=request.place.company,
        agreement_id=found.id,
        tranches=number_of(typed_line(request, "tranches")),
        first=parse_amount(typed_line(request, "first")),
        because=typed_words(request, "because"),
        seen_debt=_seen(request),
        login=request.staff.login,
        now=now,
    )


def _refuse(request: StaffRequest, found: Agreement, now: datetime) -> None:
    refuse_instalments(
        company=request.place.company,
        agreement_id=found.id,
        because=typed_words(request, "because"),
        login=request.staff.login,
        now=now,
    )


def _end(request: StaffRequest, found: Agreement, now: datetime) -> None:
    end_agreement(
        company=request.place.company,
        agreement_id=found.id,
        because=typed_words(request, "because"),
        login=request.staff.login,
        now=now,
    )


approve = _deciding(_approve)
offer = _deciding(_offer)
refuse = _deciding(_refuse)
end = _deciding(_end)


def _seen(request: StaffRequest) -> Money:
    return Money(given_number(typed_line(request, "debt")))


def _agreement_of(request: StaffRequest, agreement_id: int) -> Agreement:
    """Raises Http404 when it is another company's."""
    found = find_agreement(agreement_id, company_id=request.place.company.id)
    if found is None:
        raise Http404
    return found


def _told(request: StaffRequest, found: Agreement) -> dict[str, object]:
    state, debt = AgreementState(found.state), debt_of(found.customer_id)
    may = request.may(Action.DECIDE_INSTALMENTS)
    planned, cannot = planned_or_why_not(found, debt) if state is AgreementState.ASKED else ((), "")
    tranches = list_tranches(found.id)
    bills = [row.bill for row in list_agreement_bills(found.id)] or [
        bill for bill in list_debts(found.customer_id) if bill.tranche_of_id is None
    ]
    return {
        "agreement": found,
        "state": words(STATES, found.state),
        "total": Money(found.total_centimes),
        "first": Money(found.first_centimes),
        "debt": debt,
        "has_grown": debt.centimes > found.total_centimes,
        "planned": planned,
        "cannot": cannot,
        "tranches": [(tranche, facts_of(tranche)) for tranche in tranches],
        "bills": [(bill, facts_of(bill).left) for bill in bills],
        "moments": [_moment(event) for event in list_agreement_events(found.id)],
        "may_approve": may and state is AgreementState.ASKED and not cannot,
        "may_answer": may and state is AgreementState.ASKED,
        "may_end": may and state in HAS_TRANCHES,
        "may_give": may,
        "tongues": LANGUAGE_NAMES.items(),
        "error": "",
        "filled": {"tranches": str(found.tranches), "first": figures(Money(found.first_centimes), "fr")},
    }


def _moment(event: AgreementEvent) -> Moment:
    return Moment(at=event.at, what=words(EVENTS, event.event), who=event.by.name if event.by else "")
