"""Bills arrive: what is taken, what is not and why, and what a second file changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import BadBillLine, Bill, BillBatch, BillVersion, Customer
from bawabati.bills.rules import ControlTotalsDiffer
from bawabati.bills.writes import LineResult
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.companies.rules import Alphabet, CheckDigits, LooksLikeACardNumber, NumberFormat, SecondValue, mint_number
from bawabati.errors import CannotDo
from bawabati.flows.check_books import check_books
from bawabati.flows.import_bills import ImportReport, import_bills
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment
from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt
from outside import Outside
from paying import start
from people import AMINAS_CARD, NOON, OMAR, SALIMA, add_company

TODAY = NOON
TOMORROW = NOON + timedelta(days=1)
HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"
A_CARD_NUMBER = "6280 5811 1000 7215"


def number(seed: int) -> str:
    return mint_number(random=Random(seed))


def line(
    seed: int,
    *,
    payment_number: str | None = None,
    bill_number: str | None = None,
    customer: str = "",
    name: str = "Amina Benali",
    due: str = "1430,50",
    status: str = "",
) -> str:
    """The line of a bill, one for each seed, as `people.add_bill` makes them."""
    values = (
        number(seed) if payment_number is None else payment_number,
        bill_number or f"F{seed:06d}",
        customer or f"C{seed:06d}",
        name,
        *("2026-T3", "05/10/2026", "05/12/2026"),
        *(due, status, due),
    )
    return ";".join(values)


Take = Callable[..., ImportReport]


@pytest.fixture
def utility(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """A company that nobody pays in this test."""
    return add_company()


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Imports lines under the usual head, as Omar the operator."""

    def take_lines(company: Company, *lines: str, head: str = HEAD, **options: Any) -> ImportReport:  # noqa: ANN401 - what import_bills takes
        path = tmp_path / "bills.csv"
        path.write_text("\n".join([head, *lines]), encoding="utf-8")
        return import_bills(
            company=company,
            path=path,
            reader_name="csv",
            received_by=Staff.objects.get(login=OMAR),
            **{"now": TODAY, **options},
        )

    return take_lines


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    batch = report.batch
    return batch.created_count, batch.changed_count, batch.unchanged_count, batch.bad_count


def bad_lines() -> list[tuple[int, str]]:
    return list(BadBillLine.objects.order_by("line_number").values_list("line_number", "reason"))


# --- one file ---


def test_a_file_becomes_customers_bills_and_versions(utility: Company, take: Take) -> None:
    report = take(utility, line(1), line(2, name="كريم", due="750"), line(3, customer="C000001"))

    assert counts(report) == (3, 0, 0, 0)
    assert list(Customer.objects.order_by("number").values_list("number", "name")) == [
        ("C000001", "Amina Benali"),
        ("C000002", "كريم"),
    ]
    bill = Bill.objects.select_related("customer").get(bill_number="F000002")
    assert bill.payment_number == number(2)
    assert bill.customer.name == "كريم"
    assert (bill.due_centimes, bill.settled_centimes, bill.settled_at) == (75000, 0, None)
    assert (bill.version, bill.status, bill.as_of) == (1, "open", TODAY)
    version = BillVersion.objects.get(bill=bill)
    assert (version.version, version.lines) == (1, [["Eau", 75000]])
    batch = BillBatch.objects.get()
    assert (batch.line_count, batch.due_centimes, batch.file_name) == (3, 361100, "bills.csv")
    act = AuditEntry.objects.get()
    assert (act.action, act.target) == ("import_bills", f"bill_batch:{batch.id}")


def test_the_same_content_twice_changes_nothing_and_says_so(utility: Company, take: Take) -> None:
    first = take(utility, line(1), "broken")
    second = take(utility, line(1), "broken", now=TOMORROW)

    assert second.was_known
    assert second.batch == first.batch
    assert Bill.objects.get().as_of == TODAY
    assert BadBillLine.objects.count() == 1


def test_two_companies_may_have_the_same_numbers(utility: Company, take: Take) -> None:
    other = add_company("tafna", user_name="other")
    take(utility, line(1))
    assert counts(take(other, line(1))) == (1, 0, 0, 0)
    assert Bill.objects.filter(payment_number=number(1)).count() == 2


def test_each_line_is_answered_for(utility: Company, take: Take) -> None:
    take(utility, line(1), line(2))
    results: list[LineResult] = []
    take(utility, line(3), line(1), "broken", line(2, due="9,00"), tell_result=results.append)

    assert [result[:3] for result in results] == [
        (2, "created", ""),
        (3, "unchanged", ""),
        (4, "bad", "wrong_number_of_columns"),
        (5, "changed", ""),
    ]


def test_progress_ends_at_the_whole(utility: Company, take: Take) -> None:
    told: list[tuple[int, int]] = []
    take(utility, line(1), progress=lambda done, of: told.append((done, of)))
    done, of = told[-1]
    assert done == of > 0


# --- bad lines ---


def one_digit_wrong(payment_number: str) -> str:
    return payment_number[:-1] + str((int(payment_number[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (line(2, payment_number=one_digit_wrong(number(2))), "number_check_digits_wrong"),
        (line(2, payment_number="123"), "number_wrong_length"),
        (line(2, payment_number="ABCDEFGHIJKLMN"), "number_wrong_characters"),
        (line(2, bill_number="F" * 31), "value_too_long"),
        (line(2, bill_number='"F\t1"'), "forbidden_character"),
        (line(2, bill_number=" ", due="1"), "value_missing"),
        (line(2, name="A" * 121), "value_too_long"),
        (line(2, due="1000000000,01"), "amount_too_large"),
        (line(2, due="1.430"), "amount_ambiguous"),
        (line(2, status="perdue"), "status_unknown"),
        (line(2).replace("05/12/2026", "04/10/2026"), "due_before_issued"),
        (line(2, payment_number=number(1)), "payment_number_twice"),
        (line(2, bill_number="F000001"), "bill_number_twice"),
        (line(1), "payment_number_twice"),
        ("x", "wrong_number_of_columns"),
    ],
)
def test_a_bad_line_is_kept_with_its_reason_and_costs_no_other(
    utility: Company, take: Take, wrong: str, reason: str
) -> None:
    report = take(utility, line(1), wrong, line(3))

    assert counts(report) == (2, 0, 0, 1)
    kept = BadBillLine.objects.get()
    assert (kept.line_number, kept.reason, kept.text) == (3, reason, wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        line(2, payment_number=A_CARD_NUMBER),
        line(2, name=f"Amina {A_CARD_NUMBER}"),
        line(2, customer=A_CARD_NUMBER.replace(" ", "")),
        line(2, bill_number=A_CARD_NUMBER),
        line(2, due=A_CARD_NUMBER),
        f"{A_CARD_NUMBER};x",
    ],
)
def test_a_card_number_is_refused_and_not_kept(utility: Company, take: Take, wrong: str) -> None:
    take(utility, line(1), wrong)
    kept = BadBillLine.objects.get()
    assert (kept.reason, kept.text) == (LooksLikeACardNumber.code, "")


def test_a_card_number_in_a_column_without_meaning_is_refused_too(utility: Company, take: Take) -> None:
    take(utility, f"{line(1)};{A_CARD_NUMBER}", f"{line(2)};", head=f"{HEAD};Remarque")
    assert bad_lines() == [(2, LooksLikeACardNumber.code)]


def test_a_card_number_in_the_head_refuses_the_file(utility: Company, take: Take) -> None:
    with pytest.raises(LooksLikeACardNumber):
        take(utility, f"{line(1)};", head=f"{HEAD};{A_CARD_NUMBER}")


def test_a_bill_keeps_its_payment_number(utility: Company, take: Take) -> None:
    take(utility, line(1), line(2))
    take(
        utility,
        line(1, payment_number=number(3)),  # another number for a bill that has one
        line(4, payment_number=number(2)),  # the number of another bill
    )
    assert bad_lines() == [(2, "payment_number_changed"), (3, "payment_number_of_another_bill")]
    assert set(Bill.objects.values_list("bill_number", "payment_number")) == {
        ("F000001", number(1)),
        ("F000002", number(2)),
    }


def test_a_company_with_numbers_of_its_own_has_to_give_them(utility: Company, take: Take) -> None:
    own = NumberFormat(
        shortest=8,
        longest=8,
        prefix="TF",
        alphabet=Alphabet.LETTERS_AND_DIGITS,
        check_digits=CheckDigits.NONE,
        second_value=SecondValue.CUSTOMER_NUMBER,
    )
    utility.number_format = own.to_json()
    take(utility, line(1, payment_number=""), line(2, payment_number="tf-12 34-56"))
    assert bad_lines() == [(2, "payment_number_missing")]
    assert Bill.objects.get().payment_number == "TF123456"


# --- payment numbers of our own ---


def test_bills_without_payment_numbers_are_given_some_and_keep_them(utility: Company, take: Take) -> None:
    head = HEAD.removeprefix("payment number;")
    bills = [line(seed, payment_number="")[1:] for seed in range(1, 30)]
    take(utility, *bills, head=head)
    minted = dict(Bill.objects.values_list("bill_number", "payment_number"))

    assert len(set(minted.values())) == len(bills)
    again = take(utility, *bills, "", line(99, payment_number="")[1:], head=head)
    assert counts(again) == (1, 0, 29, 0)
    assert minted.items() <= dict(Bill.objects.values_list("bill_number", "payment_number")).items()


def test_a_number_that_is_drawn_twice_is_drawn_again(
    utility: Company, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(utility, line(1), line(2))
    drawn = iter([number(1), number(7), number(7), number(8), number(7), number(9)])
    monkeypatch.setattr("bawabati.bills.writes.numbers.mint_number", lambda random: next(drawn))  # noqa: ARG005
    take(utility, *(line(seed, payment_number="") for seed in (3, 4, 5)))
    assert set(Bill.objects.filter(bill_number__gt="F000002").values_list("payment_number", flat=True)) == {
        number(7),
        number(8),
        number(9),
    }


# --- control totals ---


def test_control_totals_that_hold_let_the_file_in(utility: Company, take: Take) -> None:
    take(utility, line(1), line(2, status="perdue"), expected_count=2, expected_sum=Money(286100))
    assert Bill.objects.count() == 1


@pytest.mark.parametrize("announced", [{"expected_count": 3}, {"expected_sum": Money(286101)}])
def test_control_totals_that_differ_keep_everything_out(
    utility: Company, take: Take, announced: dict[str, Any]
) -> None:
    with pytest.raises(ControlTotalsDiffer, match=r"2 lines with 2,861\.00 DA"):
        take(utility, line(1), line(2), **announced)
    assert not Bill.objects.exists()
    assert not BillBatch.objects.exists()


# --- a second file ---


def test_a_changed_bill_becomes_a_new_version(utility: Company, take: Take) -> None:
    take(utility, line(1), line(2))
    report = take(utility, line(1, due="1500,00", name="Amina Haddad"), line(2), now=TOMORROW)

    assert counts(report) == (0, 1, 1, 0)
    bill = Bill.objects.select_related("customer").get(bill_number="F000001")
    assert (bill.version, bill.due_centimes, bill.as_of) == (2, 150000, TOMORROW)
    assert bill.customer.name == "Amina Haddad"
    assert list(BillVersion.objects.filter(bill=bill).order_by("version").values_list("version", "due_centimes")) == [
        (1, 143050),
        (2, 150000),
    ]
    unchanged = Bill.objects.get(bill_number="F000002")
    assert (unchanged.version, unchanged.as_of) == (1, TOMORROW)


def test_an_empty_name_says_nothing(utility: Company, take: Take) -> None:
    take(utility, line(1))
    take(utility, line(1, name=""))
    assert Customer.objects.get().name == "Amina Benali"


@pytest.mark.parametrize(("word", "status"), [("annulée", "cancelled"), ("retirée", "withdrawn")])
def test_the_billing_system_takes_a_bill_back(utility: Company, take: Take, word: str, status: str) -> None:
    take(utility, line(1))
    take(utility, line(1, status=word))
    assert Bill.objects.get().status == status


def test_a_bill_is_replaced_by_another(utility: Company, take: Take) -> None:
    take(utility, line(1))
    replaced = f"{line(1, status='remplacée')};{number(2)}"
    take(utility, replaced, f"{line(2)};", f"{line(3)};{number(2)}", head=f"{HEAD};remplacée par")
    bill = Bill.objects.get(bill_number="F000001")
    assert (bill.status, bill.replaced_by) == ("replaced", number(2))
    assert bad_lines() == [(4, "status_contradicts")]


def test_a_bill_with_nothing_due_has_nothing_left(utility: Company, take: Take) -> None:
    take(utility, line(1, due="0"))
    assert Bill.objects.get().settled_at == TODAY


# --- bills that are paid, or being paid ---


def test_lowering_what_was_paid_gives_the_excess_to_the_customer(
    receipt: Receipt, company: Company, bill: Bill, take: Take
) -> None:
    report = take(company, line(1, due="1000,00"), now=TOMORROW)

    assert report.lowered == 1
    bill.refresh_from_db()
    assert (bill.due_centimes, bill.settled_centimes, bill.settled_at) == (100000, 100000, NOON)
    version = BillVersion.objects.get(bill=bill, version=2)
    moved = Transfer.objects.select_related("debit", "credit").get(reason="bill_lowered")
    assert (moved.debit.code, moved.credit.code, moved.credit.holder) == ("411", "419", "C000001")
    assert (moved.amount_centimes, moved.reference) == (43050, f"bill_version:{version.id}")
    case = Case.objects.select_related("owner").get()
    assert (case.kind, case.amount_centimes, case.owner.login) == ("surplus", 43050, SALIMA)
    assert case.promised_on > TOMORROW.date()
    assert receipt.payment.amount_centimes == 143050
    assert check_books(now=TOMORROW) == []


def test_a_bill_cancelled_after_it_was_paid_gives_everything_back(
    receipt: Receipt, company: Company, bill: Bill, take: Take
) -> None:
    take(company, line(1, status="annulée"))
    bill.refresh_from_db()
    assert (bill.status, bill.settled_centimes, bill.settled_at) == ("cancelled", 0, None)
    assert Transfer.objects.get(reason="bill_lowered").amount_centimes == receipt.payment.amount_centimes
    assert check_books(now=NOON) == []


def test_raising_what_was_paid_leaves_the_difference_to_pay(
    receipt: Receipt, company: Company, bill: Bill, take: Take
) -> None:
    assert receipt.payment.amount_centimes == 143050
    take(company, line(1, due="2000,00"))
    bill.refresh_from_db()
    assert (bill.due_centimes, bill.settled_centimes, bill.settled_at) == (200000, 143050, None)
    assert not Case.objects.exists()


def test_a_bill_may_change_while_a_payment_holds_it(outside: Outside, company: Company, bill: Bill, take: Take) -> None:
    from bawabati.flows.confirm_payment import confirm_payment  # noqa: PLC0415 - after the settings

    payment = start(company, bill)
    take(company, line(1, due="1000,00"))

    assert Hold.objects.get().payment == payment
    assert payment.lines.get().bill_version == 1
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON)
    bill.refresh_from_db()
    assert bill.settled_centimes == bill.due_centimes == 100000
    assert Case.objects.get().amount_centimes == 43050
    assert Payment.objects.get().state == "paid"


# --- at the same time ---


def test_the_same_file_twice_at_once_is_taken_once(
    utility: Company, tmp_path: Path, together: Callable[..., list[Any]]
) -> None:
    calls = _imports(utility, tmp_path, [[line(1), line(2)], [line(1), line(2)]])
    reports = together(*calls)
    assert sorted(report.was_known for report in reports) == [False, True]
    assert Bill.objects.count() == 2


def test_two_files_with_the_same_bills_at_once(
    utility: Company, tmp_path: Path, together: Callable[..., list[Any]]
) -> None:
    files = [[line(seed, due=f"{100 + place},00") for seed in range(1, 40)] for place in range(4)]
    reports = together(*_imports(utility, tmp_path, files))
    assert sorted(counts(report) for report in reports) == [(0, 39, 0, 0)] * 3 + [(39, 0, 0, 0)]
    assert Bill.objects.count() == 39
    assert BillVersion.objects.count() == 4 * 39


def _imports(company: Company, folder: Path, files: Iterable[list[str]]) -> list[Callable[[], ImportReport]]:
    omar = Staff.objects.get(login=OMAR)

    def importing(path: Path) -> Callable[[], ImportReport]:
        return lambda: import_bills(company=company, path=path, reader_name="csv", received_by=omar, now=TODAY)

    calls = []
    for place, lines in enumerate(files):
        path = folder / f"{place}.csv"
        path.write_text("\n".join([HEAD, *lines]))
        calls.append(importing(path))
    return calls


def test_a_failure_on_the_way_leaves_nothing(utility: Company, take: Take) -> None:
    def broken(_result: LineResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(utility, line(1), "bad", tell_result=broken)
    assert not Bill.objects.exists()
    assert not BillBatch.objects.exists()
    assert not BadBillLine.objects.exists()
    assert counts(take(utility, line(1), "bad")) == (1, 0, 0, 1)


# --- hostile files ---

nasty = st.sampled_from(
    ["", '"', "\\", "\\.", "\\N", "\t", ";", "'", "=1+1", "\u202e", "\x00", "𝟙", "é", "0", "\u2028"]
)
seeds = st.integers(1, 4)
hostile_lines = st.one_of(
    st.builds(line, seeds),
    st.builds(line, seeds, name=st.one_of(nasty, st.text(max_size=130))),
    st.builds(
        line, seeds, payment_number=st.one_of(nasty, st.builds(number, seeds), st.text("0123456789", max_size=20))
    ),
    st.builds(line, seeds, bill_number=st.one_of(nasty, st.text(max_size=40))),
    st.builds(line, seeds, customer=st.one_of(nasty, st.text(max_size=40))),
    st.builds(line, seeds, due=st.one_of(nasty, st.decimals(-10, 10**15, places=2).map(str))),
    st.builds(line, seeds, status=st.sampled_from(["annulée", "remplacée", "retirée", "?"])),
    st.text(max_size=60),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=120, deadline=None
)
@given(lines=st.lists(hostile_lines, max_size=8))
def test_a_hostile_file_is_answered_for_line_by_line(utility: Company, tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "hostile.csv"
    path.write_bytes("\n".join([HEAD, *lines]).encode("utf-8", errors="surrogatepass"))
    results: list[LineResult] = []
    try:
        report = import_bills(
            company=utility,
            path=path,
            reader_name="csv",
            received_by=Staff.objects.get(login=OMAR),
            now=TODAY,
            tell_result=results.append,
        )
    except CannotDo:
        return
    batch = report.batch
    assert batch.line_count == sum(counts(report))
    assert batch.bad_count == BadBillLine.objects.filter(batch=batch).count()
    if not report.was_known:
        assert len(results) == batch.line_count
        assert len({result.line_number for result in results}) == batch.line_count
