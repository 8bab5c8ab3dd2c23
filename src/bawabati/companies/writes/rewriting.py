"""Making a row say what a description says, and telling what that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model


def rewrite(row: Model, columns: Mapping[str, object]) -> list[str]:
    """The columns that said something else, in the order of `columns`. Safe to repeat: then there are none."""
    return list(rewrite_telling(row, columns))


def rewrite_telling(row: Model, columns: Mapping[str, object]) -> dict[str, list[Any]]:
    """The same, each with what it said before and what it says now."""
    changed = {name: [getattr(row, name), value] for name, value in columns.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        row.save(update_fields=list(changed))
    return changed
