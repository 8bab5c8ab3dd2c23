"""The bank in its own process: what there is to settle is handed in, every file is read again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import mt940
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sandbox.bank.core import Bank
from sandbox.bank.disorders import Kind
from sandbox.bank.fees import FeeTable, Tier
from sandbox.bank.files import BankFile, Which
from sandbox.bank.movements import Movement, What, without_what_came_to_nothing
from sandbox.gateway.merchants import DEMO_MERCHANTS
from sandbox.gateway.settings import Unusable
from sandbox.shelf import SqliteShelf
from sandbox.times import ALGIERS

MERCHANT = DEMO_MERCHANTS[0]
SUNDAY = date(2026, 11, 1)
"""The first of a banking week."""


def payment(
    sequence: int, *, day: date = SUNDAY, centimes: int = 143_050, what: What = What.PAYMENT, of: int = 0
) -> Movement:
    return Movement(
        sequence=sequence,
        what=what,
        at=datetime.combine(day, time(9, sequence % 60), tzinfo=ALGIERS).timestamp(),
        merchant=MERCHANT.user_name,
        terminal=MERCHANT.terminals[0],
        order_number=f"{of or sequence:010d}",
        reference=f"reference-of-{of or sequence}",
        approval_code=f"{sequence:06d}",
        card="6280****7215",
        centimes=centimes,
    )


def days_of_payments(*, days: int = 7, each_day: int = 6) -> list[Movement]:
    """Payments, and the refund of the day's first one."""
    found: list[Movement] = []
    for day in (SUNDAY + timedelta(days=at) for at in range(days)):
        first = len(found) + 1
        numbers = range(first, first + each_day)
        found += [payment(number, day=day, centimes=50_000 + 1_111 * number) for number in numbers]
        found.append(payment(first + each_day, day=day, centimes=-20_000, what=What.REFUND, of=first))
    return found


def bank_of(movements: Sequence[Movement], **more: Any) -> Bank:  # noqa: ANN401 - what a bank is made with
    return Bank(merchants=lambda: [MERCHANT], movements=lambda: movements, **more)


def rows(file: BankFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.content.decode()), delimiter=";"))


def centimes(told: str) -> int:
    return int(told.replace(",", ""))


def lines_of(file: BankFile) -> list[dict[str, str]]:
    return [row for row in rows(file) if row["TYPE"] != "TOTAL"]


def closed(bank: Bank, *, days: int = 7) -> list[BankFile]:
    return bank.close_day(SUNDAY + timedelta(days=days - 1))


def acquirers(files: Sequence[BankFile]) -> list[BankFile]:
    return [each for each in files if each.which is Which.ACQUIRER]


def statements(files: Sequence[BankFile]) -> list[BankFile]:
    return [each for each in files if each.which is Which.BANK]


def wish(bank: Bank, kind: Kind, *, day: date = SUNDAY + timedelta(days=1), times: int = 1) -> None:
    bank.disorders.wish({"kind": kind, "day": day.isoformat(), "times": times})


# Order


def test_a_day_has_the_acquirers_file_and_the_banks_statement() -> None:
    files = bank_of([payment(1), payment(2)]).close_day(SUNDAY)
    assert [each.name for each in files] == [
        "SATIM_E010901201_20261101.csv",
        "RELEVE_99900000002601010001_20261101.csv",
    ]
    first, _, total = rows(files[0])
    assert first == {
        "TYPE": "PAIEMENT",
        "DATE": "01/11/2026",
        "HEURE": "09:01:00",
        "TERMINAL": "E010901201",
        "COMMERCANT": "SAT2601010001",
        "ORDRE": "0000000001",
        "REFERENCE": "reference-of-1",
        "AUTORISATION": "000001",
        "CARTE": "6280****7215",
        "MONTANT_BRUT": "1430,50",
        "COMMISSION": "2,86",
        "TVA": "0,54",
        "MONTANT_NET": "1427,10",
        "REMISE": "R261101001",
        "DATE_VALEUR": "02/11/2026",
    }
    assert [total[name] for name in ("TYPE", "MONTANT_BRUT", "COMMISSION", "TVA", "MONTANT_NET", "REMISE")] == [
        "TOTAL",
        "2861,00",
        "5,72",
        "1,08",
        "2854,20",
        "2",
    ]


def test_every_movement_stands_in_one_file_and_every_net_is_credited_once() -> None:
    movements = days_of_payments()
    bank = bank_of(movements)
    files = closed(bank) + bank.close_day(SUNDAY + timedelta(days=9))
    lines = [line for each in acquirers(files) for line in lines_of(each)]
    assert sorted(line["AUTORISATION"] for line in lines) == sorted(each.approval_code for each in movements)
    credited = [row for each in statements(files) for row in rows(each) if row["REFERENCE"]]
    net: dict[str, int] = {}
    for line in lines:
        net[line["REMISE"]] = net.get(line["REMISE"], 0) + centimes(line["MONTANT_NET"])
    assert {row["REFERENCE"]: centimes(row["CREDIT"]) for row in credited} == net
    assert len(credited) == len(net) == 7


def test_balances_go_on_from_day_to_day() -> None:
    balance = 0
    for file in statements(closed(bank_of(days_of_payments()))):
        opening, *_, closing = rows(file)
        assert (opening["LIBELLE"], closing["LIBELLE"]) == ("SOLDE INITIAL", "SOLDE FINAL")
        assert centimes(opening["SOLDE"]) == balance
        balance = centimes(closing["SOLDE"])
    assert balance > 0


def test_nothing_is_credited_on_friday_and_saturday() -> None:
    bank = bank_of(days_of_payments())
    thursday, friday, saturday = (SUNDAY + timedelta(days=at) for at in (4, 5, 6))
    bank.close_day(saturday)
    files = statements(bank.files() + bank.close_day(saturday + timedelta(days=1)))
    of_day = {each.day: [row["REFERENCE"] for row in rows(each) if row["REFERENCE"]] for each in files}
    assert (of_day[friday], of_day[saturday]) == ([], [])
    assert of_day[saturday + timedelta(days=1)] == [f"R{day:%y%m%d}001" for day in (thursday, friday, saturday)]


def test_a_closed_day_stays_closed_and_what_comes_after_it_stands_in_the_next_file() -> None:
    movements = [payment(1)]
    bank = bank_of(movements)
    before = bank.close_day(SUNDAY)
    movements.append(payment(2))
    assert bank.close_day(SUNDAY) == []
    assert bank.files() == before
    (late,) = lines_of(bank.close_day(SUNDAY + timedelta(days=1))[0])
    assert (late["AUTORISATION"], late["DATE"]) == ("000002", "01/11/2026")


def test_a_payment_cancelled_on_its_day_is_never_settled() -> None:
    cancelled = payment(3, what=What.CANCELLATION, centimes=-143_050, of=1)
    assert without_what_came_to_nothing([payment(1), payment(2), cancelled]) == [payment(2)]


def test_a_payment_cancelled_later_is_taken_back() -> None:
    cancelled = payment(2, day=SUNDAY + timedelta(days=1), what=What.CANCELLATION, centimes=-143_050, of=1)
    _, second = acquirers(bank_of([payment(1), cancelled]).close_day(SUNDAY + timedelta(days=1)))
    (line,) = lines_of(second)
    assert (line["TYPE"], line["MONTANT_NET"], line["COMMISSION"]) == ("ANNULATION", "-1430,50", "0,00")


def test_a_net_below_zero_is_debited() -> None:
    bank = bank_of([payment(1, what=What.REFUND, centimes=-5_000)])
    _, statement = statements(bank.close_day(SUNDAY + timedelta(days=1)))
    (taken,) = (row for row in rows(statement) if row["REFERENCE"])
    assert (taken["DEBIT"], taken["CREDIT"], taken["SOLDE"]) == ("50,00", "", "-50,00")


# Formats


def test_a_sheet_says_what_the_csv_says() -> None:
    bank = bank_of([payment(1)])
    bank.use(bank.settings_of(MERCHANT.user_name).changed({"acquirer_format": "xlsx", "bank_format": "xlsx"}))
    acquirer, statement = bank.close_day(SUNDAY)
    assert (acquirer.name, statement.name[-5:]) == ("SATIM_E010901201_20261101.xlsx", ".xlsx")
    header, line, total = CalamineWorkbook.from_object(io.BytesIO(acquirer.content)).get_sheet_by_index(0).to_python()
    told = dict(zip(header, line, strict=True))
    assert (told["DATE"], told["ORDRE"], told["MONTANT_BRUT"], told["TVA"]) == (SUNDAY, "0000000001", 1430.5, 0.54)
    assert total[9:14] == [1430.5, 2.86, 0.54, 1427.1, 1]


def test_the_same_day_is_the_same_bytes() -> None:
    def made(form: str) -> list[bytes]:
        bank = bank_of(days_of_payments())
        bank.use(bank.settings_of(MERCHANT.user_name).changed({"acquirer_format": form}))
        bank.disorders.draw_at(seed=7, rates=dict.fromkeys(Kind, 0.3))
        return [each.content for each in closed(bank)]

    assert made("csv") == made("csv")
    assert made("xlsx") == made("xlsx")


def test_others_read_the_mt940() -> None:
    bank = bank_of(days_of_payments())
    bank.use(bank.settings_of(MERCHANT.user_name).changed({"bank_format": "mt940", "opening_centimes": 12_345}))
    files = statements(closed(bank))
    second = mt940.parse(files[1].content.decode())
    assert files[1].name.endswith(".sta")
    assert str(second.data["final_opening_balance"].amount.amount) == "123.45"
    (credit,) = second
    assert (credit.data["customer_reference"], credit.data["transaction_details"]) == (
        "R261101001",
        "REMISE CARTES R261101001",
    )
    assert credit.data["amount"].amount + second.data["final_opening_balance"].amount.amount == (
        second.data["final_closing_balance"].amount.amount
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "cp1256"])
def test_other_encodings_signs_and_dates(encoding: str) -> None:
    bank = bank_of([payment(1)])
    wanted = {"encoding": encoding, "decimal_sign": ".", "dates": "YYYY-MM-DD"}
    bank.use(bank.settings_of(MERCHANT.user_name).changed(wanted))
    text = bank.close_day(SUNDAY)[0].content.decode(encoding)
    assert text.splitlines()[1].startswith("PAIEMENT;2026-11-01;09:01:00;")
    assert ";1430.50;2.86;0.54;1427.10;" in text


# Fees


@pytest.mark.parametrize(
    ("table", "centimes", "fee"),
    [
        (FeeTable(tiers=(Tier(fixed_centimes=1_000),)), 500_000, (1_000, 190)),
        (FeeTable(), 143_050, (286, 54)),
        (FeeTable(), 9_000_000, (10_000, 1_900)),
        (FeeTable(least_centimes=500), 5_000, (500, 95)),
        (
            FeeTable(tiers=(Tier(up_to_centimes=500_000, fixed_centimes=1_000), Tier(rate_ppm=2_000))),
            500_000,
            (1_000, 190),
        ),
        (
            FeeTable(tiers=(Tier(up_to_centimes=500_000, fixed_centimes=1_000), Tier(rate_ppm=2_000))),
            500_001,
            (1_000, 190),
        ),
        (FeeTable(tiers=(Tier(rate_ppm=15_000),), most_centimes=None, vat_ppm=0), 9_000_000, (135_000, 0)),
        (FeeTable(tiers=(Tier(fixed_centimes=300, rate_ppm=1_000),)), 50_050, (350, 67)),
        (FeeTable(), -143_050, (0, 0)),
    ],
)
def test_the_commission_is_that_of_the_table(table: FeeTable, centimes: int, fee: tuple[int, int]) -> None:
    assert table.fee_of(centimes) == fee
    assert FeeTable.from_row(table.to_row()) == table


@pytest.mark.parametrize(
    "row",
    [
        {"tiers": []},
        {"tiers": [{"up_to_centimes": 5}]},
        {"tiers": [{"rate": 5}]},
        {"tiers": ["x"]},
        {"vat_ppm": -1},
        {"most_centimes": "x"},
        {"wish": 1},
    ],
)
def test_a_table_that_cannot_be_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(Unusable):
        FeeTable.from_row(row)


# Disorder


def spoiled(kind: Kind) -> tuple[Bank, list[BankFile], dict[str, Any]]:
    """A week in which this one goes wrong on its second day, and the line of the list that says so."""

    def charge_back(disputed: Movement, at: float) -> Movement:
        return replace(disputed, sequence=9_999, what=What.CHARGEBACK, at=at, centimes=-disputed.centimes)

    bank = bank_of(days_of_payments(), charge_back=charge_back)
    wish(bank, kind)
    files = closed(bank) + bank.close_day(SUNDAY + timedelta(days=9))
    (done,) = bank.disorders.done()
    assert (done.kind, done.day, bank.disorders.wishes()) == (kind, SUNDAY + timedelta(days=1), [])
    return bank, files, done.to_row()


def second_day(files: Sequence[BankFile]) -> list[BankFile]:
    return [each for each in files if each.day == SUNDAY + timedelta(days=1)]


@pytest.mark.parametrize("kind", list(Kind))
def test_what_goes_wrong_is_told_and_everything_else_stays_true(kind: Kind) -> None:
    whole = {each.name: each.content for each in closed(bank_of(days_of_payments()))}
    _, files, _ = spoiled(kind)
    there = {each.name: each.content for each in files}
    assert there.keys() != whole.keys() or any(there[name] != content for name, content in whole.items())
    for each in acquirers(files):
        if not each.content.endswith(b"\r\n") or kind is Kind.WRONG_TOTAL:
            continue
        *_, total = rows(each)
        for name in ("MONTANT_BRUT", "COMMISSION", "TVA", "MONTANT_NET"):
            assert centimes(total[name]) == sum(centimes(line[name]) for line in lines_of(each)), each.name


def test_a_missing_file_is_credited_nevertheless() -> None:
    _, files, done = spoiled(Kind.MISSING_FILE)
    assert acquirers(second_day(files)) == []
    assert done["remittance"] in "".join(each.content.decode() for each in statements(files))


@pytest.mark.parametrize("kind", [Kind.LATE_FILE, Kind.LATE_STATEMENT])
def test_a_late_file_comes_with_the_next_day(kind: Kind) -> None:
    bank = bank_of(days_of_payments())
    wish(bank, kind)
    assert len(bank.close_day(SUNDAY + timedelta(days=1))) == 3
    assert bank.close_day(SUNDAY + timedelta(days=2))[0].name == bank.disorders.done()[0].file


@pytest.mark.parametrize("kind", [Kind.REPEATED_FILE, Kind.REPEATED_STATEMENT])
def test_a_repeated_file_has_two_names_and_one_content(kind: Kind) -> None:
    _, files, done = spoiled(kind)
    twins = [each for each in second_day(files) if each.name[:5] == done["file"][:5]]
    assert len({each.name for each in twins}) == 2
    assert len({each.content for each in twins}) == 1


@pytest.mark.parametrize("kind", [Kind.TRUNCATED_FILE, Kind.EMPTY_FILE, Kind.TRUNCATED_STATEMENT])
def test_a_spoiled_file_is_followed_by_the_whole_one(kind: Kind) -> None:
    _, files, done = spoiled(kind)
    broken, whole = (each for each in second_day(files) if each.name[:5] == done["file"][:5])
    assert whole.content.startswith(broken.content)
    assert not broken.content.endswith(b"\n")
    assert "COMPLET" in whole.name


def test_a_line_that_is_missing_never_comes() -> None:
    for kind in (Kind.MISSING_LINE, Kind.MISSING_REFUND):
        _, files, done = spoiled(kind)
        kinds = {"missing_line": "PAIEMENT", "missing_refund": "REMBOURSEMENT"}
        lines = [line for each in acquirers(files) for line in lines_of(each)]
        assert not [line for line in lines if (line["TYPE"], line["REFERENCE"]) == (kinds[kind], done["reference"])]


def test_a_late_line_comes_once_in_a_later_file() -> None:
    for kind in (Kind.LATE_LINE, Kind.LATE_REFUND):
        _, files, done = spoiled(kind)
        what = "PAIEMENT" if kind is Kind.LATE_LINE else "REMBOURSEMENT"
        (there,) = [
            each
            for each in acquirers(files)
            for line in lines_of(each)
            if (line["REFERENCE"], line["TYPE"]) == (done["reference"], what)
        ]
        assert there.day.isoformat() == done["until"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.CHANGED_AMOUNT, "MONTANT_BRUT"),
        (Kind.WRONG_FEE, "COMMISSION"),
        (Kind.WRONG_VAT, "TVA"),
        (Kind.WRONG_NET, "MONTANT_NET"),
    ],
)
def test_a_changed_line_has_one_wrong_sum(kind: Kind, name: str) -> None:
    _, files, done = spoiled(kind)
    (file,) = acquirers(second_day(files))
    line = next(each for each in lines_of(file) if (each["REFERENCE"], each["TYPE"]) == (done["reference"], "PAIEMENT"))
    assert centimes(line[name]) == done["wrong_centimes"] != done["right_centimes"]
    left = centimes(line["MONTANT_BRUT"]) - centimes(line["COMMISSION"]) - centimes(line["TVA"])
    assert (left == centimes(line["MONTANT_NET"])) is (kind is not Kind.WRONG_NET)


def test_two_days_are_credited_in_one_sum_that_names_both() -> None:
    _, files, done = spoiled(Kind.SEVERAL_DAYS)
    credited = [row for each in statements(files) for row in rows(each) if row["REFERENCE"]]
    (both,) = [row for row in credited if done["remittance"] in row["LIBELLE"]]
    assert both["LIBELLE"] == "REMISE CARTES R261102001 R261103001"
    assert len(credited) == 6
    nets = [centimes(rows(each)[-1]["MONTANT_NET"]) for each in acquirers(files) if each.day.day in {2, 3}]
    assert centimes(both["CREDIT"]) == sum(nets)


def test_a_charged_back_payment_is_taken_from_the_merchant() -> None:
    _, files, done = spoiled(Kind.CHARGEBACK)
    (file,) = acquirers(second_day(files))
    (line,) = [each for each in lines_of(file) if each["TYPE"] == "IMPAYE"]
    assert (line["REFERENCE"], centimes(line["MONTANT_BRUT"])) == (done["reference"], done["wrong_centimes"])
    assert done["wrong_centimes"] < 0


def test_a_kind_that_finds_nothing_to_strike_waits_for_the_next_day() -> None:
    refund = payment(2, day=SUNDAY + timedelta(days=1), what=What.REFUND, centimes=-5_000, of=1)
    bank = bank_of([payment(1), refund])
    bank.disorders.wish({"kind": "missing_refund"})
    bank.close_day(SUNDAY)
    assert [each.kind for each in bank.disorders.wishes()] == [Kind.MISSING_REFUND]
    bank.close_day(SUNDAY + timedelta(days=1))
    assert [each.day for each in bank.disorders.done()] == [SUNDAY + timedelta(days=1)]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), rate=st.floats(0, 1))
def test_no_line_is_struck_twice_and_no_centime_is_lost(seed: int, rate: float) -> None:
    movements = days_of_payments(days=5, each_day=9)
    bank = bank_of(movements)
    # What waits for a file that is never missing again would wait for ever.
    bank.disorders.draw_at(seed=seed, rates=dict.fromkeys(Kind, rate) | {Kind.MISSING_FILE: min(rate, 0.3)})
    closed(bank, days=20)
    refunds = {Kind.LATE_REFUND, Kind.MISSING_REFUND}
    done = [each for each in bank.disorders.done() if each.reference and each.kind is not Kind.CHARGEBACK]
    struck = [(each.reference, each.kind in refunds) for each in done]
    assert len(struck) == len(set(struck))
    assert not bank._accounts[MERCHANT.user_name].held
    assert {each.sequence for each in movements} <= bank._accounts[MERCHANT.user_name].settled


def test_it_remembers_over_a_restart(tmp_path: Path) -> None:
    movements = days_of_payments()

    def opened() -> Bank:
        shelf = SqliteShelf(tmp_path / "bank.sqlite3")
        bank = bank_of(movements, shelf=shelf, folder=tmp_path / "files")
        bank.disorders.draw_at(seed=11, rates=dict.fromkeys(Kind, 0.4))
        return bank

    at_once = bank_of(movements)
    at_once.disorders.draw_at(seed=11, rates=dict.fromkeys(Kind, 0.4))
    expected = [(each.name, each.content) for each in closed(at_once, days=9)]
    for at in range(9):
        opened().close_day(SUNDAY + timedelta(days=at))
    again = opened()
    assert [(each.name, each.content) for each in again.files()] == expected
    assert again.disorders.done() == at_once.disorders.done()
    assert {each.name for each in (tmp_path / "files").iterdir()} == {name for name, _ in expected}
