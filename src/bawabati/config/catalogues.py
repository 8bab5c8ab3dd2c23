"""The sentences that people read, collected from the code and kept in `locale/`, without gettext's own programs.

    python -m bawabati.config.catalogues update     collect sentences into locale/{ar,fr}/LC_MESSAGES/django.po
    python -m bawabati.config.catalogues check      is every sentence there, and translated?
    python -m bawabati.config.catalogues compile    write what Django reads (.mo), for the languages named or all

Collected are the usual calls (`gettext`, `{% translate %}` …) and the `sentence` of every error, which rules keep in
plain English and doors translate.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "fr")
"""English is the language of the sentences themselves."""

_WITH_COUNT = (1, 2)
_WITH_CONTEXT = ((1, "c"), 2)
_WITH_BOTH = ((1, "c"), 2, 3)
_CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": _WITH_COUNT,
    "ngettext_lazy": _WITH_COUNT,
    "pgettext": _WITH_CONTEXT,
    "pgettext_lazy": _WITH_CONTEXT,
    "npgettext": _WITH_BOTH,
    "npgettext_lazy": _WITH_BOTH,
}
_SENTENCES_OF_ERRORS = "sentence"
_HEADERS_OF_THE_DAY = tuple(
    f'"{name}' for name in ("Project", "Report", "POT", "PO-Revision", "Last", "Language-Team", "Generated")
)
"""They change each time, and say nothing that git does not."""


def catalogue_path(language: str) -> Path:
    """The file that holds the translations of `language`."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> Catalog:
    """Every sentence of the portal, with the places where it stands."""
    found = Catalog(project="bawabati", charset="utf-8")
    for path in sorted((*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt"))):
        place = path.relative_to(PACKAGE).as_posix()
        for line, message, comments, context in _sentences_in(path):
            found.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return found


def faults(language: str) -> list[str]:
    """What is wrong with the translations of `language`, a sentence each; empty when all is well."""
    kept = _read(language)
    wanted = collect()
    wrong = []
    for message in wanted:
        if not message.id:
            continue
        translated = kept.get(message.id, message.context)
        if translated is None:
            wrong.append(f"{language}: missing: {message.id!r}")
        elif translated.fuzzy:
            wrong.append(f"{language}: marked fuzzy: {message.id!r}")
        elif not all(translated.string if isinstance(translated.string, tuple) else [translated.string]):
            wrong.append(f"{language}: not translated: {message.id!r}")
        else:
            wrong += [f"{language}: {error}: {message.id!r}" for error in translated.check(kept)]
    wrong += [
        f"{language}: no longer in the code: {message.id!r}"
        for message in (*kept, *kept.obsolete.values())
        if message.id and (message in kept.obsolete.values() or wanted.get(message.id, message.context) is None)
    ]
    return wrong


def update(language: str) -> None:
    """Brings the catalogue of `language` up to what the code says; translations stay, sentences that went go."""
    kept = _read(language)
    kept.update(collect(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.header_comment = "# Made by `make messages`; write the translations here."
    written = BytesIO()
    # Without line numbers, which change with every edit of the code: the file is enough to find a sentence.
    write_po(written, kept, width=120, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line for line in lines if not line.startswith(_HEADERS_OF_THE_DAY)))


def compile_catalogue(language: str) -> None:
    """Writes the .mo beside the .po."""
    with catalogue_path(language).with_suffix(".mo").open("wb") as written:
        write_mo(written, _read(language))


def _read(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="bawabati", charset="utf-8", fuzzy=False)
    with path.open("rb") as written:
        return read_po(written, locale=language)


def _sentences_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text()
    if path.suffix == ".py":
        yield from _sentences_of_errors(text)
        yield from _sentences_inside_sentences(text)
    else:
        # Python's own tokenizer reads what is left, and would mind how a page is indented.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    yield from extract("python", BytesIO(text.encode()), keywords=_CALLS, comment_tags=("Translators:",))


def _sentences_of_errors(code: str) -> Iterator[tuple[int, str, list[str], None]]:
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.ClassDef):
            continue
        for line in node.body:
            targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
            value = getattr(line, "value", None)
            named = any(isinstance(target, ast.Name) and target.id == _SENTENCES_OF_ERRORS for target in targets)
            if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield line.lineno, value.value, [], None


def _sentences_inside_sentences(code: str) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Calls inside f-strings, which Babel reads as plain text before Python 3.12."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    inside = f"({ast.unparse(part.value)})"
                    found = extract("python", BytesIO(inside.encode()), keywords=_CALLS)
                    for _line, message, comments, context in found:
                        yield node.lineno, message, comments, context


def main() -> int:
    """1 when `check` found faults."""
    parser = argparse.ArgumentParser(prog="python -m bawabati.config.catalogues", description=__doc__)
    parser.add_argument("wish", choices=("update", "check", "compile"))
    parser.add_argument("languages", nargs="*", default=LANGUAGES, metavar="LANGUAGE")
    options = parser.parse_args()
    wrong: list[str] = []
    for language in options.languages:
        if options.wish == "update":
            update(language)
        elif options.wish == "compile":
            compile_catalogue(language)
        else:
            wrong += faults(language)
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
