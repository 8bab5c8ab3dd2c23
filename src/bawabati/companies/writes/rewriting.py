"""Making a row say what a description says, and telling what that changed."""

from collections.abc import Mapping

from django.db.models import Model


def rewrite(row: Model, columns: Mapping[str, object]) -> list[str]:
    """The columns that said something else, in the order of `columns`. Safe to repeat: then there are none."""
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        row.save(update_fields=changed)
    return changed
