"""Work items: an owner and a day from the first moment, and every change kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.conf import LazySettings
from django.db import DatabaseError, transaction
from django.db.utils import IntegrityError

from bawabati.audit.models import AuditEntry
from bawabati.cases import writes
from bawabati.cases.models import Case, CaseStep
from bawabati.cases.rules import CaseClosed, ClosedAs, NotAnOwner, OwnsItAlready, PromiseNotPossible
from bawabati.cases.writes import open_case
from bawabati.flows.close_case import close_case
from bawabati.flows.remind_owners import remind_owners
from bawabati.flows.send_notice import send_notice
from bawabati.flows.work_on_case import comment_case, hand_over_case, promise_case
from bawabati.jobs.letters import letter
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.people.rules import NotAllowed, Role
from bawabati.people.writes import system_account
from money_back import person
from outside import Outside
from people import NADIA, NOON, OMAR, SALIMA, add_company
from programs import Program
from staff import add_person

if TYPE_CHECKING:
    from bawabati.companies.models import Company

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
YASMINE = "yasmine@oran.example"


@pytest.fixture
def company(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company()


@pytest.fixture
def yasmine(company: Company) -> None:
    add_person(YASMINE, Role.FINANCE, company=company)


def a_case(company: Company, *, number: int = 1, days: int = 2, owner: str = SALIMA) -> Case:
    return open_case(
        company_id=company.id,
        kind="mismatch",
        reference=f"payment:{number}",
        amount=Money(100_00),
        owner_id=person(owner).id,
        promised_on=TODAY + timedelta(days=days),
        details={},
        now=NOON,
    )


def close_by_itself(company: Company) -> bool:
    """As a flow that has seen the end of what it was about."""
    with transaction.atomic():
        return writes.close_case(
            company_id=company.id, kind="mismatch", reference="payment:1", because="done", now=NOON
        )


def learn(company: Company) -> None:
    with transaction.atomic():
        writes.note_in_case(
            company_id=company.id, kind="mismatch", reference="payment:1", details={"why": "later"}, now=NOON
        )


def steps(case: Case) -> list[str]:
    return list(CaseStep.objects.filter(case=case).order_by("sequence").values_list("step", flat=True))


def test_a_case_that_is_opened_twice_is_one(company: Company) -> None:
    assert a_case(company).id == a_case(company).id
    assert steps(Case.objects.get()) == ["opened"]


def test_what_the_portal_learns_is_kept_once(company: Company) -> None:
    case = a_case(company)
    for _ in range(2):
        learn(company)
    case.refresh_from_db()
    assert case.details == {"why": "later"}
    assert steps(case) == ["opened", "learnt"]


def test_the_portal_closes_a_case_by_itself_and_in_nobodys_name(company: Company) -> None:
    case = a_case(company)
    assert close_by_itself(company)
    assert not close_by_itself(company)
    case.refresh_from_db()
    assert (case.state, case.closed_as) == ("closed", ClosedAs.BY_ITSELF)
    assert CaseStep.objects.get(step="closed").by is None
    assert a_case(company).id != case.id, "what comes up again is another case"


@pytest.mark.usefixtures("yasmine")
def test_comment_owner_and_day_change_and_each_leaves_a_step(company: Company) -> None:
    case = a_case(company)
    comment_case(case_id=case.id, words="asked the bank", login=SALIMA, now=NOON)
    hand_over_case(case_id=case.id, to_login=YASMINE, words="", login=SALIMA, now=NOON)
    promise_case(case_id=case.id, day=TODAY, words="they called", login=YASMINE, now=NOON)
    case.refresh_from_db()
    assert (case.owner.login, case.promised_on, case.step_count) == (YASMINE, TODAY, 4)
    assert steps(case) == ["opened", "commented", "handed_over", "promise_moved"]
    assert AuditEntry.objects.filter(target=f"case:{case.id}").count() == 3
    moved = CaseStep.objects.get(step="promise_moved").details
    assert moved == {"from": (TODAY + timedelta(days=2)).isoformat(), "to": TODAY.isoformat()}


@pytest.mark.usefixtures("yasmine")
def test_who_may_not_own_a_case_gets_none_and_touches_none(company: Company) -> None:
    case = a_case(company)
    add_company("other")
    stranger = add_person("finance@other.example", Role.FINANCE, company=add_company("third")).login
    for heir in (OMAR, NADIA, stranger, "nobody@example.com", "", system_account(now=NOON).login):
        with pytest.raises(NotAnOwner):
            hand_over_case(case_id=case.id, to_login=heir, words="", login=SALIMA, now=NOON)
    with pytest.raises(OwnsItAlready):
        hand_over_case(case_id=case.id, to_login=SALIMA, words="", login=YASMINE, now=NOON)
    for login in (OMAR, NADIA, stranger):
        with pytest.raises(NotAllowed):
            comment_case(case_id=case.id, words="x", login=login, now=NOON)
    assert steps(case) == ["opened"]


@pytest.mark.parametrize("days", [-1, 2, 181])
def test_a_promise_is_another_day_from_today_on(company: Company, days: int) -> None:
    case = a_case(company)
    with pytest.raises(PromiseNotPossible):
        promise_case(case_id=case.id, day=TODAY + timedelta(days=days), words="x", login=SALIMA, now=NOON)


def test_the_day_is_that_of_algiers(company: Company) -> None:
    case = a_case(company)
    before_midnight_in_london = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with pytest.raises(PromiseNotPossible):
        promise_case(case_id=case.id, day=TODAY, words="x", login=SALIMA, now=before_midnight_in_london)


@pytest.mark.usefixtures("yasmine")
def test_two_who_close_at_once_close_once(company: Company, together: Callable[..., list[Any]]) -> None:
    case = a_case(company)

    def close(login: str) -> Case:
        return close_case(case_id=case.id, closed_as=ClosedAs.OTHER, because=login, login=login, now=NOON)

    answers = together(*[lambda: close(SALIMA), lambda: close(YASMINE)] * 4)
    assert sum(isinstance(answer, Case) for answer in answers) == 1
    assert sum(isinstance(answer, CaseClosed) for answer in answers) == 7
    assert steps(case) == ["opened", "closed"]


@pytest.mark.usefixtures("yasmine")
def test_many_hands_at_once_leave_every_step_in_order(company: Company, together: Callable[..., list[Any]]) -> None:
    case = a_case(company)
    answers = together(
        *[lambda: comment_case(case_id=case.id, words="x", login=SALIMA, now=NOON)] * 6,
        lambda: hand_over_case(case_id=case.id, to_login=YASMINE, words="", login=SALIMA, now=NOON),
        lambda: close_by_itself(company),
    )
    surprises = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, CaseClosed)]
    assert surprises == []
    case.refresh_from_db()
    sequences = list(CaseStep.objects.filter(case=case).order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, case.step_count + 1))
    assert steps(case)[-1] == "closed"


def test_the_database_keeps_what_was_written(company: Company, behind_the_scenes: psycopg.Connection[Any]) -> None:
    case = a_case(company)
    other = add_company("other")
    for change in (
        lambda: CaseStep.objects.update(words="never said"),
        lambda: CaseStep.objects.all().delete(),
        lambda: Case.objects.update(kind="surplus"),
        lambda: Case.objects.update(amount_centimes=1),
        lambda: Case.objects.update(state="closed"),
        lambda: CaseStep.objects.create(company=other, case=case, sequence=9, step="commented", at=NOON),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            change()
    close_by_itself(company)
    with pytest.raises(psycopg.Error):
        behind_the_scenes.execute(
            "UPDATE cases_case SET state = 'open', closed_at = NULL, closed_as = '' WHERE id = %s", [case.id]
        )


@pytest.mark.usefixtures("yasmine")
def test_each_owner_of_overdue_cases_is_written_to_once_a_day(
    company: Company, sandbox: Program, outside: Outside, settings: LazySettings, together: Callable[..., list[Any]]
) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"
    for number, days in enumerate((-3, -1, 5)):
        a_case(company, number=number, days=days)
    a_case(company, number=10, days=-1, owner=YASMINE)
    system_account(now=NOON)
    together(*[lambda: remind_owners(now=NOON)] * 4)
    assert remind_owners(now=NOON) == 0
    assert Notice.objects.filter(kind="cases_overdue").count() == 2
    for notice in Notice.objects.all():
        send_notice(notice_id=notice.id, write_letter=letter, now=NOON)
    (mail,) = outside.mails(SALIMA)
    assert "2" in mail["subject"]
    assert "19/11/2026" in mail["text"]
    assert "/office/cases/?whose=mine&overdue=1" in mail["text"]
    assert remind_owners(now=NOON + timedelta(days=1)) == 2


def test_what_the_system_itself_owns_is_nobodys_letter(company: Company) -> None:
    open_case(
        company_id=company.id,
        kind="mismatch",
        reference="payment:1",
        amount=Money(0),
        owner_id=system_account(now=NOON).id,
        promised_on=TODAY - timedelta(days=3),
        details={},
        now=NOON,
    )
    assert remind_owners(now=NOON) == 0
