"""Amounts in words: tables of examples, and what holds for every amount."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.money.amount import Money
from bawabati.money.words import MOST_DINARS, in_words

LANGUAGES = ("ar", "fr", "en")
every_amount = st.integers(min_value=0, max_value=MOST_DINARS * 100 + 99).map(Money)
small_amount = st.integers(min_value=0, max_value=10_000_00).map(Money)


@pytest.mark.parametrize(
    ("centimes", "words"),
    [
        (0, "صفر دينار جزائري"),
        (1, "سنتيم واحد"),
        (2, "سنتيمان"),
        (10, "عشرة سنتيمات"),
        (11, "أحد عشر سنتيمًا"),
        (1_00, "دينار جزائري واحد"),
        (2_00, "ديناران جزائريان"),
        (3_00, "ثلاثة دنانير جزائرية"),
        (10_00, "عشرة دنانير جزائرية"),
        (11_00, "أحد عشر دينارًا جزائريًا"),
        (12_00, "اثنا عشر دينارًا جزائريًا"),
        (18_12, "ثمانية عشر دينارًا جزائريًا واثنا عشر سنتيمًا"),
        (21_00, "واحد وعشرون دينارًا جزائريًا"),
        (99_03, "تسعة وتسعون دينارًا جزائريًا وثلاثة سنتيمات"),
        (100_00, "مائة دينار جزائري"),
        (101_00, "مائة دينار جزائري ودينار واحد"),
        (102_00, "مائة دينار جزائري وديناران"),
        (103_00, "مائة وثلاثة دنانير جزائرية"),
        (111_00, "مائة وأحد عشر دينارًا جزائريًا"),
        (200_00, "مائتا دينار جزائري"),
        (250_00, "مائتان وخمسون دينارًا جزائريًا"),
        (1_000_00, "ألف دينار جزائري"),
        (1_430_50, "ألف وأربعمائة وثلاثون دينارًا جزائريًا وخمسون سنتيمًا"),
        (2_000_00, "ألفا دينار جزائري"),
        (2_200_00, "ألفان ومائتا دينار جزائري"),
        (2_030_00, "ألفان وثلاثون دينارًا جزائريًا"),
        (3_000_00, "ثلاثة آلاف دينار جزائري"),
        (10_005_00, "عشرة آلاف وخمسة دنانير جزائرية"),
        (11_000_00, "أحد عشر ألف دينار جزائري"),
        (11_003_00, "أحد عشر ألفًا وثلاثة دنانير جزائرية"),
        (101_000_00, "مائة ألف وألف دينار جزائري"),
        (102_000_00, "مائة ألف وألفا دينار جزائري"),
        (200_000_00, "مائتا ألف دينار جزائري"),
        (202_003_00, "مائتا ألف وألفان وثلاثة دنانير جزائرية"),
        (1_000_000_00, "مليون دينار جزائري"),
        (2_000_000_00, "مليونا دينار جزائري"),
        (2_000_100_00, "مليونان ومائة دينار جزائري"),
        (3_000_000_02, "ثلاثة ملايين دينار جزائري وسنتيمان"),
        (11_000_020_00, "أحد عشر مليونًا وعشرون دينارًا جزائريًا"),
        (10_000_000_000_00, "عشرة مليارات دينار جزائري"),
    ],
)
def test_arabic_words_agree_with_their_numbers(centimes: int, words: str) -> None:
    assert in_words(Money(centimes), "ar") == words


@pytest.mark.parametrize(
    ("centimes", "words"),
    [
        (0, "zéro dinar algérien"),
        (1, "un centime"),
        (50, "cinquante centimes"),
        (1_00, "un dinar algérien"),
        (1_01, "un dinar algérien et un centime"),
        (2_00, "deux dinars algériens"),
        (17_00, "dix-sept dinars algériens"),
        (21_00, "vingt et un dinars algériens"),
        (22_00, "vingt-deux dinars algériens"),
        (61_00, "soixante et un dinars algériens"),
        (70_00, "soixante-dix dinars algériens"),
        (71_00, "soixante et onze dinars algériens"),
        (77_00, "soixante-dix-sept dinars algériens"),
        (80_00, "quatre-vingts dinars algériens"),
        (81_00, "quatre-vingt-un dinars algériens"),
        (90_00, "quatre-vingt-dix dinars algériens"),
        (91_00, "quatre-vingt-onze dinars algériens"),
        (99_00, "quatre-vingt-dix-neuf dinars algériens"),
        (100_00, "cent dinars algériens"),
        (101_00, "cent un dinars algériens"),
        (200_00, "deux cents dinars algériens"),
        (201_00, "deux cent un dinars algériens"),
        (280_00, "deux cent quatre-vingts dinars algériens"),
        (1_000_00, "mille dinars algériens"),
        (1_430_50, "mille quatre cent trente dinars algériens et cinquante centimes"),
        (2_000_00, "deux mille dinars algériens"),
        (80_000_00, "quatre-vingt mille dinars algériens"),
        (200_000_00, "deux cent mille dinars algériens"),
        (1_000_000_00, "un million de dinars algériens"),
        (1_000_001_00, "un million un dinars algériens"),
        (1_001_000_00, "un million mille dinars algériens"),
        (80_000_080_00, "quatre-vingts millions quatre-vingts dinars algériens"),
        (200_000_000_00, "deux cents millions de dinars algériens"),
        (10_000_000_000_00, "dix milliards de dinars algériens"),
    ],
)
def test_french_words_follow_the_traditional_spelling(centimes: int, words: str) -> None:
    assert in_words(Money(centimes), "fr") == words


@pytest.mark.parametrize(
    ("centimes", "words"),
    [
        (0, "zero Algerian dinars"),
        (1, "one centime"),
        (1_00, "one Algerian dinar"),
        (2_02, "two Algerian dinars and two centimes"),
        (42_00, "forty-two Algerian dinars"),
        (100_00, "one hundred Algerian dinars"),
        (1_005_00, "one thousand and five Algerian dinars"),
        (1_430_50, "one thousand four hundred and thirty Algerian dinars and fifty centimes"),
        (1_100_000_00, "one million one hundred thousand Algerian dinars"),
        (10_000_000_000_00, "ten billion Algerian dinars"),
    ],
)
def test_english_words_carry_the_british_and(centimes: int, words: str) -> None:
    assert in_words(Money(centimes), "en") == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_thirty_thousand_amounts_all_sound_different(language: str) -> None:
    amounts = [Money(dinars * 100) for dinars in range(15_000)] + [Money(centimes) for centimes in range(1, 100)]
    amounts += [Money.dinars(1_000 * thousands) for thousands in range(15, 15_000)]
    assert len({in_words(amount, language) for amount in amounts}) == len(amounts)


@given(one=every_amount, other=every_amount, language=st.sampled_from(LANGUAGES))
def test_different_amounts_never_sound_alike(one: Money, other: Money, language: str) -> None:
    assert (in_words(one, language) == in_words(other, language)) == (one == other)


@given(money=st.one_of(every_amount, small_amount), language=st.sampled_from(LANGUAGES))
def test_words_are_one_tidy_line_of_letters(money: Money, language: str) -> None:
    words = in_words(money, language)
    assert re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+)*", words.replace("\u064b", "")), words


@given(money=every_amount)
def test_a_french_cents_or_vingts_is_never_followed_by_a_numeral(money: Money) -> None:
    follows = re.findall(r"(?:cents|vingts) (\w+)", in_words(money, "fr"))
    assert set(follows) <= {"dinars", "centimes", "de", "million", "millions", "milliard", "milliards"}


@given(money=every_amount)
def test_an_arabic_dual_before_its_noun_has_lost_its_nun(money: Money) -> None:
    assert not re.search(r"(?:مائتان|ألفان|مليونان|ملياران) (?!و)", in_words(money, "ar"))


def test_an_amount_beyond_words_is_refused() -> None:
    assert in_words(Money(MOST_DINARS * 100 + 99), "fr").startswith("neuf cent quatre-vingt-dix-neuf milliards")
    with pytest.raises(ValueError, match="end at"):
        in_words(Money((MOST_DINARS + 1) * 100), "fr")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        in_words(Money(100), "de")
