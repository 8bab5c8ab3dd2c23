"""The tables are what the models say."""

import pytest
from django.core.management import call_command


@pytest.mark.usefixtures("database")
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(f"`bawabati makemigrations` has something to write:\n{capsys.readouterr().out}")
