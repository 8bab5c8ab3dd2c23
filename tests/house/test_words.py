"""Words that the house does not use, and work that is said to be unfinished."""

import re
import tokenize

from house.source import ROOT, python_files, shown

EMPTY_NAMES = {"utils", "helpers", "common", "manager", "service", "data", "info", "misc"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def test_no_module_has_a_name_that_says_nothing() -> None:
    nameless = [shown(path) for path, _ in python_files(ROOT / "src") if EMPTY_NAMES & {path.stem, path.parent.name}]
    assert nameless == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    unfinished = []
    for path, _ in python_files(ROOT / "src", ROOT / "tests"):
        with tokenize.open(path) as code:
            unfinished += [
                f"{shown(path)}:{token.start[0]}"
                for token in tokenize.generate_tokens(code.readline)
                if token.type == tokenize.COMMENT and UNFINISHED.search(token.string)
            ]
    assert unfinished == []
