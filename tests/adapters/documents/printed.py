"""What a receipt's PDF says, as a program reads it."""

import re
import unicodedata

import pymupdf


def page_of(pdf: bytes) -> pymupdf.Page:
    document = pymupdf.open(stream=pdf, filetype="pdf")
    assert document.page_count == 1
    return document[0]


def text_of(pdf: bytes) -> str:
    """The text of the page, its spaces of any kind and its line ends made one space each."""
    return " ".join(page_of(pdf).get_text().replace("\u200b", "").split())


def says(pdf: bytes, phrase: str) -> bool:
    """Whether the page holds the phrase; in Arabic, whether it holds each word of it.

    The extractor turns Arabic into reading order letter by letter: joined letters change places inside a word, letters
    under a vowel sign come twice. So Arabic words are compared as the letters they have, those with signs left out.
    """
    text = text_of(pdf)
    if not re.search(r"[\u0600-\u06ff]", phrase):
        return " ".join(phrase.split()) in text
    on_the_page = set(map(_letters, _words(text)))
    wanted = [word for word in _words(phrase) if not any(map(unicodedata.combining, word))]
    return all(_letters(word) in on_the_page for word in wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"[\u0621-\u06ff]+|[A-Za-z0-9][^\s\u0600-\u06ff]*", text)


def _letters(word: str) -> str:
    return "".join(sorted(unicodedata.normalize("NFKD", word).strip(".,:")))


def words_outside(pdf: bytes) -> list[str]:
    """The words that stand, even in part, beyond the edges of the page."""
    page = page_of(pdf)
    words = page.get_text("words", flags=pymupdf.TEXTFLAGS_WORDS & ~pymupdf.TEXT_MEDIABOX_CLIP)
    return [word for *box, word, _block, _line, _number in words if not page.rect.contains(pymupdf.Rect(box))]
