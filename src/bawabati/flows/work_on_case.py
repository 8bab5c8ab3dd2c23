"""A person works on a case: writes what was found out, hands it over, promises another day."""

from collections.abc import Mapping
from datetime import date, datetime

from bawabati.audit.writes import record_act
from bawabati.cases.models import Case
from bawabati.cases.reads import get_case_of_id
from bawabati.cases.rules import LONGEST_WORDS, NotAnOwner, OwnsItAlready, check_promise
from bawabati.cases.writes import comment_on, hand_over, lock_open_case, move_promise
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, NotAllowed
from bawabati.workdays import accounting_day


def comment_case(*, case_id: int, words: str, login: str, now: datetime) -> Case:
    """What somebody has found out or done. Not safe to repeat: each call is a comment.

    Raises:
        NoSuchCase, CaseClosed, NotAllowed, WordsMissing and its kin.
    """
    words = check_words(words, longest=LONGEST_WORDS)
    staff, known = _worker(case_id, login)
    with written_together("comment_case: kept"):
        case = lock_open_case(company_id=known.company_id, case_id=case_id)
        comment_on(case, words=words, by=staff, now=now)
        _record(case, staff, "comment_case", {}, now)
    return case


def hand_over_case(*, case_id: int, to_login: str, words: str, login: str, now: datetime) -> Case:
    """Somebody else owns it from now on; whoever may own a case may also take it over. Words may be missing.

    Rule: case-owner (behaviour.md 5)

    Raises:
        NoSuchCase, CaseClosed, NotAllowed, WordsTooLong, LooksLikeACardNumber.
        NotAnOwner: that person may own no case of this company.
        OwnsItAlready: that person owns it, perhaps since a moment.
    """
    words = check_words(words, longest=LONGEST_WORDS) if words.strip() else ""
    staff, known = _worker(case_id, login)
    try:
        heir = get_staff_allowed(login=to_login, action=Action.OWN_CASE, company_id=known.company_id)
    except NotAllowed:
        raise NotAnOwner from None
    with written_together("hand_over_case: handed over"):
        case = lock_open_case(company_id=known.company_id, case_id=case_id)
        if case.owner_id == heir.id:
            raise OwnsItAlready
        hand_over(case, to=heir, words=words, by=staff, now=now)
        _record(case, staff, "hand_over_case", {"to": heir.id}, now)
    return case


def promise_case(*, case_id: int, day: date, words: str, login: str, now: datetime) -> Case:
    """Another day by which it is settled, and why not by the first. Rule: case-promise (behaviour.md 5)

    Raises:
        NoSuchCase, CaseClosed, NotAllowed, PromiseNotPossible, WordsMissing and its kin.
    """
    words = check_words(words, longest=LONGEST_WORDS)
    staff, known = _worker(case_id, login)
    with written_together("promise_case: promised"):
        case = lock_open_case(company_id=known.company_id, case_id=case_id)
        check_promise(day, promised_on=case.promised_on, today=accounting_day(now))
        move_promise(case, to=day, words=words, by=staff, now=now)
        _record(case, staff, "promise_case", {"day": day.isoformat()}, now)
    return case


def _worker(case_id: int, login: str) -> tuple[Staff, Case]:
    known = get_case_of_id(case_id)
    return get_staff_allowed(login=login, action=Action.OWN_CASE, company_id=known.company_id), known


def _record(case: Case, staff: Staff, action: str, details: Mapping[str, object], now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=case.company_id,
        action=action,
        target=f"case:{case.id}",
        details=details,
        now=now,
    )
