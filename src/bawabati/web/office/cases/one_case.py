"""One case: what it is about, what was done about it, and what somebody does next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.cases.models import Case, CaseStep
from bawabati.cases.reads import find_case_of_company, list_steps
from bawabati.cases.rules import (
    FARTHEST_PROMISE,
    LONGEST_BECAUSE,
    LONGEST_WORDS,
    SAID_BY_PEOPLE,
    CaseStepKind,
    ClosedAs,
    is_overdue,
)
from bawabati.errors import CannotDo
from bawabati.flows.close_case import close_case
from bawabati.flows.note_reading import note_reading
from bawabati.flows.work_on_case import comment_case, hand_over_case, promise_case
from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.money.display import with_currency
from bawabati.people.reads import find_staff_by_id, list_who_may
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.cases.about import about
from bawabati.web.office.cases.seen import sees_all
from bawabati.web.office.cases.typed_words import typed_words
from bawabati.web.office.cases.words import ENDINGS, KINDS, LEARNT, STEPS, VALUES
from bawabati.web.office.payments.words import words
from bawabati.web.office.refunds.words import STATES as STATES_OF_REFUNDS
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_day, typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

WITH_CREDIT: Final = frozenset({"surplus", "credit_overdrawn"})
Act = Callable[[StaffRequest, Case, datetime], object]


class EndingMissing(CannotDo):
    """None of the list."""

    code = "ending_missing"
    sentence = "Choose from the list how it ended."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One step as the page shows it."""

    at: datetime
    what: str
    who: str
    words: str
    facts: tuple[str, ...]


@require_safe
@staff_page(Action.SEE_CASES)
def case(request: StaffRequest, language: str, case_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The page of one case. That it was read is written down."""
    found = _case_of(request, case_id)
    note_reading(
        staff=request.staff,
        company_id=found.company_id,
        what="case",
        target=f"case:{found.id}",
        now=timezone.now(),
    )
    return _page(request, found)


def _acting(act: Act, part: str) -> Callable[..., HttpResponse]:
    """What somebody does with a case: back to its page afterwards, or the page with the reason why not."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @staff_page(Action.OWN_CASE)
    @wraps(act)
    def acting(request: StaffRequest, language: str, case_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
        found = _case_of(request, case_id)
        if request.method == "POST":
            try:
                act(request, found, timezone.now())
            except CannotDo as error:
                return _page(request, _case_of(request, case_id), part=part, error=error)
        return to("office_case", case_id)

    return acting


def _comment(request: StaffRequest, found: Case, now: datetime) -> None:
    comment_case(case_id=found.id, words=typed_words(request, "words"), login=request.staff.login, now=now)


def _hand_over(request: StaffRequest, found: Case, now: datetime) -> None:
    hand_over_case(
        case_id=found.id,
        to_login=typed_line(request, "to"),
        words=typed_words(request, "words"),
        login=request.staff.login,
        now=now,
    )


def _promise(request: StaffRequest, found: Case, now: datetime) -> None:
    promise_case(
        case_id=found.id,
        day=typed_day(request, "day"),
        words=typed_words(request, "words"),
        login=request.staff.login,
        now=now,
    )


def _close(request: StaffRequest, found: Case, now: datetime) -> None:
    ending = typed_line(request, "ending")
    if ending not in {each.value for each in SAID_BY_PEOPLE}:
        raise EndingMissing
    close_case(
        case_id=found.id,
        closed_as=ClosedAs(ending),
        because=typed_words(request, "words"),
        login=request.staff.login,
        now=now,
    )


comment = _acting(_comment, "comment")
hand_over = _acting(_hand_over, "hand_over")
promise = _acting(_promise, "promise")
close = _acting(_close, "close")


def _case_of(request: StaffRequest, case_id: int) -> Case:
    """Raises Http404: there is none, or it is somebody else's and this person works in an agency."""
    found = find_case_of_company(company_id=request.place.company.id, case_id=case_id)
    if found is None or (found.owner_id != request.staff.id and not sees_all(request)):
        raise Http404
    return found


def _page(request: StaffRequest, found: Case, *, part: str = "", error: CannotDo | None = None) -> HttpResponse:
    today = accounting_day(timezone.now())
    may_act = request.may(Action.OWN_CASE) and found.closed_at is None
    context = {
        "case": found,
        "kind": words(KINDS, found.kind),
        "ending": words(ENDINGS, found.closed_as),
        "about": about(found.reference),
        "because": _because(found),
        "is_overdue": found.closed_at is None and is_overdue(promised_on=found.promised_on, today=today),
        "known": list(_known(found.details)),
        "moments": [_moment(step) for step in list_steps(found.id)],
        "may_act": may_act,
        "may_use_credit": may_act and found.kind in WITH_CREDIT and request.may(Action.APPLY_CREDIT),
        "people": _heirs(request, found) if may_act else [],
        "endings": [(each.value, ENDINGS[each]) for each in SAID_BY_PEOPLE],
        "earliest": today,
        "latest": today + FARTHEST_PROMISE,
        "longest": LONGEST_WORDS,
        "longest_because": LONGEST_BECAUSE,
        "part": part,
        "error": sentence_of(error) if error else "",
        "filled": {name: given_back(str(value)) for name, value in request.POST.items()} if error else {},
        "typed_words": _given_back(typed_words(request, "words")) if error else "",
    }
    return render(request, "web/office/cases/one.html", context, status=422 if error else 200)


def _because(found: Case) -> str:
    """What a person wrote; in the language of the page, where the portal closed it because a refund ended."""
    because = found.closed_because
    return words(STATES_OF_REFUNDS, because) if found.closed_as == ClosedAs.BY_ITSELF else because


def _given_back(text: str) -> str:
    """What may be a card number is not given back, not even in a long text."""
    return text if given_back(text) else ""


def _heirs(request: StaffRequest, found: Case) -> list[tuple[str, str]]:
    """Oneself first: taking over is what happens most."""
    may = list_who_may(Action.OWN_CASE, company_id=found.company_id)
    people = sorted(may, key=lambda person: person.id != request.staff.id)
    return [(person.login, person.name) for person in people if person.id != found.owner_id]


def _known(details: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in details.items():
        if name == "held_centimes" and isinstance(value, int):
            yield words(LEARNT, name), with_currency(Money(value), get_language() or "ar")
        elif name in LEARNT:
            yield words(LEARNT, name), words(VALUES, str(value))


def _moment(step: CaseStep) -> Moment:
    facts: tuple[str, ...] = ()
    match step.step:
        case CaseStepKind.HANDED_OVER:
            facts = (_arrow(_name(step.details["from"]), _name(step.details["to"])),)
        case CaseStepKind.PROMISE_MOVED:
            facts = (_arrow(_day(step.details["from"]), _day(step.details["to"])),)
        case CaseStepKind.OPENED:
            facts = (_name(step.details["owner"]), _day(step.details["promised_on"]))
        case CaseStepKind.CLOSED:
            facts = (words(ENDINGS, str(step.details["closed_as"])),)
        case CaseStepKind.LEARNT:
            facts = tuple(f"{name}: {value}" for name, value in _known(step.details))
    said = step.words if step.by else words(STATES_OF_REFUNDS, step.words)
    return Moment(
        at=step.at, what=words(STEPS, step.step), who=step.by.name if step.by else "", words=said, facts=facts
    )


def _arrow(before: str, after: str) -> str:
    """The sign turns round with the page: a browser mirrors it."""
    return f"{before} › {after}"


def _name(staff_id: object) -> str:
    person = find_staff_by_id(int(str(staff_id)))
    return person.name if person else ""


def _day(day: object) -> str:
    return display_day(date.fromisoformat(str(day)))
