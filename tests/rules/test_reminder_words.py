"""The words of reminders, the codes that end them, and what a crew is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bawabati.adapters.messages.text_length import as_sms, length_of
from bawabati.bills.rules import BillStatus
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import CannotDo
from bawabati.money.amount import ZERO, Money
from bawabati.notices.rules import Means
from bawabati.reminders.rules import (
    DEFAULTS,
    LANGUAGES,
    MOST_CUSTOMERS,
    STAGES,
    Answer,
    BillAtDoor,
    BodyEmpty,
    BodyTooLong,
    CodeWrong,
    Door,
    PlaceMissing,
    PlaceUnknown,
    RoundEmpty,
    RoundTooLong,
    Said,
    Stage,
    at_the_door,
    check_body,
    code_of,
    fill,
    letter_of,
    read_code,
    read_numbers,
)

TODAY = date(2026, 11, 22)
LINK = "https://pay.example.dz/m/AAAAAAAAAAEuEYsPqfYLoqV7Xk1FJYZ7hdE4yA/"
SAID = Said(
    company="SEOR",
    phone="041 00 00 00",
    language="fr",
    stage=Stage.BEFORE_DUE,
    left=Money(1_430_50),
    periods=("2026-T3",),
    due_on=date(2026, 12, 5),
    cut_off_on=date(2027, 1, 4),
    link=LINK,
    stop=LINK,
    code="1234567",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_words_that_come_with_us_are_good_and_short(stage: Stage, language: str) -> None:
    body = DEFAULTS[stage][language]
    assert check_body(body) == body
    text = fill(body, replace(SAID, stage=stage, language=language))
    assert LINK in text
    assert "{" not in text
    assert length_of(as_sms(text)).parts <= (3 if language == "ar" else 2)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", BodyEmpty),
        (" \n ", BodyEmpty),
        ("pay {amount}", PlaceMissing),
        ("pay {link} {name}", PlaceUnknown),
        ("pay {link} {", PlaceUnknown),
        ("pay {link} {amount.real}", PlaceUnknown),
        ("{link}" + "a" * 320, BodyTooLong),
        ("{link} 6280581110007215", LooksLikeACardNumber),
    ],
)
def test_words_that_would_not_do_are_refused(body: str, error: type[CannotDo]) -> None:
    with pytest.raises(error):
        check_body(body)


def test_several_bills_are_said_in_one_message() -> None:
    said = replace(SAID, periods=("2025-T4", "2026-T1", "2026-T2", "2026-T3"))
    assert "2025-T4, 2026-T1 et 2 autres" in fill("{period} {link}", said)


def test_an_amount_stands_without_groups_and_with_its_currency() -> None:
    assert fill("{amount} {link}", SAID).startswith("1430,50\u00a0DA ")
    assert fill("{amount} {link}", replace(SAID, language="ar")).startswith("1430,50\u00a0دج ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_how_to_end_them_twice(language: str) -> None:
    subject, text = letter_of(
        DEFAULTS[Stage.AT_DUE][language], replace(SAID, stage=Stage.AT_DUE, language=language), means=Means.EMAIL
    )
    assert subject
    assert "{" not in subject + text
    assert text.count(LINK) == 2
    assert SAID.code in text


@given(st.integers(1, 10**15))
def test_a_code_names_its_message(message_id: int) -> None:
    code = code_of(message_id)
    assert read_code(code) == read_code(f" {code[:3]} {code[3:]}") == message_id


@given(st.integers(1, 10**9), st.data())
def test_a_slip_of_the_finger_ends_nobody_elses_reminders(message_id: int, data: st.DataObject) -> None:
    code = code_of(message_id)
    place = data.draw(st.integers(0, len(code) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(code[place] != digit)
    with pytest.raises(CodeWrong):
        read_code(code[:place] + digit + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "12", "abc", "٣٤٥٦", "1" * 30])
def test_what_is_no_code_is_said(code: str) -> None:
    with pytest.raises(CodeWrong):
        read_code(code)


AMOUNTS = st.integers(0, 500_000).map(Money)
BILLS = st.lists(
    st.builds(
        BillAtDoor,
        status=st.sampled_from(BillStatus),
        due_on=st.dates(date(2026, 10, 1), date(2027, 1, 1)),
        left=AMOUNTS,
        is_held=st.booleans(),
        may_be_paid_still=st.booleans(),
        is_agreed=st.booleans(),
    ),
    max_size=6,
)


@given(BILLS, AMOUNTS)
def test_being_checked_always_wins_over_not_paid(bills: list[BillAtDoor], credit: Money) -> None:
    answer = at_the_door(bills, credit=credit, today=TODAY)
    money_may_come = any(
        bill.status is BillStatus.OPEN and bill.left and (bill.is_held or bill.may_be_paid_still) for bill in bills
    )
    if money_may_come:
        assert answer.door is Door.BEING_CHECKED
    if answer.door is not Door.NOT_PAID:
        assert answer == Answer(door=answer.door)


@given(BILLS)
def test_not_paid_is_said_of_what_is_overdue_and_owed_alone(bills: list[BillAtDoor]) -> None:
    answer = at_the_door(bills, today=TODAY)
    overdue = [bill for bill in bills if bill.status is BillStatus.OPEN and bill.due_on < TODAY and not bill.is_agreed]
    if answer.door is Door.NOT_PAID:
        assert answer.left.centimes == sum(bill.left.centimes for bill in overdue)
        assert answer.since == min(bill.due_on for bill in overdue if bill.left)
    if not any(bill.left for bill in overdue):
        assert answer.door is not Door.NOT_PAID


def test_a_credit_that_would_pay_all_of_it_is_checked_first() -> None:
    bill = BillAtDoor(status=BillStatus.OPEN, due_on=date(2026, 11, 1), left=Money(100_00))
    assert at_the_door([bill], credit=Money(100_00), today=TODAY).door is Door.BEING_CHECKED
    assert at_the_door([bill], credit=Money(99_99), today=TODAY).door is Door.NOT_PAID
    assert at_the_door([bill], credit=ZERO, today=date(2026, 11, 1)).door is Door.PAID, "it is due today, not overdue"


def test_a_round_is_the_first_column_of_any_list() -> None:
    text = '\ufeffcode client;nom\n010000001;Amina\n 01 0000002\t x\n٠١٠٠٠٠٠٠٣\n010000001\n\n"010000004",y\n'
    assert read_numbers(text) == ["010000001", "010000002", "010000003", "010000004"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", RoundEmpty),
        ("nom;prénom\n", RoundEmpty),
        ("\n".join(str(number) for number in range(MOST_CUSTOMERS + 1)), RoundTooLong),
        ("6280 5811 1000 7215", LooksLikeACardNumber),
    ],
)
def test_a_round_that_is_none_is_refused(text: str, error: type[CannotDo]) -> None:
    with pytest.raises(error):
        read_numbers(text)
