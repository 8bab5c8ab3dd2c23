"""What left on which day, what did not arrive, and what was called off and why."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bawabati.people.rules import Action
from bawabati.reminders.reads import count_by_end, count_reasons, find_run, list_runs, list_undelivered
from bawabati.web.office.notices.words import REASONS
from bawabati.web.office.reminders.named import MEANS_NAMES, WHY_NAMES
from bawabati.web.shared.lists import place_in_list
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.SEE_REMINDERS)
def runs(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Each day, the newest first."""
    page = list_runs(company_id=request.place.company.id, at=place_in_list(request))
    ends = count_by_end([run.id for run in page.rows])
    context = {"page": page.of(lambda run: (run, ends.get(run.id, {})))}
    return render(request, "web/office/reminders/runs.html", context)


@require_safe
@staff_page(Action.SEE_REMINDERS)
def run(request: StaffRequest, language: str, run_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One day: the customers whom no message reached, by number alone."""
    found = find_run(company_id=request.place.company.id, run_id=run_id)
    if found is None:
        raise Http404
    page = list_undelivered(run_id=found.id, at=place_in_list(request))
    context = {
        "run": found,
        "ends": count_by_end([found.id]).get(found.id, {}),
        "reasons": [(gettext(WHY_NAMES[reason]), count) for reason, count in count_reasons(found.id)],
        "page": page.of(
            lambda message: (
                message,
                gettext(MEANS_NAMES[message.means]),
                gettext(REASONS.get(message.notice.last_reason, message.notice.last_reason)) if message.notice else "",
            )
        ),
    }
    return render(request, "web/office/reminders/run.html", context)
