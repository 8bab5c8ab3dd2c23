"""`bawabati import-bills`, as a person at a terminal meets it; and what the demonstration's commands make for it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bawabati.adapters.billfiles.contract import BillLine
from bawabati.adapters.billfiles.csv_bills.reader import CsvBills
from bawabati.bills.models import Bill
from bawabati.companies.models import Company, CompanyText, GatewayAccount
from bawabati.companies.reads import count_equipment, find_company, find_text, merchant_account
from bawabati.jobs.progress_bar import ProgressBar
from bawabati.money.amount import total
from bawabati.people.models import StaffRole

SANDBOX = "http://127.0.0.1:8081"
OPERATOR = "operator@oran.example"
HEAD = "bill number;customer number;period;issue date;due date;amount"
LINES = ("F1;C1;2026-T3;05/10/2026;05/12/2026;10,00", "F2;C2;2026-T3;05/10/2026;05/12/2026;1.430")


@pytest.fixture(autouse=True)
def demonstration(database: None) -> None:  # noqa: ARG001 - emptied after the test
    run("demo_company", sandbox_url=SANDBOX)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bills.csv"
    path.write_text("\n".join((HEAD, *LINES)))
    return path


def run(command: str, *arguments: object, **options: object) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said, stderr=said, **options)
    return said.getvalue()


def import_file(path: Path, *, company: str = "oran", login: str = OPERATOR, **options: object) -> str:
    return run("import_bills", str(path), company=company, login=login, **options)


# --- importing ---


def test_a_good_file_says_what_came_of_it(file: Path) -> None:
    file.write_text("\n".join((HEAD, LINES[0])))
    assert import_file(file).startswith("1 lines: 1 new bills, 0 changed, 0 unchanged, 0 bad. 10.00 DA are due")
    assert "Nothing has changed." in import_file(file)


def test_bad_lines_go_to_a_file_that_can_be_corrected_and_imported(file: Path) -> None:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_bills", str(file), company="oran", login=OPERATOR, stdout=said, stderr=said)

    assert ended.value.code == 3
    assert "1 × amount_ambiguous" in said.getvalue()
    bad = file.with_name("bills.bad.csv")
    assert bad.read_text(encoding="utf-8-sig").splitlines() == [
        f"{HEAD};reason;detail;line number",
        f"{LINES[1]};amount_ambiguous;amount;3",
    ]
    bad.write_text(bad.read_text(encoding="utf-8-sig").replace("1.430", "1430,00"))
    assert "1 new bills" in import_file(bad)
    assert Bill.objects.get(bill_number="F2").due_centimes == 143000


def test_every_line_has_its_result(file: Path, tmp_path: Path) -> None:
    results, bad = tmp_path / "results.csv", tmp_path / "bad.csv"
    with pytest.raises(SystemExit):
        import_file(file, results=results, bad=bad)
    assert results.read_text().splitlines() == [
        "line_number,outcome,reason,detail",
        "2,created,,",
        "3,bad,amount_ambiguous,amount",
    ]
    assert bad.exists()


def test_results_of_a_file_that_was_not_taken_are_not_left(file: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.csv"
    with pytest.raises(CommandError, match="2 lines with 10.00 DA in all; 3 lines"):  # noqa: RUF043 - a plain dot
        import_file(file, results=results, count=3)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"company": "nowhere"}, "There is no company with the code nowhere"),
        ({"login": "cashier@oran.example"}, "not allowed"),
        ({"login": "operator@tafna.example"}, "not allowed"),
        ({"login": "nobody@oran.example"}, "not allowed"),
    ],
)
def test_only_who_may_imports_and_only_where(file: Path, options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        import_file(file, **options)
    assert not Bill.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        import_file(tmp_path / "nowhere.csv")


def test_a_sum_that_is_no_amount_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="can be read in two ways"):
        call_command("import_bills", str(file), "--company=oran", f"--as={OPERATOR}", "--sum=1.430")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_shows_how_far_it_is_and_leaves_nothing_behind() -> None:
    terminal = Terminal()
    with ProgressBar(terminal, says="Reading", then="Merging") as bar:
        bar.show(1, 2)
        bar.show(2, 2)
    drawn = terminal.getvalue().split("\r")
    assert drawn[1].startswith("Reading  [####################....................]  50%")
    assert drawn[2].startswith("Merging")
    assert drawn[-2].strip() == ""


def test_where_there_is_no_terminal_there_is_no_bar() -> None:
    words = StringIO()
    with ProgressBar(words, says="Reading", then="Merging") as bar:
        bar.show(1, 2)
    assert words.getvalue() == ""


# --- the demonstration ---


def test_the_demonstration_has_two_companies() -> None:
    oran, tafna = (find_company(code) for code in ("oran", "tafna"))
    assert oran is not None
    assert tafna is not None
    equipment = count_equipment(oran.id)
    assert (equipment.agencies, equipment.equipped) == (31, 28)
    equipment = count_equipment(tafna.id)
    assert (equipment.agencies, equipment.equipped) == (3, 1)
    for kind in ("payment_terms", "sale_terms", "help", "notice"):
        for language in ("ar", "fr", "en"):
            text = find_text(company_id=tafna.id, kind=kind, language=language, now=tafna.created_at)
            assert text is not None
            assert "%" not in text.body


def test_the_terms_say_what_the_acquirer_asks_for() -> None:
    for text in CompanyText.objects.filter(kind="payment_terms"):
        for fact in ("CIB", "3020", "2021", "23"):
            assert fact in text.body


def test_the_demonstration_set_up_again_takes_the_new_address_only() -> None:
    texts, roles = CompanyText.objects.count(), StaffRole.objects.count()
    Company.objects.filter(code="oran").update(ceiling_centimes=100_00)
    run("demo_company", sandbox_url="http://127.0.0.1:9999/")

    assert (CompanyText.objects.count(), StaffRole.objects.count()) == (texts, roles)
    assert Company.objects.get(code="oran").ceiling_centimes == 100_00
    account = merchant_account(GatewayAccount.objects.get(company__code="oran"))
    assert account.base_url == "http://127.0.0.1:9999/payment/rest"
    assert account.page_hosts == ("127.0.0.1:9999",)
    assert account.password == "sandbox-oran-1"


def test_a_real_company_of_the_same_code_is_left_alone() -> None:
    Company.objects.filter(code="tafna").update(nif="000013012345678")
    before = list(GatewayAccount.objects.values())
    with pytest.raises(CommandError, match="of its own"):
        run("demo_company", sandbox_url="http://127.0.0.1:9999/")
    assert list(GatewayAccount.objects.values()) == before


def test_the_sandbox_has_an_address() -> None:
    with pytest.raises(CommandError, match="http://"):
        run("demo_company", sandbox_url="127.0.0.1:8081")


@pytest.mark.parametrize("company", ["oran", "tafna"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_made_up_bills_are_all_good_and_one_can_be_paid(tmp_path: Path, company: str, encoding: str) -> None:
    path = tmp_path / "demo.csv"
    said = run("demo_data", bills=700, company=company, output=path, encoding=encoding)
    assert "700 bills" in said
    assert import_file(path, company=company, login=f"operator@{company}.example").startswith("700 lines: 700 new")
    assert set(Bill.objects.values_list("status", flat=True)) == {"open", "cancelled", "replaced", "withdrawn"}

    shown = json.loads(run("demo_bill", company=company))
    bill = Bill.objects.select_related("customer").get(payment_number=shown["payment_number"])
    assert shown["amount_centimes"] == bill.due_centimes
    assert shown["second_value"] == ("" if company == "oran" else bill.customer.number)


def test_made_up_bills_may_lack_payment_numbers(tmp_path: Path) -> None:
    path = tmp_path / "demo.csv"
    run("demo_data", bills=50, output=path, without_payment_numbers=True)
    assert import_file(path).startswith("50 lines: 50 new")


def test_the_same_seed_makes_the_same_file(tmp_path: Path) -> None:
    files = [tmp_path / "1.csv", tmp_path / "2.csv", tmp_path / "3.csv"]
    for path, seed in zip(files, (7, 7, 8), strict=True):
        run("demo_data", "--day=2026-11-22", bills=40, seed=seed, output=path)
    first, second, third = (path.read_bytes() for path in files)
    assert first == second != third


def test_without_bills_there_is_none_to_show() -> None:
    with pytest.raises(CommandError, match="Import some"):
        run("demo_bill")


def test_made_up_lines_sum_to_what_is_due(tmp_path: Path) -> None:
    path = tmp_path / "demo.csv"
    run("demo_data", "--day=2026-11-22", bills=3000, output=path)
    dues = []
    for bill in CsvBills().open(path).lines:
        assert isinstance(bill, BillLine)
        assert total(amount for _, amount in bill.lines) == bill.due
        dues.append(bill.due.centimes)
    assert 1_200_00 < sum(dues) / len(dues) < 1_700_00
    assert len(dues) == 3000
