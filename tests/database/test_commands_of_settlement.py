"""The commands of settlement, as a finance officer types them, and the preview before anything is kept."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from bawabati.flows.import_statement import prepare_profiles
from bawabati.flows.preview_statement import preview_statement
from bawabati.people.reads import find_staff
from bawabati.people.rules import NotAllowed
from bawabati.settlement.models import Statement
from bawabati.settlement.reads import find_profile
from people import NOON, OMAR, SALIMA, add_company
from settling import ACQUIRER_HEAD, line, salima, total

pytestmark = pytest.mark.usefixtures("database")


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([ACQUIRER_HEAD, *lines, total(lines)]) + "\n")
    return path


def said(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_a_file_is_brought_in_once_and_its_items_are_listed(tmp_path: Path) -> None:
    add_company()
    file = written(tmp_path / "SATIM_1_20261119.csv", line(order="1", reference="x", gross=5000))
    command = ("import_statement", file, "--company", "oran", "--profile", "satim", "--as", SALIMA)
    first = said(*command)
    assert "1 lines of 19/11/2026: 0 told before, 0 bad." in first
    assert "1 × not_ours" in first
    assert "Nothing has changed." in said(*command)
    listed = said("list_differences", "--company", "oran")
    assert "19/11/2026 not_ours" in listed
    assert f"50.00\u00a0DA, open, owner {SALIMA}" in listed
    assert "No difference is open." in said("list_differences", "--company", "oran", "--day", "2026-11-20")


def test_what_cannot_be_taken_is_said_in_words(tmp_path: Path) -> None:
    add_company()
    bad = line(order="1", reference="x").replace("10:00:00", "99:99")
    file = written(tmp_path / "SATIM_1_20261119.csv", bad)
    to = ("--company", "oran", "--as", SALIMA)
    with pytest.raises(CommandError, match="1 lines cannot be read"):
        said("import_statement", file, *to, "--profile", "satim")
    with pytest.raises(CommandError, match="satim"):
        said("import_statement", file, *to, "--profile", "nobody")
    with pytest.raises(CommandError):
        said("import_statement", tmp_path / "none.csv", *to, "--profile", "satim")
    with pytest.raises(CommandError, match="allowed"):
        said("import_statement", file, "--company", "oran", "--as", OMAR, "--profile", "satim")
    assert not Statement.objects.exists()
    assert "1 × unreadable_line" in said("import_statement", file, *to, "--profile", "satim", "--keep-bad-lines")


def test_the_preview_shows_sums_and_bad_lines_and_keeps_nothing(tmp_path: Path) -> None:
    company = add_company()
    prepare_profiles(company_id=company.id, staff=salima(), now=NOON)
    profile = find_profile(company_id=company.id, code="satim")
    assert profile is not None
    good = [line(order=f"{number}", reference=f"x{number}", fee=100, vat=19) for number in range(30)]
    file = written(tmp_path / "SATIM_1_20261119.csv", *good, good[0].replace("19/11/2026", "99/99/2026"))
    named = {"company_id": company.id, "profile_id": profile.id, "file_name": file.name, "path": file, "now": NOON}
    preview = preview_statement(**named, staff=salima())  # type: ignore[arg-type]  # each is what its name says
    assert (preview.line_count, preview.bad_count, len(preview.lines)) == (30, 1, 20)
    assert (preview.gross_centimes, preview.fee_centimes, preview.vat_centimes) == (30 * 143050, 3000, 570)
    assert preview.announced["gross"] == 31 * 143050
    assert (preview.day, preview.known, preview.total_missing) == (date(2026, 11, 19), None, False)
    assert not Statement.objects.exists()
    omar = find_staff(OMAR)
    assert omar is not None
    with pytest.raises(NotAllowed):
        preview_statement(**named, staff=omar)  # type: ignore[arg-type]  # as above
