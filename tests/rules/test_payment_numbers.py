"""Payment numbers: what is typed, what a company describes, what we mint, and the card numbers among them."""

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from bawabati.companies.rules import (
    MINTED_FORMAT,
    Alphabet,
    CheckDigits,
    LooksLikeACardNumber,
    NumberCheckDigitsWrong,
    NumberEmpty,
    NumberFormat,
    NumberFormatWrong,
    NumberStartsWrong,
    NumberWrongCharacters,
    NumberWrongLength,
    SecondValue,
    check_number,
    clean_number,
    looks_like_a_card_number,
    mint_number,
)
from bawabati.errors import CannotDo

CIB_CARD = "6280581110007215"
GOOD = "123456789012" + mod_97_10.calc_check_digits("123456789012")

minted_numbers = st.integers().map(lambda seed: mint_number(random=Random(seed)))
sixteen_digits_of_its_own = NumberFormat(shortest=16, longest=16, check_digits=CheckDigits.MOD97_10)
short_and_old = NumberFormat(
    shortest=8, longest=10, check_digits=CheckDigits.NONE, second_value=SecondValue.CUSTOMER_NUMBER
)


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        f" {GOOD}\n",
        f"{GOOD[:4]} {GOOD[4:8]} {GOOD[8:12]} {GOOD[12:]}",
        f"{GOOD[:4]}-{GOOD[4:8]}–{GOOD[8:12]}.{GOOD[12:]}",
        f"{GOOD[:7]}\u00a0{GOOD[7:]}\u202f",
        f"\u200f\u2066{GOOD}\u2069\ufeff",
        GOOD.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        GOOD.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert check_number(typed, number_format=MINTED_FORMAT) == GOOD


@given(text=st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_number(clean_number(text)) == clean_number(text)


@pytest.mark.parametrize(
    ("typed", "refusal", "code"),
    [
        ("", NumberEmpty, "number_empty"),
        (" -\u200f. ", NumberEmpty, "number_empty"),
        ("12345", NumberWrongLength, "number_wrong_length"),
        (GOOD + "0", NumberWrongLength, "number_wrong_length"),
        (GOOD[:-1] + "O", NumberWrongCharacters, "number_wrong_characters"),
        (GOOD[:-1] + "²", NumberWrongCharacters, "number_wrong_characters"),
        (GOOD + "\x00", NumberWrongCharacters, "number_wrong_characters"),
        ("' OR 1=1 --", NumberWrongCharacters, "number_wrong_characters"),
        ("12345678901200", NumberCheckDigitsWrong, "number_check_digits_wrong"),
        (CIB_CARD, LooksLikeACardNumber, "looks_like_a_card_number"),
        ("6280 5811 1000 7215", LooksLikeACardNumber, "looks_like_a_card_number"),
        ("6 2 8 0 5 8 1 1 1 0 0 0 7 2 1 5", LooksLikeACardNumber, "looks_like_a_card_number"),
        ("٦٢٨٠ ٥٨١١ ١٠٠٠ ٧٢١٥", LooksLikeACardNumber, "looks_like_a_card_number"),
        (f"{CIB_CARD} 01/27 373", LooksLikeACardNumber, "looks_like_a_card_number"),
        (f"{CIB_CARD}0127373", LooksLikeACardNumber, "looks_like_a_card_number"),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_its_reason(typed: str, refusal: type[CannotDo], code: str) -> None:
    with pytest.raises(refusal) as caught:
        check_number(typed, number_format=MINTED_FORMAT)
    assert caught.value.code == code
    assert typed.strip() not in str(caught.value) or not typed.strip()


@given(typed=st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789 -٣"))))
def test_no_text_surprises_the_check(typed: str) -> None:
    for number_format in (MINTED_FORMAT, short_and_old, sixteen_digits_of_its_own):
        try:
            number = check_number(typed, number_format=number_format)
        except CannotDo:
            continue
        assert check_number(number, number_format=number_format) == number


@given(number=minted_numbers)
def test_a_minted_number_is_good_and_never_looks_like_a_card(number: str) -> None:
    assert len(number) == 14
    assert check_number(number, number_format=MINTED_FORMAT) == number
    assert not looks_like_a_card_number(f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}")


def test_a_payload_that_would_look_like_a_card_is_drawn_again() -> None:
    def as_number(payload: int) -> str:
        return f"{payload:012}{mod_97_10.calc_check_digits(f'{payload:012}')}"

    like_a_card = next(
        payload for payload in range(610_000_000_000, 610_000_001_000) if luhn.is_valid(as_number(payload))
    )
    assert looks_like_a_card_number(as_number(like_a_card))

    class Drawn(Random):
        payloads = iter((like_a_card, 123_456_789_012))

        def randrange(self, *_: object) -> int:
            return next(self.payloads)

    assert mint_number(random=Drawn()) == GOOD


@given(number=minted_numbers, place=st.integers(0, 13), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_caught(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    with pytest.raises(CannotDo):
        check_number(number[:place] + digit + number[place + 1 :], number_format=MINTED_FORMAT)


@given(number=minted_numbers, place=st.integers(0, 12))
def test_two_exchanged_neighbours_are_always_caught(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(CannotDo):
        check_number(exchanged, number_format=MINTED_FORMAT)


@pytest.mark.parametrize(
    "text",
    [
        CIB_CARD,
        "6394131100000417",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555555555554444",
        "3782 822463 10005",
        f"my card is {CIB_CARD}, thank you",
        f"بطاقتي{CIB_CARD}شكرا",
        "call 0550 12 34 56 card 6280 5811 1000 7215 please",
        "6280\u200b5811\u200b1000\u200b7215",
        "６２８０５８１１１０００７２１５",
    ],
)
def test_a_card_number_is_found_wherever_it_hides(text: str) -> None:
    assert looks_like_a_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6280581110003927",  # of the published deck, with a wrong Luhn digit: no card can have it
        "2026-02-05 12:59:10.123456",
        "+213 550 12 34 56",
        "003 00060 0002019300 48",
        "someone@example.dz",
        "1 234 567,89 DA",
        "0" * 16,
        "1" * 13,
    ],
)
def test_ordinary_texts_are_not_taken_for_cards(text: str) -> None:
    assert not looks_like_a_card_number(text)


@given(text=st.text())
def test_looking_for_cards_never_fails(text: str) -> None:
    assert looks_like_a_card_number(text + f" {CIB_CARD} " + text)


@given(payload=st.integers(0, 10**13 - 1), first=st.sampled_from("01789"))
def test_a_companys_own_sixteen_digits_win_when_they_do_not_begin_like_a_card(payload: int, first: str) -> None:
    body = f"{first}{payload:013}"
    number = body + mod_97_10.calc_check_digits(body)
    grouped = " ".join(number[place : place + 4] for place in range(0, 16, 4))
    assert check_number(grouped, number_format=sixteen_digits_of_its_own) == number


def test_a_companys_own_number_that_could_be_a_card_is_refused() -> None:
    own = (f"40000000{number:06}" for number in range(10_000))
    whole = (body + mod_97_10.calc_check_digits(body) for body in own)
    unlucky = next(number for number in whole if luhn.is_valid(number))
    with pytest.raises(LooksLikeACardNumber):
        check_number(unlucky, number_format=sixteen_digits_of_its_own)


def test_the_pieces_of_a_companys_own_number_are_not_asked_whether_they_are_a_card() -> None:
    nineteen_digits = NumberFormat(shortest=19, longest=19, check_digits=CheckDigits.NONE)
    typed = "7000 378282246310005"
    assert looks_like_a_card_number(typed)
    assert check_number(typed, number_format=nineteen_digits) == "7000378282246310005"
    with pytest.raises(LooksLikeACardNumber):
        check_number(typed, number_format=MINTED_FORMAT)


def test_letters_prefix_and_luhn_are_understood() -> None:
    lettered = NumberFormat(
        prefix="OR",
        shortest=14,
        longest=14,
        alphabet=Alphabet.LETTERS_AND_DIGITS,
        check_digits=CheckDigits.MOD97_10,
    )
    number = "OR12345678AB" + mod_97_10.calc_check_digits("OR12345678AB")
    assert check_number(number.lower(), number_format=lettered) == number
    with pytest.raises(NumberStartsWrong):
        check_number(number.replace("OR", "XR"), number_format=lettered)

    with_luhn = NumberFormat(
        prefix="31",
        shortest=9,
        longest=12,
        check_digits=CheckDigits.LUHN,
        second_value=SecondValue.AMOUNT,
    )
    number = "31000123" + luhn.calc_check_digit("31000123")
    assert check_number(number, number_format=with_luhn) == number
    with pytest.raises(NumberCheckDigitsWrong):
        check_number(number[:-1] + str((int(number[-1]) + 1) % 10), number_format=with_luhn)


@pytest.mark.parametrize("number_format", [MINTED_FORMAT, short_and_old, sixteen_digits_of_its_own])
def test_a_format_survives_its_json(number_format: NumberFormat) -> None:
    assert NumberFormat.from_json(number_format.to_json()) == number_format


def test_a_format_written_by_hand_may_leave_out_what_is_usual() -> None:
    written = {"shortest": 14, "longest": 14, "check_digits": "mod97_10"}
    assert NumberFormat.from_json(written) == MINTED_FORMAT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"shortest": None}, "shortest"),
        ({"shortest": "14"}, "shortest"),
        ({"shortest": True}, "shortest"),
        ({"shortest": 2}, "shortest"),
        ({"shortest": -1}, "shortest"),
        ({"longest": 13}, "longest"),
        ({"longest": 33}, "longest"),
        ({"check_digits": "crc32"}, "check_digits"),
        ({"check_digits": None}, "check_digits"),
        ({"check_digits": ["luhn"]}, "check_digits"),
        ({"check_digits": "luhn", "alphabet": "letters_and_digits"}, "check_digits"),
        ({"alphabet": "runes"}, "alphabet"),
        ({"prefix": 31}, "prefix"),
        ({"prefix": "or"}, "prefix"),
        ({"prefix": "٣١"}, "prefix"),
        ({"second_value": "phone"}, "second_value"),
        ({"prefix": "31"}, "second_value"),
        ({"shortest": 13}, "second_value"),
        ({"length": 14}, "length"),
    ],
)
def test_a_format_that_cannot_be_used_is_refused_and_its_place_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(NumberFormatWrong) as caught:
        NumberFormat.from_json(MINTED_FORMAT.to_json() | change)
    assert caught.value.details["field"] == field


@pytest.mark.parametrize("written", [None, [], "digits", 14])
def test_a_format_is_an_object(written: object) -> None:
    with pytest.raises(NumberFormatWrong):
        NumberFormat.from_json(written)
