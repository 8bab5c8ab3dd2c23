"""Posters and cards: what stands on them can be read, scanned, and stays on the paper."""

from __future__ import annotations

from dataclasses import replace

import pymupdf
import pytest

from adapters.documents.printed import says, text_of, words_outside
from bawabati.adapters.documents.posters import Poster, PosterForm
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments
from bawabati.adapters.documents.typst_documents.poster_page import _ground, _luminance

NAMES = {"ar": "شركة المياه والتطهير لوهران", "fr": "Société de l’eau d’Oran", "en": "Water Company of Oran"}
HEADLINES = {"ar": "فاتورة الماء", "fr": "Votre facture d’eau,", "en": "Your water bill,"}
MILLIMETRES = 25.4 / 72
SIZES = {PosterForm.A3: (297, 420), PosterForm.A4: (210, 297), PosterForm.A6: (210, 297), PosterForm.CARDS: (210, 297)}


def poster(language: str = "fr", form: PosterForm = PosterForm.A4) -> Poster:
    return Poster(
        language=language,
        form=form,
        company=NAMES[language],
        phone="041 00 00 00",
        address="pay.example.dz/k/RM473",
        qr="HTTPS://PAY.EXAMPLE.DZ/K/RM473",
        code="RM473",
    )


@pytest.mark.parametrize("form", PosterForm)
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_it_says_who_how_and_where_on_one_page(documents: TypstDocuments, language: str, form: PosterForm) -> None:
    made = documents.poster_pdf(poster(language, form))
    (page,) = pymupdf.open(stream=made)
    size = (round(page.rect.width * MILLIMETRES), round(page.rect.height * MILLIMETRES))
    assert size == SIZES[form]
    assert says(made, NAMES[language])
    if form is not PosterForm.CARDS:
        assert says(made, HEADLINES[language])
    copies = {PosterForm.A6: 4, PosterForm.CARDS: 10}.get(form, 1)
    assert text_of(made).count("pay.example.dz/k/RM473") == copies
    assert words_outside(made) == []


def test_the_address_and_the_steps_are_read_from_two_metres(documents: TypstDocuments) -> None:
    """A letter is read by good eyes from 400 times its height; these stand at twice that for everybody else."""
    (page,) = pymupdf.open(stream=documents.poster_pdf(poster()))
    sizes = {
        word: span["size"] * MILLIMETRES
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", [])
        for span in line["spans"]
        for word in [span["text"].strip()]
    }
    assert sizes["pay.example.dz/k/RM473"] > 10
    assert sizes["Scannez le code"] > 8
    assert sizes["Votre facture d’eau,"] > 18


def test_the_same_facts_make_the_same_bytes(documents: TypstDocuments) -> None:
    assert documents.poster_pdf(poster("ar")) == documents.poster_pdf(poster("ar"))


@pytest.mark.parametrize(
    "changes",
    [
        {"company": "#panic() " + "W" * 400, "place": "$x$ " * 60, "phone": "9" * 99},
        {"logo_svg": "<not a picture>"},
        {"logo_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><rect width="9" height="3"/></svg>'},
        {"colour": "javascript:", "address": "a" * 300},
    ],
)
@pytest.mark.parametrize("form", [PosterForm.A4, PosterForm.CARDS])
def test_no_fact_keeps_a_poster_from_being_made(
    documents: TypstDocuments, changes: dict[str, str], form: PosterForm
) -> None:
    made = documents.poster_pdf(replace(poster(form=form), **changes))
    assert pymupdf.open(stream=made).page_count == 1


@pytest.mark.parametrize("colour", ["#ffffff", "#ffc845", "#0b5d7a", "#00ff00", "#c0ffee", "", "red"])
def test_white_letters_stand_out_on_every_companys_colour(colour: str) -> None:
    ground = _ground(colour)
    light = _luminance([int(ground[at : at + 2], 16) for at in (1, 3, 5)])
    assert 1.05 / (light + 0.05) >= 4.5
