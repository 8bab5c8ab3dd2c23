"""The receipt as a file: the same bytes each time, one page, our fonts, fit to be kept and to be read aloud."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from adapters.documents.printed import page_of, says, text_of, words_outside
from adapters.documents.receipt_examples import LANGUAGES, a_receipt, with_lines
from bawabati.adapters.documents.contract import ReceiptFacts
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments

ROOT = Path(__file__).parents[3]
DROP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20h-40z" fill="#a00"/></svg>'


def document_of(pdf: bytes) -> pymupdf.Document:
    return pymupdf.open(stream=pdf, filetype="pdf")


def with_logo(facts: ReceiptFacts, svg: str) -> ReceiptFacts:
    return replace(facts, issuer=replace(facts.issuer, logo_svg=svg))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_give_the_same_bytes(documents: TypstDocuments, language: str) -> None:
    facts, another_maker = a_receipt(language), TypstDocuments()

    assert documents.receipt_pdf(facts) == documents.receipt_pdf(facts) == another_maker.receipt_pdf(facts)
    assert documents.receipt_png(facts) == documents.receipt_png(facts) == another_maker.receipt_png(facts)


def test_another_process_makes_the_same_bytes(documents: TypstDocuments) -> None:
    program = (
        "from hashlib import sha256\n"
        "from adapters.documents.receipt_examples import a_receipt\n"
        "from bawabati.adapters.documents.typst_documents.maker import TypstDocuments\n"
        "maker = TypstDocuments()\n"
        "print(sha256(maker.receipt_pdf(a_receipt()) + maker.receipt_png(a_receipt())).hexdigest())\n"
    )
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}

    elsewhere = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )

    here = sha256(documents.receipt_pdf(a_receipt()) + documents.receipt_png(a_receipt())).hexdigest()
    assert elsewhere.stdout.strip() == here


def test_threads_share_one_maker_and_get_their_own_receipts(documents: TypstDocuments) -> None:
    receipts = [replace(a_receipt("fr"), number=f"WEB-2026-{number:06}") for number in range(24)]

    with ThreadPoolExecutor(max_workers=6) as threads:
        made = list(threads.map(documents.receipt_pdf, receipts))

    assert [facts.number in text_of(pdf) for facts, pdf in zip(receipts, made, strict=True)] == [True] * 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_knows_the_title_and_the_language(documents: TypstDocuments, language: str) -> None:
    document = document_of(documents.receipt_pdf(a_receipt(language)))

    assert document.language == language
    assert document.metadata["title"].endswith("WEB-2026-000123")
    assert document.metadata["creationDate"].startswith("D:20260314115907")
    catalog = document.xref_object(document.pdf_catalog())
    assert "/StructTreeRoot" in catalog


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_made_to_be_kept(documents: TypstDocuments, language: str) -> None:
    claims = document_of(documents.receipt_pdf(a_receipt(language))).get_xml_metadata()

    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_our_own_fonts_are_used_and_they_travel_inside(documents: TypstDocuments, language: str) -> None:
    document = document_of(documents.receipt_pdf(a_receipt(language)))

    fonts = document.get_page_fonts(0)
    assert {name.partition("+")[2] for _, _, _, name, *_ in fonts} == {
        "IBMPlexSansArabic-Regular",
        "IBMPlexSansArabic-Bold",
    }
    assert all(document.extract_font(font[0])[3] for font in fonts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lines", [1, 4, 5, 12, 60])
def test_any_number_of_bills_stays_on_one_page(documents: TypstDocuments, language: str, lines: int) -> None:
    facts = with_lines(a_receipt(language), lines)

    pdf = documents.receipt_pdf(facts)

    assert text_of(pdf).count("F2026-100234") == lines
    assert words_outside(pdf) == []


def test_the_picture_is_as_wide_as_a_good_phone_and_light(documents: TypstDocuments) -> None:
    png = documents.receipt_png(a_receipt())

    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (1080, 1527)
        assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert len(png) < 80_000


def test_the_companys_logo_is_drawn(documents: TypstDocuments) -> None:
    drawings = page_of(documents.receipt_pdf(with_logo(a_receipt(), DROP))).get_drawings()

    red = pytest.approx((0xAA / 255, 0, 0), abs=0.01)
    assert any(drawing["fill"] == red for drawing in drawings if drawing["fill"])


@pytest.mark.parametrize(
    "logo",
    [
        "not a picture",
        "<svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd" width="9" height="9"/></svg>',
        '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>',
        DROP + " " * 300_000,
    ],
)
def test_a_bad_logo_costs_the_logo_and_never_the_receipt(documents: TypstDocuments, logo: str) -> None:
    pdf = documents.receipt_pdf(with_logo(a_receipt("fr"), logo))

    assert says(pdf, "Total payé 1 466,93 DA")


def test_a_letter_that_our_fonts_lack_costs_the_seal_and_never_the_receipt(documents: TypstDocuments) -> None:
    facts = replace(a_receipt("fr"), gateway_message="Merci 😀 谢谢")

    pdf = documents.receipt_pdf(facts)

    assert says(pdf, "Total payé 1 466,93 DA")
    assert "pdfaid" not in document_of(pdf).get_xml_metadata()
