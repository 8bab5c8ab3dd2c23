"""Each rule stands once in docs/reference/rules.md with its source, and once or more in the code."""

import re

from house.source import PORTAL, ROOT

PROGRAMS = (PORTAL, ROOT / "src" / "agency_bridge")
PAGE = ROOT / "docs" / "reference" / "rules.md"
IN_CODE = re.compile(r"Rule: ([a-z0-9][a-z0-9-]*)")
ON_PAGE = re.compile(r"^(?:\| |#+ )`([a-z0-9][a-z0-9-]*)`", re.MULTILINE)


def rules_in_code() -> set[str]:
    return {
        rule for program in PROGRAMS for path in program.rglob("*.py") for rule in IN_CODE.findall(path.read_text())
    }


def rules_on_the_page() -> list[str]:
    return ON_PAGE.findall(PAGE.read_text())


def test_every_rule_of_the_code_is_on_the_page() -> None:
    assert sorted(rules_in_code() - set(rules_on_the_page())) == []


def test_every_rule_of_the_page_is_in_the_code() -> None:
    assert sorted(set(rules_on_the_page()) - rules_in_code()) == []


def test_the_page_holds_each_rule_once() -> None:
    rules = rules_on_the_page()
    assert sorted(rules) == sorted(set(rules))
