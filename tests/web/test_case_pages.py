"""The work list: who owns what until when, what was done about it, and how it ended."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.cases.models import Case, CaseStep
from bawabati.cases.writes import close_case, open_case
from bawabati.companies.models import Company
from bawabati.money.amount import Money
from bawabati.payments.models import CreditUse
from bawabati.people.rules import Role
from bawabati.workdays import accounting_day
from money_back import paid_payment, person
from outside import Outside
from people import NADIA, OMAR, SALIMA, add_arrears, add_company
from staff import add_agency, add_person, signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.usefixtures("collected")


def address(name: str, *args: object, language: str = "en") -> str:
    return reverse(name, args=[language, *args])


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("\u00a0", " ").split())


def today() -> date:
    return accounting_day(timezone.now())


def a_case(company: Company, *, owner: str = SALIMA, days: int = 3, kind: str = "mismatch", number: int = 1) -> Case:
    """Promised so many days from today."""
    return open_case(
        company_id=company.id,
        kind=kind,
        reference=f"payment:{number}",
        amount=Money(100_00),
        owner_id=person(owner).id,
        promised_on=today() + timedelta(days=days),
        details={"payer_chose": "card"},
        now=timezone.now() - timedelta(days=4),
    )


@pytest.fixture
def salima(company: Company) -> Client:  # noqa: ARG001 - where she works
    return signed_in(person(SALIMA))


def test_the_list_begins_with_the_earliest_promise_and_marks_what_is_overdue(salima: Client, company: Company) -> None:
    late, soon = a_case(company, days=-1, number=1), a_case(company, days=2, number=2)
    seen = words(salima.get(address("office_cases")))
    assert "Open cases: 2" in seen
    assert "overdue: 1" in seen
    rows = salima.get(address("office_cases")).content.decode()
    assert rows.index(address("office_case", late.id)) < rows.index(address("office_case", soon.id))
    only = salima.get(address("office_cases") + "?overdue=1").content.decode()
    assert address("office_case", late.id) in only
    assert address("office_case", soon.id) not in only


def test_it_is_narrowed_by_owner_kind_and_state(salima: Client, company: Company) -> None:
    add_person("finance2@oran.example", Role.FINANCE, company=company, name="Yasmine")
    mine, hers = a_case(company, number=1), a_case(company, owner="finance2@oran.example", kind="taken_back", number=2)
    for query, there, not_there in (
        ("?whose=mine", mine, hers),
        (f"?whose={hers.owner_id}", hers, mine),
        ("?kind=taken_back", hers, mine),
    ):
        seen = salima.get(address("office_cases") + query).content.decode()
        assert address("office_case", there.id) in seen, query
        assert address("office_case", not_there.id) not in seen, query
    assert "No case fits" in words(salima.get(address("office_cases") + "?state=closed"))
    assert salima.get(address("office_cases") + "?whose=nobody&kind=x&overdue=2").status_code == 200


def test_the_list_can_be_taken_away_and_that_is_written_down(salima: Client, company: Company) -> None:
    a_case(company)
    file = salima.get(address("office_cases") + "?as=csv")
    assert "payment:1" in b"".join(file).decode("utf-8-sig")  # type: ignore[call-overload]  # it streams
    assert AuditEntry.objects.filter(action="read_cases_export").exists()


def test_what_is_done_about_a_case_stays_with_whoever_did_it(salima: Client, company: Company) -> None:
    case = a_case(company)
    seen = words(salima.get(address("office_case", case.id)))
    assert "back to the card" in seen, "what the payer chose"
    assert AuditEntry.objects.filter(action="read_case", target=f"case:{case.id}").exists()
    salima.post(address("office_case_comment", case.id), {"words": "asked the bank\r\nby telephone"})
    day = (today() + timedelta(days=9)).isoformat()
    salima.post(address("office_case_promise", case.id), {"day": day, "words": "the bank needs a week"})
    salima.post(address("office_case_hand_over", case.id), {"to": NADIA, "words": ""})
    steps = list(CaseStep.objects.order_by("sequence").values_list("step", "by__login", "words"))
    assert steps == [
        ("opened", None, ""),
        ("commented", SALIMA, "asked the bank by telephone"),
        ("promise_moved", SALIMA, "the bank needs a week"),
    ], "a director may own no case: it is not handed over"
    add_person("finance2@oran.example", Role.FINANCE, company=company, name="Yasmine")
    salima.post(
        address("office_case_hand_over", case.id), {"to": "finance2@oran.example", "words": "you know the bank"}
    )
    case.refresh_from_db()
    assert (case.owner.name, case.promised_on.isoformat()) == ("Yasmine", day)
    salima.post(address("office_case_close", case.id), {"ending": "confirmed_by_bank", "words": "letter of the bank"})
    case.refresh_from_db()
    assert (case.state, case.closed_as, case.closed_because) == ("closed", "confirmed_by_bank", "letter of the bank")
    seen = words(salima.get(address("office_case", case.id)))
    assert "the bank confirms our books" in seen
    assert "you know the bank" in seen
    assert "Keep the comment" not in seen
    assert address("office_case", case.id) in salima.get(address("office_cases") + "?state=closed").content.decode()


@pytest.mark.parametrize(
    ("name", "posted", "sentence"),
    [
        ("office_case_comment", {"words": " "}, "Say why."),
        ("office_case_comment", {"words": "6280 5811 1000 7215"}, "looks like a bank card number"),
        ("office_case_comment", {"words": "x" * 501}, "At most 500 letters"),
        ("office_case_hand_over", {"to": OMAR}, "Choose somebody who may own a case of this company."),
        ("office_case_hand_over", {"to": ""}, "Choose somebody who may own a case of this company."),
        ("office_case_hand_over", {"to": SALIMA}, "This person owns the case already."),
        ("office_case_promise", {"day": "", "words": "x"}, "Give the day"),
        ("office_case_promise", {"day": "2020-01-01", "words": "x"}, "Promise another day"),
        ("office_case_promise", {"day": "2999-01-01", "words": "x"}, "Promise another day"),
        ("office_case_close", {"ending": "", "words": "x"}, "Choose from the list how it ended."),
        ("office_case_close", {"ending": "by_itself", "words": "x"}, "Choose from the list how it ended."),
        ("office_case_close", {"ending": "other", "words": ""}, "Say why."),
    ],
)
def test_what_cannot_be_done_is_said_where_it_was_typed(
    salima: Client, company: Company, name: str, posted: dict[str, str], sentence: str
) -> None:
    case = a_case(company)
    answer = salima.post(address(name, case.id), posted)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "7215" not in answer.content.decode()
    assert CaseStep.objects.count() == 1


def test_a_closed_case_takes_no_more_words(salima: Client, company: Company) -> None:
    case = a_case(company)
    salima.post(address("office_case_close", case.id), {"ending": "nothing_to_do", "words": "seen"})
    answer = salima.post(address("office_case_comment", case.id), {"words": "late"})
    assert "This case is closed already." in words(answer)


def test_the_case_of_a_refund_cannot_be_closed_before_it(salima: Client, company: Company) -> None:
    case = a_case(company, kind="refund", number=1)
    Case.objects.filter(id=case.id).update(state="open")
    assert salima.get(address("office_case_close", case.id)).status_code == 303, "loaded again, it leads back"


def test_a_case_that_the_end_of_its_refund_closed_says_so_in_the_language_of_the_page(
    salima: Client, company: Company
) -> None:
    case = open_case(
        company_id=company.id,
        kind="refund",
        reference="refund:4",
        amount=Money(100_00),
        owner_id=person(SALIMA).id,
        promised_on=today(),
        details={},
        now=timezone.now(),
    )
    with transaction.atomic():
        close_case(company_id=company.id, kind="refund", reference="refund:4", because="done", now=timezone.now())
    page = words(salima.get(address("office_case", case.id, language="fr")))
    assert page.count("rendu") >= 2
    assert "done" not in page
    assert "Remboursement 4" in page


def test_an_auditor_sees_and_does_nothing(company: Company) -> None:
    case = a_case(company)
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=company))
    assert "Keep the comment" not in words(auditor.get(address("office_case", case.id)))
    assert auditor.post(address("office_case_comment", case.id), {"words": "x"}).status_code == 403
    assert auditor.get(address("office_credit")).status_code == 403


def test_the_head_of_an_agency_sees_the_own_cases_alone(company: Company) -> None:
    agency = add_agency(company)
    head = add_person("head@oran.example", Role.AGENCY_HEAD, company=company, agency=agency)
    client = signed_in(head, agency=agency)
    mine, others = a_case(company, owner="head@oran.example", number=1), a_case(company, number=2)
    seen = client.get(address("office_cases") + f"?whose={others.owner_id}").content.decode()
    assert address("office_case", mine.id) in seen
    assert address("office_case", others.id) not in seen
    assert client.get(address("office_case", others.id)).status_code == 404
    assert client.post(address("office_case_comment", others.id), {"words": "x"}).status_code == 404
    client.post(address("office_case_comment", mine.id), {"words": "mine"})
    assert CaseStep.objects.filter(case=mine, words="mine").exists()
    assert client.get(address("office_notices")).status_code == 403


def test_another_company_sees_nothing_of_it(company: Company) -> None:
    case = a_case(company)
    other = add_company("other")
    stranger = signed_in(add_person("finance@other.example", Role.FINANCE, company=other))
    assert stranger.get(address("office_case", case.id)).status_code == 404
    for name in ("office_case_comment", "office_case_close", "office_case_hand_over", "office_case_promise"):
        assert stranger.post(address(name, case.id), {"words": "x", "ending": "other"}).status_code == 404
    assert "Nothing waits for a person." in words(stranger.get(address("office_cases")))


def test_credit_is_put_to_a_bill_once_for_each_form(outside: Outside, open_company: Company) -> None:
    open_company.surplus_becomes = "credit"
    open_company.save()
    first, second = add_arrears(open_company, 500_00, 300_00)
    paid_payment(outside, open_company, second)
    client = signed_in(person(SALIMA))
    page = client.get(address("office_credit")).content.decode()
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    posted = {"payment_number": first.payment_number, "because": "next bill", "amount": "", "key": key}
    assert "This customer has no credit left." in words(client.post(address("office_credit"), posted))
    lower(second, to=100_00)
    for _ in range(2):
        assert "have paid the bill" in words(client.post(address("office_credit"), posted))
    assert CreditUse.objects.get().amount_centimes == 200_00
    assert "This is not an amount" in words(client.post(address("office_credit"), posted | {"amount": "much"}))


def lower(bill: object, *, to: int) -> None:
    """The customer is given what was taken off a paid bill, as an import does."""
    from bawabati.ledger.rules import AccountRole, Reason, Side  # noqa: PLC0415 - settings first
    from bawabati.ledger.writes import transfer  # noqa: PLC0415

    transfer(
        company_id=bill.company_id,  # type: ignore[attr-defined]  # a bill
        debit=Side(AccountRole.CUSTOMERS),
        credit=Side(AccountRole.CUSTOMER_CREDIT, bill.customer.number),  # type: ignore[attr-defined]
        amount=Money(bill.due_centimes - to),  # type: ignore[attr-defined]
        reason=Reason.BILL_LOWERED,
        reference="bill_version:1",
        accounted_on=today(),
        now=timezone.now(),
    )
