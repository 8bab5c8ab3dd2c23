"""The settings page names every variable that the code reads, with its default, and no other."""

import ast
import re
from collections.abc import Iterator

from house.source import PORTAL, ROOT, python_files

PAGE = ROOT / "docs" / "reference" / "settings.md"
VARIABLE = re.compile(r"(?:BAWABATI|DATABASE)_[A-Z_]+")
ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]*) \|", re.MULTILINE)
OR_A_FILE = "_FILE"
"""Behind the name of a secret: the file that holds it."""


def variables_of_the_code() -> set[str]:
    return {
        node.value.removesuffix(OR_A_FILE)
        for path, tree in python_files(PORTAL, ROOT / "src" / "demo")
        if path.name != "explained.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value)
    }


def defaults_of_the_code() -> Iterator[tuple[str, object]]:
    """Variables whose default is written out in the settings."""
    for node in ast.walk(ast.parse((PORTAL / "config" / "settings.py").read_text())):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        name = node.args[0].value
        for keyword in node.keywords:
            if keyword.arg == "default" and isinstance(keyword.value, ast.Constant) and VARIABLE.fullmatch(str(name)):
                yield str(name), keyword.value.value


def as_written(default: object) -> str:
    if default == "":
        return "none"
    return f"`{int(default) if isinstance(default, bool) else default}`"


def test_every_variable_of_the_code_is_on_the_page() -> None:
    assert sorted(variables_of_the_code() - {name for name, _ in ROW.findall(PAGE.read_text())}) == []


def test_every_variable_of_the_page_is_in_the_code() -> None:
    assert sorted({name for name, _ in ROW.findall(PAGE.read_text())} - variables_of_the_code()) == []


def test_the_page_holds_each_variable_once() -> None:
    names = [name for name, _ in ROW.findall(PAGE.read_text())]
    assert sorted(names) == sorted(set(names))


def test_the_page_gives_the_defaults_of_the_code() -> None:
    on_the_page = dict(ROW.findall(PAGE.read_text()))
    in_the_code = {name: as_written(default) for name, default in defaults_of_the_code()}
    assert len(in_the_code) > 5
    assert {name: on_the_page[name].strip() for name in in_the_code} == in_the_code
