"""How many parts an SMS has, and to which numbers one may go."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.messages.text_length import as_sms, length_of
from bawabati.notices.rules import PhoneWrong, masked_address, read_phone


@pytest.mark.parametrize(
    ("text", "alphabet", "parts"),
    [
        ("a" * 160, "gsm7", 1),
        ("a" * 161, "gsm7", 2),
        ("a" * 306, "gsm7", 2),
        ("a" * 307, "gsm7", 3),
        ("€" * 80, "gsm7", 1),
        ("€" * 81, "gsm7", 2),
        ("é" * 160, "gsm7", 1),
        ("ê" * 70, "ucs2", 1),
        ("ê" * 71, "ucs2", 2),
        ("د" * 70, "ucs2", 1),
        ("د" * 134, "ucs2", 2),
        ("د" * 135, "ucs2", 3),
        ("💧" * 35, "ucs2", 1),
        ("💧" * 36, "ucs2", 2),
    ],
)
def test_the_parts_are_those_of_the_standard(text: str, alphabet: str, parts: int) -> None:
    length = length_of(text)
    assert (length.alphabet, length.parts) == (alphabet, parts)


def test_a_letter_of_two_places_is_not_cut_between_two_parts() -> None:
    assert length_of("a" * 152 + "€" * 8).parts == 2
    assert length_of("a" * 152 + "€" + "a" * 151 + "€").parts == 3, "each part ends one place early"


@given(st.text(max_size=700))
def test_more_text_never_costs_less(text: str) -> None:
    assert length_of(text).parts <= length_of(text + "د").parts
    assert length_of(as_sms(text)).units <= length_of(text).units * 3


def test_ornament_alone_does_not_make_a_message_dear() -> None:
    assert length_of(as_sms("SEOR : 1\u00a0430,50\u00a0DA – d’accord…")).alphabet == "gsm7"
    assert as_sms("دفعتم \u2066A-1\u2069") == "دفعتم A-1", "old telephones draw a box for marks of direction"


@pytest.mark.parametrize("typed", ["0551234567", "05 51 23 45 67", "+213 551 23 45 67", "00213551234567", "551234567"])
def test_an_algerian_mobile_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_phone(typed) == "+213551234567"


@pytest.mark.parametrize(
    "typed", ["", "12", "041390000", "+33612345678", "+1 900 555 0100", "abc", "05512345678", "0" * 400]
)
def test_other_numbers_are_refused(typed: str) -> None:
    with pytest.raises(PhoneWrong):
        read_phone(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_number_or_a_sentence(typed: str) -> None:
    with suppress(PhoneWrong):
        assert read_phone(typed).startswith("+213")


def test_an_address_is_shown_as_far_as_it_tells_one_from_another() -> None:
    assert masked_address("amina@example.com") == "am…@example.com"
    assert masked_address("+213551234567") == "+213 … 67"
