"""What does not agree: the list, and one item with what people do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.adapters.sheets.contract import Cell, Signed
from bawabati.errors import CannotDo
from bawabati.flows.settle_difference import (
    comment_difference,
    confirm_ending,
    promise_difference,
    propose_ending,
    refuse_ending,
    take_difference,
)
from bawabati.keyset import At, Page, every_row
from bawabati.money.dates import display_day
from bawabati.payments.reads.channels import list_channels
from bawabati.people.rules import Action
from bawabati.settlement.models import Difference
from bawabati.settlement.reads import get_difference, list_differences, list_steps
from bawabati.settlement.rules import DifferenceKind, DifferenceState, Ending, NoSuchDifference, endings_of
from bawabati.web.counter.at_desk import to
from bawabati.web.office.settlement.words import (
    AMOUNTS,
    DETAILS,
    ENDINGS,
    KINDS,
    REASONS,
    STATES,
    STEPS,
    choices_of,
    say,
)
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.resolving import typed_day, typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.templatetags.shown import balance

FILTERS: Final = (
    Filter(
        "state",
        _("State"),
        Kind.CHOICE,
        choices=(("unsettled", _("not settled")), *choices_of(STATES)),
    ),
    Filter("kind", _("What it is"), Kind.CHOICE, choices=choices_of(KINDS)),
    Filter("owner", _("Owner"), Kind.CHOICE, choices=(("me", _("me")),)),
    Filter("day", _("Day"), Kind.DAY),
)
_HEADER: Final = (
    *(_("Number"), _("What it is"), _("Day"), _("Amount"), _("Set apart in the books"), _("State"), _("Owner")),
    *(_("Promised"), _("Reference"), _("Found"), _("Settled"), _("How it ended")),
)


class NothingToDo(CannotDo):
    """The form asks for something that this page does not have."""

    code: ClassVar[str] = "nothing_to_do"
    sentence: ClassVar[str] = "Choose what to do with this difference."


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def differences(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The newest first; narrowed by state, kind, owner and day."""
    asked = read_filters(request, FILTERS)
    state = asked.word("state")

    def ask(at: At) -> Page[Difference]:
        return list_differences(
            company_id=request.place.company.id,
            state="" if state == "unsettled" else state,
            still_open=state == "unsettled",
            kind=asked.word("kind"),
            owner_id=request.staff.id if asked.word("owner") == "me" else None,
            day=asked.day("day"),
            at=at,
        )

    if form := wanted_form(request):
        return as_file(form, name="differences", header=_HEADER, rows=(_cells(each) for each in every_row(ask)))
    page = ask(place_in_list(request)).of(lambda each: (each, say(KINDS, each.kind), say(STATES, each.state)))
    context = {"page": page, "asked": asked, "today": timezone.localdate()}
    return render(request, "web/office/settlement/differences.html", context)


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def difference(request: StaffRequest, language: str, difference_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One item: both sides, who owns it, what happened to it, and what may be done."""
    return _page(request, _difference_of(request, difference_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SETTLE_DIFFERENCE)
def settle(request: StaffRequest, language: str, difference_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Take it over, promise a day, comment, or propose how it ends."""
    found = _difference_of(request, difference_id)
    if request.method == "POST":
        try:
            _do(request, found)
        except CannotDo as error:
            return _page(request, found, error=error)
    return to("office_settlement_difference", difference_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CONFIRM_DIFFERENCE, stepped_up=True)
def confirm(request: StaffRequest, language: str, difference_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The second person agrees, or does not; after a second factor just now, for the books change."""
    found = _difference_of(request, difference_id)
    if request.method == "POST":
        try:
            _decide(request, found)
        except CannotDo as error:
            return _page(request, _difference_of(request, difference_id), error=error)
    return to("office_settlement_difference", difference_id)


def _decide(request: StaffRequest, found: Difference) -> None:
    """Raises CannotDo."""
    company_id, difference_id, staff, now = found.company_id, found.id, request.staff, timezone.now()
    if request.POST.get("agrees") == "yes":
        text = typed_line(request, "seen_steps")
        seen_steps = int(text) if text.isascii() and text.isdigit() else 0
        confirm_ending(company_id=company_id, difference_id=difference_id, staff=staff, seen_steps=seen_steps, now=now)
    else:
        because = typed_line(request, "because")
        refuse_ending(company_id=company_id, difference_id=difference_id, because=because, staff=staff, now=now)


def _do(request: StaffRequest, found: Difference) -> None:
    """Raises CannotDo."""
    company_id, difference_id, staff, now = found.company_id, found.id, request.staff, timezone.now()
    match request.POST.get("do"):
        case "take":
            take_difference(company_id=company_id, difference_id=difference_id, staff=staff, now=now)
        case "promise":
            day = typed_day(request, "promised_on")
            promise_difference(
                company_id=company_id, difference_id=difference_id, promised_on=day, staff=staff, now=now
            )
        case "comment":
            words = typed_line(request, "words")
            comment_difference(company_id=company_id, difference_id=difference_id, words=words, staff=staff, now=now)
        case "propose" if typed(request.POST.get("ending", "")).partition(":")[0] in set(Ending):
            ending, _colon, channel = typed(request.POST["ending"]).partition(":")
            propose_ending(
                company_id=company_id,
                difference_id=difference_id,
                ending=Ending(ending),
                channel=channel,
                because=typed_line(request, "because"),
                staff=staff,
                now=now,
            )
        case _:
            raise NothingToDo


def _page(request: StaffRequest, found: Difference, *, error: CannotDo | None = None) -> HttpResponse:
    steps = list_steps(company_id=found.company_id, difference_id=found.id)
    is_ended = found.state == DifferenceState.ENDED
    may_settle = request.may(Action.SETTLE_DIFFERENCE) and not is_ended
    is_proposed = found.state == DifferenceState.PROPOSED
    endings = endings_of(DifferenceKind(found.kind), posted_centimes=found.posted_centimes)
    context = {
        "difference": found,
        "kind": say(KINDS, found.kind),
        "state": say(STATES, found.state),
        "ending": _ending(found, found.ending),
        "proposed": _ending(found, found.proposed),
        "details": _details(found),
        "steps": [(each, say(STEPS, each.step)) for each in steps],
        "endings": list(_choices(found, endings)),
        "may_settle": may_settle,
        "may_comment": request.may(Action.SETTLE_DIFFERENCE),
        "may_propose": may_settle and not is_proposed and bool(endings),
        "may_confirm": is_proposed
        and request.may(Action.CONFIRM_DIFFERENCE)
        and found.proposed_by_id != request.staff.id,
        "waits_for_another": is_proposed and found.proposed_by_id == request.staff.id,
        "error": sentence_of(error) if error else "",
        "typed": {name: given_back(typed(str(value))) for name, value in request.POST.items()},
        "me": request.staff.id,
        "today": timezone.localdate(),
    }
    return render(request, "web/office/settlement/difference.html", context, status=422 if error else 200)


def _ending(found: Difference, ending: str) -> str:
    said = say(ENDINGS, ending)
    return f"{said} ({found.channel})" if ending == Ending.CHANNEL else said


def _choices(found: Difference, endings: Iterable[Ending]) -> Iterator[tuple[str, str]]:
    """What may be proposed: a credit that another channel hands over, once for each channel of the company.

    What is not a channel's after all goes back to the one that it was said to be of.
    """
    for each in endings:
        if each is not Ending.CHANNEL:
            yield each.value, say(ENDINGS, each)
            continue
        for channel in list_channels(found.company_id):
            if found.posted_centimes < 0 and channel.code != found.channel:
                continue
            yield f"{each.value}:{channel.code}", f"{say(ENDINGS, each)} ({channel.name})"


def _details(found: Difference) -> list[tuple[str, object]]:
    """What both sides say, in words; amounts as amounts."""
    shown: list[tuple[str, object]] = []
    for name, words in DETAILS.items():
        value = found.details.get(name)
        if value in ("", None):
            continue
        if name in AMOUNTS:
            value = balance(int(value))
        elif name == "file_day":
            value = display_day(date.fromisoformat(value))
        elif name == "reason":
            value = say(REASONS, value)
        shown.append((gettext(words), value))
    return shown


def _difference_of(request: StaffRequest, difference_id: int) -> Difference:
    try:
        return get_difference(company_id=request.place.company.id, difference_id=difference_id)
    except NoSuchDifference:
        raise Http404 from None


def _cells(each: Difference) -> list[Cell]:
    return [
        each.id,
        say(KINDS, each.kind),
        each.day,
        Signed(each.amount_centimes),
        Signed(each.posted_centimes),
        say(STATES, each.state),
        each.owner.name if each.owner else "",
        each.promised_on,
        each.reference,
        each.opened_at,
        each.ended_at,
        say(ENDINGS, each.ending),
    ]
