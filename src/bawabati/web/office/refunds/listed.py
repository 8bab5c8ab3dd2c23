"""Refunds and reversals of a company, the newest first; and what of them waits for somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell
from bawabati.flows.note_reading import note_reading
from bawabati.keyset import At, Page, every_row
from bawabati.money.amount import Money
from bawabati.payments.models import Refund
from bawabati.payments.reads import count_waiting_refunds, list_company_refunds
from bawabati.payments.rules import RefundState
from bawabati.people.rules import Action
from bawabati.web.office.cases.seen import sees_all
from bawabati.web.office.payments.words import words
from bawabati.web.office.refunds.words import KINDS, REASONS, STATES
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page

FILTERS: Final = (
    Filter("state", _("State"), Kind.CHOICE, choices=tuple(STATES.items())),
    Filter("kind", _("What it is"), Kind.CHOICE, choices=tuple(KINDS.items())),
)
HEADER: Final = (
    *(_("Refund"), _("What it is"), _("Order number"), _("Amount"), _("State"), _("Reason"), _("In words")),
    *(_("Asked for by"), _("Asked for on"), _("Decided by"), _("Decided on"), _("Ended")),
)
Ask = Callable[[At], Page[Refund]]


@dataclass(frozen=True, slots=True)
class Line:
    """A refund as the list shows it."""

    refund: Refund
    kind: str
    state: str


@require_safe
@staff_page(Action.SEE_CASES)
def refunds(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """All of the company; of somebody who works in an agency, those that he asked for."""
    company, whole = request.place.company, sees_all(request)
    asked = read_filters(request, FILTERS)

    def ask(at: At) -> Page[Refund]:
        return list_company_refunds(
            company_id=company.id,
            states=[asked.word("state")] if asked.word("state") else [],
            kind=asked.word("kind"),
            requested_by=None if whole else request.staff.id,
            at=at,
        )

    if form := wanted_form(request):
        note_reading(
            staff=request.staff,
            company_id=company.id,
            what="refunds_export",
            target=f"company:{company.id}",
            details={"form": form},
            now=timezone.now(),
        )
        return as_file(form, name="refunds", header=HEADER, rows=_rows(ask))
    waiting = count_waiting_refunds(company.id) if whole else {}
    context = {
        "asked": asked,
        "page": ask(place_in_list(request)).of(_line),
        "waiting": [
            (state.value, words(STATES, state), waiting[state])
            for state in (RefundState.REQUESTED, RefundState.MANUAL, RefundState.APPROVED, RefundState.REFUNDING)
            if waiting.get(state)
        ],
        "may_ask": request.may(Action.ASK_REFUND),
    }
    return render(request, "web/office/refunds/list.html", context, status=422 if asked.errors else 200)


def _line(refund: Refund) -> Line:
    return Line(refund, words(KINDS, refund.kind), words(STATES, refund.state))


def _rows(ask: Ask) -> Iterator[Sequence[Cell]]:
    for refund in every_row(ask):
        yield (
            refund.id,
            words(KINDS, refund.kind),
            refund.payment.order_number,
            Money(refund.amount_centimes),
            words(STATES, refund.state),
            words(REASONS, refund.reason),
            refund.because,
            refund.requested_by.name,
            refund.requested_at,
            refund.decided_by.name if refund.decided_by else None,
            refund.decided_at,
            refund.ended_at,
        )
