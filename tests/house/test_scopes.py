"""Wherever the second wall is opened, the docs say so, in the same words."""

import ast
import re

from house.source import ROOT

PAGE = ROOT / "docs" / "concepts" / "one-company.md"
OPENS = frozenset({"every_company", "enter_every_company"})
ROW = re.compile(r"^\| ([^|]+) \| `([^`|]+)` \|$", re.MULTILINE)


def openings() -> set[tuple[str, str]]:
    """Why and where, of each call in our code. A reason that is no literal stands for itself and fails."""
    source = ROOT / "src" / "bawabati"
    return {
        (argument.value if isinstance(argument, ast.Constant) else ast.dump(argument), str(path.relative_to(source)))
        for path in source.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in OPENS
        for argument in call.args
    }


def test_every_opening_stands_in_the_docs_with_its_reason() -> None:
    assert set(ROW.findall(PAGE.read_text())) == openings()
