"""Work items: opened, written about, handed over, promised anew, closed. Each change leaves a step beside it."""

from collections.abc import Mapping
from datetime import date, datetime

from bawabati.cases.models import Case, CaseStep
from bawabati.cases.rules import LONGEST_BECAUSE, CaseClosed, CaseState, CaseStepKind, ClosedAs, NoSuchCase
from bawabati.money.amount import Money
from bawabati.people.models import Staff


def open_case(
    *,
    company_id: int,
    kind: str,
    reference: str,
    amount: Money,
    owner_id: int,
    promised_on: date,
    details: Mapping[str, object],
    now: datetime,
) -> Case:
    """Opens a case with an owner and a promised day. Safe to repeat: one open case for each (kind, reference)."""
    case, is_new = Case.objects.get_or_create(
        company_id=company_id,
        kind=kind,
        reference=reference,
        state=CaseState.OPEN,
        defaults={
            "amount_centimes": amount.centimes,
            "owner_id": owner_id,
            "promised_on": promised_on,
            "details": dict(details),
            "opened_at": now,
            "step_count": 1,
        },
    )
    if is_new:
        first = {"owner": owner_id, "promised_on": promised_on.isoformat()}
        _write_step(case, CaseStepKind.OPENED, by=None, words="", details=first, now=now)
    return case


def lock_open_case(*, company_id: int, case_id: int) -> Case:
    """The case, locked until the transaction ends. Raises NoSuchCase, CaseClosed."""
    case = Case.objects.select_for_update(no_key=True).filter(company_id=company_id, id=case_id).first()
    if case is None:
        raise NoSuchCase
    if case.state != CaseState.OPEN:
        raise CaseClosed
    return case


def close_case(*, company_id: int, kind: str, reference: str, because: str, now: datetime) -> bool:
    """Closes the open case about `reference`, in nobody's name; whether there was one. Safe to repeat, and to race."""
    still_open = Case.objects.select_for_update(no_key=True).filter(
        company_id=company_id, kind=kind, reference=reference, state=CaseState.OPEN
    )
    for case in still_open:
        end_case(case, closed_as=ClosedAs.BY_ITSELF, because=because, by=None, now=now)
        return True
    return False


def end_case(case: Case, *, closed_as: ClosedAs, because: str, by: Staff | None, now: datetime) -> None:
    """Closes a locked case that is open."""
    case.state, case.closed_at, case.closed_as = CaseState.CLOSED, now, closed_as
    case.closed_because = because[:LONGEST_BECAUSE]
    case.step_count += 1
    case.save()
    _write_step(case, CaseStepKind.CLOSED, by=by, words=because, details={"closed_as": closed_as}, now=now)


def comment_on(case: Case, *, words: str, by: Staff, now: datetime) -> None:
    """Words about a locked case. Not safe to repeat."""
    case.step_count += 1
    case.save(update_fields=["step_count"])
    _write_step(case, CaseStepKind.COMMENTED, by=by, words=words, details={}, now=now)


def hand_over(case: Case, *, to: Staff, words: str, by: Staff, now: datetime) -> None:
    """Gives a locked case another owner."""
    before, case.owner = case.owner_id, to
    case.step_count += 1
    case.save(update_fields=["owner", "step_count"])
    _write_step(case, CaseStepKind.HANDED_OVER, by=by, words=words, details={"from": before, "to": to.id}, now=now)


def move_promise(case: Case, *, to: date, words: str, by: Staff, now: datetime) -> None:
    """Gives a locked case another promised day."""
    before, case.promised_on = case.promised_on, to
    case.step_count += 1
    case.save(update_fields=["promised_on", "step_count"])
    days = {"from": before.isoformat(), "to": to.isoformat()}
    _write_step(case, CaseStepKind.PROMISE_MOVED, by=by, words=words, details=days, now=now)


def note_in_case(*, company_id: int, kind: str, reference: str, details: Mapping[str, object], now: datetime) -> None:
    """Adds to what an open case knows. Safe to repeat: what it knows already leaves no step."""
    for case in Case.objects.select_for_update(no_key=True).filter(
        company_id=company_id, kind=kind, reference=reference, state=CaseState.OPEN
    ):
        news = {name: value for name, value in details.items() if case.details.get(name) != value}
        if news:
            case.details = {**case.details, **news}
            case.step_count += 1
            case.save(update_fields=["details", "step_count"])
            _write_step(case, CaseStepKind.LEARNT, by=None, words="", details=news, now=now)


def _write_step(
    case: Case, step: CaseStepKind, *, by: Staff | None, words: str, details: Mapping[str, object], now: datetime
) -> None:
    CaseStep.objects.create(
        company_id=case.company_id,
        case=case,
        sequence=case.step_count,
        step=step,
        by=by,
        words=words,
        details=dict(details),
        at=now,
    )
