"""Days, hours, ways and pace."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.campaigns.rules import read_code
from bawabati.errors import CannotDo
from bawabati.flows.keep_reminders import NewPlan, keep_plan
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action
from bawabati.reminders.models import ReminderPlan
from bawabati.reminders.reads import plan_or_ours
from bawabati.reminders.rules import DaysWrong, Timing
from bawabati.web.counter.at_desk import to
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

NUMBERS = ("before_due_days", "before_cut_off_days", "cut_off_after_days", "from_hour", "until_hour", "a_minute")
TICKS = ("at_due", "by_sms", "by_email")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_REMINDERS)
def plan(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form. Keeping it switches nothing on."""
    company, now = request.place.company, timezone.now()
    filled, error = _kept(plan_or_ours(company.id, now=now)), None
    if request.method == "POST":
        filled = _typed(request)
        try:
            keep_plan(_read(request), company_id=company.id, staff=request.staff, now=now)
        except CannotDo as refused:
            error = refused
        else:
            return to("office_reminders")
    context = {"filled": filled, "error": sentence_of(error) if error else ""}
    return render(request, "web/office/reminders/plan.html", context, status=422 if error else 200)


def _kept(plan: ReminderPlan) -> dict[str, object]:
    price = f"{plan.part_price_centimes // 100}.{plan.part_price_centimes % 100:02}"
    return {
        **{name: getattr(plan, name) for name in (*NUMBERS, *TICKS)},
        "part_price": price if plan.part_price_centimes else "",
        "campaign_code": plan.campaign_code,
    }


def _typed(request: StaffRequest) -> dict[str, object]:
    lines = (*NUMBERS, "part_price", "campaign_code")
    return {
        **{name: given_back(typed_line(request, name)) for name in lines},
        **{name: name in request.POST for name in TICKS},
    }


def _read(request: StaffRequest) -> NewPlan:
    price = typed_line(request, "part_price")
    return NewPlan(
        timing=Timing(
            before_due_days=_number(request, "before_due_days"),
            at_due="at_due" in request.POST,
            before_cut_off_days=_number(request, "before_cut_off_days"),
            cut_off_after_days=_number(request, "cut_off_after_days"),
            from_hour=_number(request, "from_hour"),
            until_hour=_number(request, "until_hour"),
        ),
        by_sms="by_sms" in request.POST,
        by_email="by_email" in request.POST,
        a_minute=_number(request, "a_minute"),
        part_price_centimes=min(parse_amount(price).centimes, 1000_00) if price else 0,
        campaign_code=read_code(typed_line(request, "campaign_code")),
    )


def _number(request: StaffRequest, name: str) -> int:
    text = typed_line(request, name)
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):  # noqa: PLR2004 - thousands
        raise DaysWrong
    return int(text)
