"""X, Z, the signed day, the provisional slip and the receipt of a desk: on A4 pages and on paper of 80 mm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest

from adapters.documents.printed import says, text_of, words_outside
from adapters.documents.receipt_examples import LANGUAGES, a_receipt
from bawabati.adapters.documents.contract import ReceiptFacts
from bawabati.adapters.documents.paper_roll.roll import RULE, PaperRoll
from bawabati.adapters.documents.papers import Paper, Roll, Row, Section
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments
from bawabati.adapters.documents.words import words_of
from bawabati.money.amount import Money

GOLDEN = Path(__file__).parents[2] / "golden"
DIGEST = "0123456789abcdef" * 4


def a_paper(language: str = "fr") -> Paper:
    return Paper(
        language=language,
        title="z_report",
        number="Z 7",
        company="Société des eaux",
        place="Agence Es Seddikia (AG07)",
        made_at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
        banner="being_checked",
        sections=(
            Section(word="taken", rows=(Row(word="cash", named=(("count", "3"),), value="4 300,00 DA"),)),
            Section(rows=(Row(word="desk", value="AG07-C1", is_code=True, is_strong=True),)),
        ),
        notes=("checked_not_again",),
        digest=DIGEST,
        signatures=("cashier_signature", "head_signature"),
    )


def paid_in_cash(language: str = "fr") -> ReceiptFacts:
    return replace(
        a_receipt(language),
        number="2026-AG07-0000042",
        payment_method="Espèces",
        transaction_id="",
        approval_code="",
        masked_card="",
        agency_name="Agence Es Seddikia",
        desk_code="AG07-C1",
        cashier_name="Warda",
        stamp_duty=Money(15_00),
        tendered=Money(1_500_00),
    )


def text(roll: Roll) -> str:
    return "\n".join(line.text for line in roll.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_words_with_the_same_places(language: str) -> None:
    def places(words: str) -> set[str]:
        return {place for _, place, _, _ in Formatter().parse(words) if place}

    assert {key: places(word) for key, word in words_of(language).items()} == {
        key: places(word) for key, word in words_of("fr").items()
    }


def test_there_are_no_words_of_a_fourth_language() -> None:
    with pytest.raises(KeyError):
        words_of("../ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_is_a_page_with_all_of_it(documents: TypstDocuments, language: str) -> None:
    pdf = documents.paper_pdf(a_paper(language))
    for phrase in ("Z 7", "AG07-C1", "4 300,00 DA", "22/11/2026 16:30", words_of(language)["checked_not_again"]):
        assert says(pdf, phrase), phrase
    assert DIGEST in text_of(pdf).replace(" ", "")
    assert words_outside(pdf) == []
    assert pdf == documents.paper_pdf(a_paper(language))


def test_a_long_paper_goes_on_over_pages(documents: TypstDocuments) -> None:
    rows = tuple(Row(word="sale", value=f"S{number}") for number in range(200))
    assert documents.paper_pdf(replace(a_paper(), sections=(Section(rows=rows),))).startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_of_a_desk_says_where_who_and_the_duty(documents: TypstDocuments, language: str) -> None:
    pdf = documents.receipt_pdf(paid_in_cash(language))
    total = {"en": "1,481.93 DA"}.get(language, "1 481,93")
    for phrase in ("AG07-C1", "Warda", "15,00" if language != "en" else "15.00", total, "2026-AG07-0000042"):
        assert says(pdf, phrase), phrase
    assert words_outside(pdf) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_of_a_desk_has_every_field_that_it_may_have(documents: TypstDocuments, language: str) -> None:
    facts = replace(paid_in_cash(language), cheque_number="0012345", terminal_id="T0001", merchant_id="M77")
    pdf = documents.receipt_pdf(facts)
    wanted = (GOLDEN / f"receipt_desk.{language}.txt").read_text(encoding="utf-8").splitlines()
    assert [phrase for phrase in wanted if not says(pdf, phrase)] == []


def test_a_receipt_of_a_cheque_has_its_number(documents: TypstDocuments) -> None:
    assert says(documents.receipt_pdf(replace(paid_in_cash(), cheque_number="0012345")), "0012345")


def test_a_receipt_of_a_card_names_terminal_merchant_and_transaction(documents: TypstDocuments) -> None:
    card = replace(
        paid_in_cash(),
        stamp_duty=Money(0),
        tendered=Money(0),
        terminal_id="T0001",
        merchant_id="M77",
        transaction_id="TX9",
    )
    pdf = documents.receipt_pdf(card)
    assert all(says(pdf, phrase) for phrase in ("T0001", "M77", "TX9", "1 466,93 DA"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_roll_says_all_of_a_receipt(language: str) -> None:
    facts = replace(paid_in_cash(language), duplicata=True)
    roll = PaperRoll().receipt(facts)
    said = text(roll)
    for phrase in (facts.number, "AG07-C1", "Warda", words_of(language)["duplicata"], facts.amount_in_words):
        assert phrase in said, phrase
    assert roll.qr == facts.check_url
    assert said.count("18,07" if language != "en" else "18.07") == 1
    assert {line.direction for line in roll.lines if line.text != RULE} >= {"rtl" if language == "ar" else "ltr"}


def test_a_roll_says_all_of_a_paper() -> None:
    roll = PaperRoll().paper(a_paper())
    assert [line.text for line in roll.lines if line.size == 2] == [
        "Rapport Z de la session",
        "En cours de vérification",
    ]
    assert "Espèces (3): 4 300,00 DA" in text(roll)
    assert (
        "".join(line.text for line in roll.lines if line.align == "centre" and len(line.text) == 32).count("0123") == 4
    )
    assert not roll.qr


def test_nobody_turns_a_roll_round() -> None:
    hostile = replace(paid_in_cash(), cashier_name="Warda\u202e\x1b@\n2")
    assert "Caissier: Warda@ 2" in text(PaperRoll().receipt(hostile))
