"""A list as a file: CSV or XLSX, from rows one at a time.

The file is written whole before its first byte leaves: what goes wrong is a page that says so, never half a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Final, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bawabati.adapters import registry
from bawabati.adapters.sheets.contract import Cell, Sheet

FORMS: Final = ("csv", "xlsx")
EXPORT_AT_MOST: Final = 50_000
_IN_MEMORY: Final = 1_000_000


def wanted_form(request: HttpRequest) -> str:
    """The form in which the address asks for the list (`?as=csv`); empty for the page."""
    form = request.GET.get("as", "")
    return form if form in FORMS else ""


def as_file(
    form: str, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], at_most: int = EXPORT_AT_MOST
) -> HttpResponse:
    """The list as a file called `name` and today's date. `header` holds message identifiers.

    After `at_most` rows a last line says that there are more. Memory stays flat however long the list is.
    """
    written: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    writer, now = registry.sheet_writer(form), timezone.now()
    sheet = Sheet(
        title=name,
        head=[gettext(head) for head in header],
        rows=_with_word_when_cut(iter(rows), at_most=at_most),
        made_at=now,
        language=get_language() or settings.LANGUAGE_CODE,
        for_people=True,
        year_first=True,
    )
    writer.write(sheet, written)
    written.seek(0)
    today = timezone.localdate(now).isoformat()
    answer = FileResponse(
        written, as_attachment=True, filename=f"{name}-{today}.{form}", content_type=writer.content_type
    )
    return cast("HttpResponse", answer)  # a view gives it like any other; Django parts what is streamed by type alone


def _with_word_when_cut(rows: Iterator[Sequence[Cell]], *, at_most: int) -> Iterator[Sequence[Cell]]:
    yield from islice(rows, at_most)
    if next(rows, None) is not None:
        yield [gettext("The list is longer: only its first %(count)s lines are here. Narrow it.") % {"count": at_most}]
