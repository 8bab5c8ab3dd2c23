"""Whatever the promises page names as holding a promise is really there; and no relation escapes its company."""

import ast
import re
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models

from bawabati.flows.steps.book_checks import BOOK_CHECKS
from bawabati.payments.rules import Discrepancy
from house.source import PORTAL, ROOT, python_files

PAGE = ROOT / "docs" / "concepts" / "promises.md"
GUIDE = ROOT / "docs" / "guides" / "daily-checks.md"
NAME = re.compile(r"`(…?[a-z][a-z0-9_]*_[a-z0-9_]+)`")
INVARIANT = re.compile(r"^\| (I\d+) \|", re.MULTILINE)
GUARDS = """
SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes
UNION SELECT tgname FROM pg_trigger UNION SELECT tablename FROM pg_tables
"""


def checks_of_the_books() -> set[str]:
    """Those of the database by themselves, and those that compare with the outside."""
    flow = ast.parse((PORTAL / "flows" / "check_books.py").read_text())
    outside = {
        str(call.args[0].value)
        for call in ast.walk(flow)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "_difference"
        and isinstance(call.args[0], ast.Constant)
    }
    return outside | {check.name for check in BOOK_CHECKS} | {str(found) for found in Discrepancy}


def names_of_tests() -> set[str]:
    return {
        node.name
        for _, tree in python_files(ROOT / "tests")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def relations_inside_a_company() -> set[str]:
    """table_column of every relation between two tables whose rows each belong to a company."""
    owned = {model for model in apps.get_models() if any(field.name == "company" for field in model._meta.fields)}
    return {
        f"{model._meta.db_table}_{field.column}"
        for model in owned
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.related_model in owned
    }


@pytest.mark.usefixtures("database")
def test_everything_that_the_page_names_is_there(behind_the_scenes: psycopg.Connection[Any]) -> None:
    guards = {str(name) for (name,) in behind_the_scenes.execute(GUARDS)}
    known = guards | checks_of_the_books() | names_of_tests() | {"synchronous_commit"}
    unknown = [
        name
        for name in NAME.findall(PAGE.read_text(encoding="utf-8"))
        if not any(one.endswith(name[1:]) if name.startswith("…") else one == name for one in known)
    ]
    assert unknown == []


def test_every_check_of_the_books_is_on_the_page() -> None:
    assert sorted(checks_of_the_books() - set(NAME.findall(PAGE.read_text(encoding="utf-8")))) == []


def test_the_daily_checks_say_what_to_do_about_every_check_of_the_books() -> None:
    assert sorted(checks_of_the_books() - set(NAME.findall(GUIDE.read_text(encoding="utf-8")))) == []


def test_every_promise_stands_on_the_page_once() -> None:
    assert INVARIANT.findall(PAGE.read_text(encoding="utf-8")) == [f"I{number}" for number in range(1, 17)]


@pytest.mark.usefixtures("database")
def test_every_relation_inside_a_company_is_held_by_the_database(behind_the_scenes: psycopg.Connection[Any]) -> None:
    names = behind_the_scenes.execute("SELECT conname FROM pg_constraint WHERE conname LIKE '%\\_same\\_company'")
    held = {str(name).removesuffix("_same_company") for (name,) in names}
    assert sorted(relations_inside_a_company() - held) == []
