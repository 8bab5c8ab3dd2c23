"""The documented file is the file that is read."""

import re
from pathlib import Path

from bawabati.adapters.billfiles.spelling.columns import NAMES, NEEDED, plain_name

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "bill-file.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|", re.MULTILINE)
REASON = re.compile(r'(?:ValueFault\(|Oddity\([^\n]*, |_bad\(line, |return |BadLine\([^\n]*)"([a-z]+(?:_[a-z]+)+)"')
SET_REASON = re.compile(r"reason(?:=\"|', reason='| = ')([a-z_]+)")


def test_every_column_and_each_of_its_names_is_on_the_page() -> None:
    rows = {meaning: (needed, names) for meaning, needed, names in ROW.findall(PAGE)}
    assert rows.keys() >= NAMES.keys()
    for meaning, names in NAMES.items():
        needed, written = rows[meaning]
        assert (needed == "yes") == (meaning in NEEDED)
        assert {plain_name(name) for name in names} - {plain_name(meaning)} <= {
            plain_name(name) for name in written.split(", ")
        }


def test_every_reason_is_on_the_page() -> None:
    folders = (
        "adapters/billfiles/csv_bills",
        "adapters/billfiles/spelling",
        "adapters/billfiles/xlsx_bills",
        "bills/rules",
        "bills/writes",
    )
    code = "".join(
        path.read_text() for folder in folders for path in sorted((ROOT / "src" / "bawabati" / folder).glob("*.py"))
    )
    reasons = {*REASON.findall(code), *SET_REASON.findall(code)} - set(NAMES)
    assert {"value_missing", "line_too_long", "payment_number_twice", "payment_number_changed"} <= reasons
    assert sorted(reason for reason in reasons if f"`{reason}`" not in PAGE) == []
