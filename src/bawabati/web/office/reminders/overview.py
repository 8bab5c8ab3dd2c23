"""Whether customers are reminded, when, in which words, what the next days would bring and cost."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bawabati.flows.keep_reminders import switch_reminders
from bawabati.flows.see_reminders import Forecast, forecast_month, forecast_next
from bawabati.keyset import At
from bawabati.people.rules import Action
from bawabati.reminders.reads import count_by_end, list_runs, plan_or_ours, timing_of
from bawabati.reminders.rules import STAGES
from bawabati.web.counter.at_desk import to
from bawabati.web.office.reminders.named import MEANS_NAMES, STAGE_NAMES
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.SEE_REMINDERS)
def reminders(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """How it stands; before it is switched on, what it would send and in how many SMS parts."""
    company, now = request.place.company, timezone.now()
    plan = plan_or_ours(company.id, now=now)
    newest = list_runs(company_id=company.id, at=At()).rows[:1]
    context = {
        "plan": plan,
        "timing": timing_of(plan),
        "stages": [(stage, gettext(STAGE_NAMES[stage])) for stage in STAGES],
        "next": forecast_next(plan, company=company, now=now),
        "month": forecast_month(plan, company=company, now=now),
        "newest": [(run, count_by_end([run.id]).get(run.id)) for run in newest],
        "may_keep": request.may(Action.KEEP_REMINDERS),
        "may_stop": request.may(Action.STOP_REMINDERS),
    }
    context["next_lines"] = _lines(context["next"])
    context["month_lines"] = _lines(context["month"])
    return render(request, "web/office/reminders/overview.html", context)


@require_POST
@staff_page(Action.KEEP_REMINDERS)
def switch(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """On or off."""
    switch_reminders(
        on=typed_line(request, "to") == "on",
        company_id=request.place.company.id,
        staff=request.staff,
        now=timezone.now(),
    )
    return to("office_reminders")


def _lines(forecast: object) -> list[tuple[str, str, str, int, int]]:
    assert isinstance(forecast, Forecast)  # noqa: S101 - of the context above
    return [
        (
            gettext(STAGE_NAMES[line.expected.stage]),
            gettext(MEANS_NAMES[line.expected.means]),
            LANGUAGE_NAMES[line.expected.language],
            line.expected.messages,
            line.parts,
        )
        for line in forecast.lines
    ]
