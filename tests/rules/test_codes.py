"""What a company may be called in addresses."""

import re

import pytest

from bawabati.companies.rules import RESERVED, CodeReserved, CodeWrong, check_code
from bawabati.config.urls import CodeConverter


@pytest.mark.parametrize("code", ["oran", "tafna", "ade-31", "x", "a" * 20])
def test_small_letters_and_digits_make_a_code(code: str) -> None:
    check_code(code)


@pytest.mark.parametrize("code", ["", "Oran", "a b", "-a", "a-", "a--b", "é", "a" * 21, "a_b", "../x", "وهران"])
def test_nothing_else_does(code: str) -> None:
    with pytest.raises(CodeWrong):
        check_code(code)


def test_no_company_is_called_like_the_beginning_of_another_address() -> None:
    (words,) = re.findall(r"\(\?:([a-z|]+)\)", CodeConverter.regex)
    assert set(words.split("|")) <= RESERVED
    for word in RESERVED:
        with pytest.raises(CodeReserved):
            check_code(word)
