"""Finding the own company, and whose a number can be."""

import pytest

from bawabati.companies.rules import (
    MINTED_FORMAT,
    Alphabet,
    CheckDigits,
    Listed,
    LooksLikeACardNumber,
    NumberEmpty,
    NumberFormat,
    NumberOfNoCompany,
    SecondValue,
    find_listed,
    whose_number,
)

LISTED = (
    Listed(
        code="oran", called=("oran", "مياه وهران", "Eaux d'Oran", "Oran Water", "وهران", "Oran", "31", "أرزيو", "Arzew")
    ),
    Listed(code="bejaia", called=("bejaia", "مياه بجاية", "Eaux de Béjaïa", "Béjaïa Water", "06", "أقبو", "Akbou")),
    Listed(code="alger", called=("alger", "مياه الجزائر", "Eaux d'Alger", "16", "الجزائر", "Alger", "بئر مراد رايس")),
)
TAFNA = NumberFormat(
    shortest=10,
    longest=10,
    prefix="TF",
    alphabet=Alphabet.LETTERS_AND_DIGITS,
    check_digits=CheckDigits.NONE,
    second_value=SecondValue.CUSTOMER_NUMBER,
)
PLAIN = NumberFormat(shortest=14, longest=14, check_digits=CheckDigits.NONE)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        *(("وهران", ["oran"]), ("ارزيو", ["oran"]), ("أرزيو", ["oran"]), ("Bejaia", ["bejaia"])),
        *(("béjaïa", ["bejaia"]),),
        *(("BEJ", ["bejaia"]), ("بجايه", ["bejaia"]), ("جزائر", ["alger"]), ("الجزائر", ["alger"]), ("31", ["oran"])),
        *(("eaux", ["oran", "bejaia", "alger"]), ("eaux alger", ["alger"]), ("مُراد", ["alger"]), ("ـوهران", ["oran"])),
        *(("", ["oran", "bejaia", "alger"]), ("paris", []), ("%", ["oran", "bejaia", "alger"]), ("x" * 1000, [])),
    ],
)  # fmt: skip
def test_a_company_is_found_however_people_write_it(sought: str, found: list[str]) -> None:
    assert find_listed(sought, LISTED) == found


def test_a_number_says_whose_it_is_when_one_form_fits() -> None:
    formats = {"oran": MINTED_FORMAT, "tafna": TAFNA}
    assert whose_number("tf-12 34 56 78", formats=formats) == ["tafna"]
    assert whose_number("00000000000097", formats={"plain": PLAIN}) == ["plain"]


def test_when_several_forms_fit_all_are_named() -> None:
    assert whose_number("11111111111111", formats={"one": PLAIN, "two": PLAIN, "tafna": TAFNA}) == ["one", "two"]


def test_a_number_of_nobody_a_card_and_nothing_are_refused() -> None:
    formats = {"oran": MINTED_FORMAT, "tafna": TAFNA}
    with pytest.raises(NumberOfNoCompany):
        whose_number("123", formats=formats)
    with pytest.raises(NumberOfNoCompany):
        whose_number("TF12345678", formats={})
    with pytest.raises(LooksLikeACardNumber):
        whose_number("6280 5811 1000 7215", formats=formats)
    with pytest.raises(NumberEmpty):
        whose_number(" - ", formats=formats)
