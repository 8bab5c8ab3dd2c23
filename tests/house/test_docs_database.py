"""The database page names every table of ours, and which of them never change."""

import re
from typing import Any

import psycopg
import pytest
from django.apps import apps

from house.source import ROOT

PAGE = ROOT / "docs" / "reference" / "database.md"
ROW = re.compile(r"^\| `([a-z_]+)` \| [^|]+ \| ([^|]*) \|$", re.MULTILINE)
GUARDED = """
SELECT DISTINCT event_object_table FROM information_schema.triggers
WHERE trigger_name = event_object_table || '_insert_only'
"""


def test_the_page_and_the_models_have_the_same_tables() -> None:
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("bawabati.")]
    assert sorted(name for name, _ in ROW.findall(PAGE.read_text())) == sorted(tables)


@pytest.mark.usefixtures("database")
def test_the_page_says_which_tables_are_insert_only(behind_the_scenes: psycopg.Connection[Any]) -> None:
    guarded = {table for (table,) in behind_the_scenes.execute(GUARDED)}
    assert {name for name, changes in ROW.findall(PAGE.read_text()) if "never" in changes} == guarded
