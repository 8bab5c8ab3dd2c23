"""Documents set by typst: warm compilers, fonts of our own, the same bytes for the same facts."""

from __future__ import annotations  # typst names its types for type checkers only

import io
from pathlib import Path
from threading import Lock
from typing import Final, Literal

import typst
from PIL import Image

from bawabati.adapters.documents.certificates import Certificate
from bawabati.adapters.documents.contract import ReceiptFacts
from bawabati.adapters.documents.morning import MorningPage
from bawabati.adapters.documents.papers import Paper
from bawabati.adapters.documents.posters import Poster
from bawabati.adapters.documents.typst_documents.certificate_page import certificate_page
from bawabati.adapters.documents.typst_documents.morning_page import morning_page
from bawabati.adapters.documents.typst_documents.paper_page import paper_page
from bawabati.adapters.documents.typst_documents.poster_page import poster_page
from bawabati.adapters.documents.typst_documents.receipt_page import receipt_page
from bawabati.errors import Broken

_HERE: Final = Path(__file__).parent
_PICTURE_WIDTH: Final = 1080
_COLOURS: Final = 32
_NEARLY_WHITE: Final = 250
_A4_WIDTH_INCHES: Final = 210 / 25.4
# Kept for ten years (PDF/A-2a) and read aloud by screen readers (PDF/UA-1).
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]
# The standards refuse a letter that our fonts lack; typst refuses a logo that is no picture. Either costs the page its
# seal or its logo, never the payer the receipt.
_FROM_BEST_TO_PLAINEST: Final[tuple[tuple[bool, list[typst.PDFStandard]], ...]] = (
    (True, _STANDARDS),
    (False, _STANDARDS),
    (True, []),
    (False, []),
)


class DocumentNotMade(Broken):
    """The template does not compile: our bug, for no fact is allowed to have that effect."""


class TypstDocuments:
    """Makes receipts and papers with typst. Safe to share between threads: one compiler of each, one page at a time.

    The first receipt of a process reads the fonts and the template, so make one maker and keep it.
    """

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"])
        self._compiler = typst.Compiler(_HERE / "receipt.typ", root=_HERE, font_paths=fonts)
        self._papers = typst.Compiler(_HERE / "paper.typ", root=_HERE, font_paths=fonts)
        self._certificates = typst.Compiler(_HERE / "certificate.typ", root=_HERE, font_paths=fonts)
        self._mornings = typst.Compiler(_HERE / "morning.typ", root=_HERE, font_paths=fonts)
        self._posters = typst.Compiler(_HERE / "poster.typ", root=_HERE, font_paths=fonts)
        self._one_at_a_time = Lock()

    def receipt_pdf(self, facts: ReceiptFacts) -> bytes:
        return self._best_page(facts, kind="pdf")

    def receipt_png(self, facts: ReceiptFacts) -> bytes:
        return _lighter(self._best_page(facts, kind="png"))

    def paper_pdf(self, paper: Paper) -> bytes:
        return self._pages(self._papers, paper_page(paper), title=paper.title, number=paper.number)

    def certificate_pdf(self, certificate: Certificate) -> bytes:
        page = certificate_page(certificate)
        return self._pages(self._certificates, page, title="company_closing", number=certificate.number)

    def morning_pdf(self, page: MorningPage) -> bytes:
        return self._pages(self._mornings, morning_page(page), title="morning_page", number=page.day)

    def poster_pdf(self, poster: Poster) -> bytes:
        refused = ""
        for with_logo in (True, False):
            page = poster_page(poster, with_logo=with_logo)
            try:
                return self._pages(self._posters, page, title=poster.form.value, number=poster.code)
            except DocumentNotMade as error:
                refused = str(error)
        raise DocumentNotMade(refused, title=poster.form.value, number=poster.code)

    def _pages(self, compiler: typst.Compiler, page: str, *, title: str, number: str) -> bytes:
        refused = ""
        for standards in (_STANDARDS, []):
            try:
                with self._one_at_a_time:
                    made = compiler.compile(format="pdf", sys_inputs={"facts": page}, pdf_standards=standards)
            except typst.TypstError as error:
                refused = error.message
                continue
            if isinstance(made, bytes):
                return made
        raise DocumentNotMade(f"typst refuses the paper: {refused}", title=title, number=number)

    def _best_page(self, facts: ReceiptFacts, *, kind: Literal["pdf", "png"]) -> bytes:
        refused: list[typst.TypstError] = []
        for with_logo, standards in _FROM_BEST_TO_PLAINEST:
            try:
                return self._page(facts, kind=kind, with_logo=with_logo, standards=standards)
            except typst.TypstError as error:
                refused.append(error)
        raise DocumentNotMade(f"typst refuses the receipt: {refused[-1].message}", number=facts.number)

    def _page(
        self,
        facts: ReceiptFacts,
        *,
        kind: Literal["pdf", "png"],
        with_logo: bool,
        standards: list[typst.PDFStandard],
    ) -> bytes:
        page = receipt_page(facts, with_logo=with_logo)
        with self._one_at_a_time:
            made = self._compiler.compile(
                format=kind,
                ppi=_PICTURE_WIDTH / _A4_WIDTH_INCHES,
                sys_inputs={"facts": page},
                pdf_standards=standards,
            )
        # typst answers with a list when there are several pages; the template makes one.
        if not isinstance(made, bytes):
            raise DocumentNotMade("the receipt is not one page", number=facts.number)
        return made


def _lighter(picture: bytes) -> bytes:
    """The picture with 32 colours in place of millions: a third of the bytes on a slow line, and no eye sees it."""
    with Image.open(io.BytesIO(picture)) as full:
        few_colours = full.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # The average of white and nearly white is no longer white.
    few_colours.putpalette([255 if level > _NEARLY_WHITE else level for level in few_colours.getpalette() or []])
    lighter = io.BytesIO()
    few_colours.save(lighter, "PNG")
    return lighter.getvalue()
