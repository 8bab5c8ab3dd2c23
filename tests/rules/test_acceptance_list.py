"""The acceptance list's own judgement: decks, languages of text, and sentences that wait for their language."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from bawabati.jobs.acceptance.bills_to_pay import BillsToPay, BillToPay, NoBillLeft
from bawabati.jobs.acceptance.checks.reading import has_currency, is_amount
from bawabati.jobs.acceptance.deck import PUBLISHED, DeckNotReadable, Scenario, read_deck
from bawabati.jobs.acceptance.lines import Condition, Result, judged
from bawabati.jobs.acceptance.said import Said, say
from bawabati.jobs.acceptance.the_list import CHAPTERS, the_list
from bawabati.jobs.acceptance.tongue import tongue_of
from bawabati.money.amount import Money


def deck_of(path: Path, *changes: dict[str, Any]) -> Path:
    cards = json.loads(PUBLISHED.read_text())["cards"][: len(changes)]
    path.write_text(json.dumps({"cards": [card | change for card, change in zip(cards, changes, strict=True)]}))
    return path


def test_the_published_deck_has_every_scenario_and_each_card_is_a_line_of_its_own() -> None:
    deck = read_deck(PUBLISHED)
    assert {card.scenario for card in deck} == set(Scenario)
    lines = the_list(deck)
    assert len({line.id for line in lines}) == len(lines)
    assert {f"card-{card.id}" for card in deck} <= {line.id for line in lines}
    assert {line.chapter for line in lines} == set(CHAPTERS)


def test_a_card_shows_the_ends_of_its_number_and_nothing_else() -> None:
    card = read_deck(PUBLISHED)[0]
    assert card.masked == f"6280 **** **** {card.number[-4:]}"
    assert card.number not in repr(card)
    assert card.cvv2 not in repr(card)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "6280-5811"}, "card 1 number does not look like one"),
        ({"expiry": "13/2027"}, "card 1 expiry does not look like one"),
        ({"scenario": "lucky"}, "card 1 scenario is one of accepted, "),
        ({"answers": "37"}, "card 1 answers is a list of codes"),
        ({"colour": "red"}, "card 1 needs exactly the keys"),
        ({"scenario": "lost"}, "no card is to be accepted"),
    ],
)
def test_a_wrong_deck_is_explained_without_its_numbers(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = deck_of(tmp_path / "deck.json", change)
    with pytest.raises(DeckNotReadable, match=words) as explained:
        read_deck(path)
    assert "62805811" not in str(explained.value)


def test_two_cards_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DeckNotReadable, match="same id"):
        read_deck(deck_of(tmp_path / "deck.json", {}, {"id": "accepted-1"}))


@pytest.mark.parametrize("content", ["", "[]", '{"cards": 5}', '{"cards": [5]}', '{"cards": []}'])
def test_what_is_no_deck_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "deck.json"
    path.write_text(content)
    with pytest.raises(DeckNotReadable):
        read_deck(path)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La carte est temporairement bloquée.", "fr"),
        ("The card is blocked for the moment.", "en"),
        ("البطاقة موقوفة مؤقتًا.", "ar"),
        ("بطاقة CIB / Edahabia مقبولة", "ar"),
        ("CIB · Edahabia", None),
        ("22/11/2026 14:05", None),
        ("Amina Benali", None),
        ("", None),
    ],
)
def test_small_words_tell_the_language(text: str, language: str | None) -> None:
    assert tongue_of(text) == language


def test_an_amount_is_recognised_in_every_language_with_its_centimes_only() -> None:
    assert is_amount("1 430,50 DA", Money(143050))
    assert is_amount("1,430.50 DA", Money(143050))
    assert is_amount("ادفع 1 430,50 دج", Money(143050))
    assert not is_amount("1 430 DA", Money(143000))
    assert not is_amount("11 430,50 DA", Money(143050))
    assert has_currency("1 430,50 دج")
    assert not has_currency("1 430,50")


def test_a_line_passes_only_when_everything_holds_and_says_only_what_does_not() -> None:
    good = Condition(True, say("yes"), say("no"))
    bad = Condition(False, say("yes"), say("no"))
    assert judged(good, good).result is Result.PASSED
    found = judged(good, bad)
    assert (found.result, found.said) == (Result.FAILED, (say("no"),))


def test_a_sentence_is_kept_and_spoken_later_in_any_language() -> None:
    said = say("Card %(card)s was not accepted: %(why)s", card="6280 **** **** 7215", why="<b>")
    kept = Said.from_json(json.loads(json.dumps(said.to_json())))
    assert kept == said
    with translation.override("ar"):
        assert '<bdi class="short" dir="ltr">6280 **** **** 7215</bdi>' in kept.html()
        assert "<b>" not in kept.html()
    money = say("Seen: %(value)s", value=Money(143050))
    assert Said.from_json(money.to_json()) == money
    nested = say("Seen: %(value)s", value=say("bill"))
    assert Said.from_json(nested.to_json()) == nested


def test_a_bill_takes_four_refusals_and_the_most_refused_is_paid_first() -> None:
    first, second = (BillToPay(payment_number=number, second_value="", left=Money(100_00)) for number in ("1", "2"))
    bills = BillsToPay([first, second])
    for _ in range(4):
        bills.was_refused(bills.to_refuse())
    assert bills.to_pay() == second
    for _ in range(4):
        bills.was_refused(bills.to_refuse())
    with pytest.raises(NoBillLeft):
        bills.to_refuse()
    bills.is_gone(bills.to_pay())
    bills.is_gone(bills.to_pay())
    with pytest.raises(NoBillLeft):
        bills.to_pay()
