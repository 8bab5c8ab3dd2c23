"""The report that one hands over: HTML and PDF in three languages, the pictures beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_noop as _
from playwright.sync_api import Browser

from bawabati.jobs.acceptance.kept import About, KeptLine
from bawabati.jobs.acceptance.lines import Chapter, Picture, Result
from bawabati.jobs.acceptance.the_list import CHAPTERS
from bawabati.money.dates import display_moment

REPORT_LANGUAGES: Final = ("ar", "fr", "en")

_RESULTS: Final = {
    Result.PASSED: _("Passed"),
    Result.FAILED: _("Failed"),
    Result.NOT_CHECKED: _("Not checked"),
}
_MARGINS: Final = {"top": "14mm", "bottom": "17mm", "left": "13mm", "right": "13mm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line in one language."""

    id: str
    title: str
    words: str
    source: str
    result: Result
    result_words: str
    said: list[SafeString]
    pictures: tuple[Picture, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChapter:
    """A chapter in one language."""

    title: str
    lines: list[ShownLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A picture with its caption and the lines that refer to it."""

    number: int
    file: str
    caption: SafeString
    lines: str


def write_reports(
    folder: Path, *, about: About, lines: Sequence[KeptLine], browser: Browser, now: datetime
) -> list[Path]:
    """Writes `report.<language>.html` and `.pdf` for each language; gives the files."""
    written = []
    for language in REPORT_LANGUAGES:
        page = folder / f"report.{language}.html"
        page.write_text(report_in(language, about=about, lines=lines, now=now), encoding="utf-8")
        document = page.with_suffix(".pdf")
        _print(page, document, browser=browser, language=language, about=about)
        written += [page, document]
    return written


def report_in(language: str, *, about: About, lines: Sequence[KeptLine], now: datetime) -> str:
    """The report as a page of HTML."""
    with translation.override(language):
        counts = Counter(line.result for line in lines)
        context = {
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
            "about": about,
            "company": about.company_names[language],
            "moment": display_moment(now),
            "counts": [(result, gettext(words), counts[result]) for result, words in _RESULTS.items()],
            "chapters": [_chapter(chapter, lines) for chapter in Chapter if _of(chapter, lines)],
            "open_lines": [_line(line) for line in lines if line.result is not Result.PASSED],
            "pictures": _pictures(lines),
        }
        return render_to_string("acceptance/report.html", context)


def _of(chapter: Chapter, lines: Sequence[KeptLine]) -> list[KeptLine]:
    return [line for line in lines if line.chapter is chapter]


def _chapter(chapter: Chapter, lines: Sequence[KeptLine]) -> ShownChapter:
    return ShownChapter(title=gettext(CHAPTERS[chapter]), lines=[_line(line) for line in _of(chapter, lines)])


def _line(line: KeptLine) -> ShownLine:
    return ShownLine(
        id=line.id,
        title=gettext(line.title),
        words=gettext(line.words),
        source=gettext(line.source),
        result=line.result,
        result_words=gettext(_RESULTS[line.result]),
        said=[said.html() for said in line.said],
        pictures=line.pictures,
        at=display_moment(line.at),
    )


def _pictures(lines: Sequence[KeptLine]) -> list[ShownPicture]:
    users: dict[int, list[str]] = {}
    found: dict[int, Picture] = {}
    for line in lines:
        for picture in line.pictures:
            found[picture.number] = picture
            users.setdefault(picture.number, []).append(line.id)
    return [
        ShownPicture(
            number=number, file=found[number].file, caption=found[number].caption.html(), lines=", ".join(users[number])
        )
        for number in sorted(found)
    ]


def _print(page: Path, document: Path, *, browser: Browser, language: str, about: About) -> None:
    with translation.override(language):
        title = format_html("{} · {}", gettext("Acceptance report"), about.company_names[language])
        direction = "rtl" if get_language_bidi() else "ltr"
    foot = format_html(
        '<div dir="{}" style="width:100%;margin:0 13mm;font:7.5pt sans-serif;color:#4a5f69;display:flex;'
        'justify-content:space-between"><span>{}</span><span dir="ltr"><span class="pageNumber"></span> / '
        '<span class="totalPages"></span></span></div>',
        direction,
        title,
    )
    with browser.new_context() as context:
        sheet = context.new_page()
        sheet.goto(page.absolute().as_uri())
        sheet.pdf(
            path=document,
            format="A4",
            margin=_MARGINS,  # type: ignore[arg-type]  # a TypedDict with these very keys
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=foot,
            outline=True,
            tagged=True,
        )
