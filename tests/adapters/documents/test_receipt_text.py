"""What a receipt says, in each language."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.documents.printed import page_of, says, text_of
from adapters.documents.receipt_examples import LANGUAGES, a_line, a_receipt, with_lines
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments
from bawabati.money.amount import Money

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_says_everything_that_the_acquirer_asks(documents: TypstDocuments, language: str) -> None:
    pdf = documents.receipt_pdf(a_receipt(language))

    wanted = (GOLDEN / f"receipt.{language}.txt").read_text(encoding="utf-8").splitlines()
    assert [phrase for phrase in wanted if not says(pdf, phrase)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_transaction_is_named_without_the_gateways_name(documents: TypstDocuments, language: str) -> None:
    assert "SATIM" not in text_of(documents.receipt_pdf(a_receipt(language))).upper()


@pytest.mark.parametrize(("language", "mark"), [("ar", "نسخة ثانية"), ("fr", "DUPLICATA"), ("en", "DUPLICATE")])
def test_only_a_duplicata_says_that_it_is_one(documents: TypstDocuments, language: str, mark: str) -> None:
    original = a_receipt(language)

    assert not says(documents.receipt_pdf(original), mark)
    assert says(documents.receipt_pdf(replace(original, duplicata=True)), mark)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ar", "حين وصل هذا الدفع"),
        ("fr", "Dont 500,00 DA de trop : quand ce paiement est arrivé"),
        ("en", "Of which 500.00 DA too much: when this payment arrived, less was due"),
    ],
)
def test_money_that_found_its_bill_settled_is_explained(
    documents: TypstDocuments, language: str, sentence: str
) -> None:
    ordinary = a_receipt(language)
    surplus = replace(ordinary, lines=(a_line(language, surplus=Money(50000)),))

    assert not says(documents.receipt_pdf(ordinary), sentence)
    assert says(documents.receipt_pdf(surplus), sentence)


def test_every_bill_of_the_payment_has_its_line(documents: TypstDocuments) -> None:
    text = text_of(documents.receipt_pdf(with_lines(a_receipt("fr"), 3)))

    assert text.count("F2026-100234") == 3
    assert "Total payé 4 400,79 DA" in text


@pytest.mark.parametrize(
    ("language", "figures"),
    [("ar", "12 345 678,90"), ("fr", "12 345 678,90 DA"), ("en", "12,345,678.90 DA")],
)
def test_groups_of_figures_keep_their_order(documents: TypstDocuments, language: str, figures: str) -> None:
    facts = replace(a_receipt(language), amount=Money(1234567890))

    assert says(documents.receipt_pdf(facts), figures)


def test_figures_stand_left_to_right_inside_arabic(documents: TypstDocuments) -> None:
    page = page_of(documents.receipt_pdf(a_receipt("ar")))

    moment = {word: box for *box, word, _, _, _ in page.get_text("words")}
    day, hour = moment["14/03/2026"], moment["12:59"]
    assert day[2] < hour[0]
    first, second = moment["6280"], moment["58**"]
    assert first[2] < second[0]


def test_an_arabic_page_begins_on_the_right(documents: TypstDocuments) -> None:
    def middle_of_the_qr_code(language: str) -> float:
        page = page_of(documents.receipt_pdf(a_receipt(language)))
        squares = [drawing["rect"] for drawing in page.get_drawings() if drawing["fill"] == (0.0, 0.0, 0.0)]
        squares += [drawing["rect"] for drawing in page.get_drawings() if drawing["color"] == (0.0, 0.0, 0.0)]
        return sum(square.x0 + square.x1 for square in squares) / (2 * len(squares))

    assert middle_of_the_qr_code("ar") > 400
    assert middle_of_the_qr_code("fr") < 200


def test_the_moment_is_shown_on_algerian_clocks(documents: TypstDocuments) -> None:
    facts = replace(a_receipt("fr"), paid_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert "01/01/2027 00:30 (GMT+1)" in text_of(documents.receipt_pdf(facts))


def test_a_fact_that_nobody_stated_takes_no_place(documents: TypstDocuments) -> None:
    facts = replace(a_receipt("fr"), masked_card="", gateway_message="", issuer=replace(a_receipt("fr").issuer, ai=""))

    text = text_of(documents.receipt_pdf(facts))
    assert "Carte" not in text
    assert "AI 3" not in text


def test_the_address_that_checks_a_receipt_can_be_followed_and_its_site_be_read(documents: TypstDocuments) -> None:
    facts = a_receipt()

    page = page_of(documents.receipt_pdf(facts))
    assert {link["uri"] for link in page.get_links()} == {facts.check_url}
    assert facts.check_site in page.get_text()


def test_there_is_no_receipt_in_an_unknown_language(documents: TypstDocuments) -> None:
    with pytest.raises(ValueError, match="only in ar, en, fr"):
        documents.receipt_pdf(replace(a_receipt(), language="../../etc/passwd"))
