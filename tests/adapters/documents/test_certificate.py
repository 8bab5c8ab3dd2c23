"""The certificate of a closed day: every figure and hash on paper, in three languages, the same bytes each time."""

from __future__ import annotations

from datetime import UTC, datetime

import pymupdf
import pytest

from adapters.documents.printed import says
from bawabati.adapters.documents.certificates import Certificate, Named, Table
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments
from bawabati.adapters.documents.words import words_of

DIGEST = "0123456789abcdef" * 4
LANGUAGES = ("ar", "fr", "en")


@pytest.fixture(scope="module")
def maker() -> TypstDocuments:
    return TypstDocuments()


def a_certificate(language: str, *, agencies: int = 1, name: str = "Agence Es Seddikia (AG07)") -> Certificate:
    return Certificate(
        language=language,
        company="Société des eaux",
        number="N° 12",
        day="22/11/2026",
        made_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        verdict="closing_agrees",
        agrees=True,
        tables=(
            Table(
                word="sources",
                columns=("way", "payments_count", "payments_sum", "books_count", "books_sum"),
                rows=((Named(word="way_web"), "1204", "1 722 322,00", "1205", "1 722 323,00"),),
                total=(Named(word="taken"), "1204", "1 722 322,00", "1205", "1 722 323,00"),
            ),
            Table(word="filed", columns=("channel", "count"), rows=(), empty="filed_none"),
            Table(
                word="agencies",
                columns=("agency", "signed_by_whom", "closing_number", "total"),
                rows=tuple((name, "Houria", str(number), "90 000,00") for number in range(agencies)),
                texts=2,
            ),
        ),
        notes=("closing_frozen",),
        seals=(("sha256", DIGEST), ("signature", f"AbCdEf012345: {DIGEST}")),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_all_of_it(maker: TypstDocuments, language: str) -> None:
    pdf = maker.certificate_pdf(a_certificate(language))
    words = words_of(language)
    for phrase in ("22/11/2026", "1204", "1205", "Houria", DIGEST, words["company_closing"], words["filed_none"]):
        assert says(pdf, phrase), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_are_the_same_bytes(maker: TypstDocuments, language: str) -> None:
    assert maker.certificate_pdf(a_certificate(language)) == TypstDocuments().certificate_pdf(a_certificate(language))


def test_many_agencies_go_on_over_pages(maker: TypstDocuments) -> None:
    pdf = maker.certificate_pdf(a_certificate("fr", agencies=90))
    assert pymupdf.open(stream=pdf, filetype="pdf").page_count > 1


@pytest.mark.parametrize("name", ["#panic(1)", "*_`$", "\u202eabc", "x" * 5000, "وكالة AG07 (Oran)", "", "\0"])
def test_an_odd_name_makes_no_odd_paper(maker: TypstDocuments, name: str) -> None:
    pdf = maker.certificate_pdf(a_certificate("ar", name=name))
    assert says(pdf, "22/11/2026")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_difference_of_settlement_has_a_word(language: str) -> None:
    from bawabati.settlement.rules import DifferenceKind  # noqa: PLC0415 - beside what it is for

    assert {f"item_{kind}" for kind in DifferenceKind} <= set(words_of(language))
