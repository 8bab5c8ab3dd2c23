"""What a company may write for its payers, and what a reader of two versions is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.companies.rules import (
    LooksLikeACardNumber,
    TextEmpty,
    TextHasControls,
    TextKind,
    TextTooLong,
    TextTurnsAround,
    behind,
    check_text,
    difference,
    tags_in,
    tidy_text,
)

HELP = TextKind.HELP
TODAY = datetime(2026, 11, 22, tzinfo=UTC)
A_SENTENCE = "Payez votre facture par carte CIB ou Edahabia. ادفع فاتورتك ببطاقتك، ومساعدة على 3020."


def test_an_ordinary_text_in_two_scripts_may_be_published() -> None:
    check_text(A_SENTENCE, kind=HELP)


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200c", "\u200d"])
def test_marks_that_arabic_needs_are_allowed(mark: str) -> None:
    check_text(f"3020{mark} مساعدة", kind=HELP)


@pytest.mark.parametrize("mark", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2069"])
def test_marks_that_turn_the_reading_around_are_refused_with_their_line(mark: str) -> None:
    with pytest.raises(TextTurnsAround) as refused:
        check_text(f"first\nsecond {mark}50 DA", kind=HELP)
    assert refused.value.details["line"] == 2


def test_an_isolate_that_is_closed_in_its_line_is_allowed() -> None:
    check_text("اتصل بالرقم \u206641 00 00 00\u2069 الآن", kind=HELP)


@pytest.mark.parametrize("character", ["\0", "\a", "\x1b", "\x7f", "\ud800", "\ue000"])
def test_characters_that_cannot_be_shown_are_refused(character: str) -> None:
    with pytest.raises(TextHasControls):
        check_text(f"a{character}b", kind=HELP)


def test_a_tab_is_a_control_too() -> None:
    with pytest.raises(TextHasControls):
        check_text("a\tb", kind=HELP)


def test_too_long_says_how_long() -> None:
    with pytest.raises(TextTooLong) as refused:
        check_text("a" * 501, kind=TextKind.NOTICE)
    assert refused.value.details == {"length": 501, "most": 500}
    check_text("a" * 500, kind=TextKind.NOTICE)


def test_only_a_notice_may_be_empty() -> None:
    check_text("", kind=TextKind.NOTICE)
    for kind in set(TextKind) - {TextKind.NOTICE}:
        with pytest.raises(TextEmpty):
            check_text("", kind=kind)


def test_a_card_number_is_refused() -> None:
    with pytest.raises(LooksLikeACardNumber):
        check_text("Example: 6280 5811 1000 7215", kind=HELP)


def test_what_looks_like_html_is_named() -> None:
    assert tags_in("<b>Important</b> & <script>x</script> &amp; 3 < 4 > 2") == [
        "<b>",
        "</b>",
        "<script>",
        "</script>",
        "&amp;",
    ]


def test_a_text_is_kept_tidy() -> None:
    assert tidy_text("\r\n  first  \r\nsecond\r\r\n\n") == "  first\nsecond"


@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy_text(tidy_text(text)) == tidy_text(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_runs_of_a_difference_give_both_texts_again(before: str, after: str) -> None:
    runs = difference(before, after)
    assert "".join(run.text for run in runs if run.how != "new") == before
    assert "".join(run.text for run in runs if run.how != "gone") == after


def test_a_word_that_changed_is_the_only_one_shown_as_changed() -> None:
    runs = difference("Les bureaux ouvrent à 8 h.", "Les bureaux ouvrent à 9 h.")
    assert [(run.how, run.text) for run in runs if run.how != "kept"] == [("gone", "8 "), ("new", "9 ")]


def test_a_language_is_missing_or_behind_another() -> None:
    assert behind({"ar": TODAY, "fr": TODAY, "en": None}) == (["en"], [])
    assert behind({"ar": TODAY, "fr": TODAY - timedelta(days=1), "en": TODAY}) == ([], ["fr"])
    assert behind({"ar": None, "fr": None, "en": None}) == (["ar", "fr", "en"], [])
    assert behind(dict.fromkeys(("ar", "fr", "en"), TODAY)) == ([], [])
