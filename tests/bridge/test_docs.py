"""The pages about the bridge say what its code does."""

import re
from collections.abc import Iterator
from dataclasses import fields

from agency_bridge.commands import parser
from agency_bridge.drivers.caisse_ap.driver import CaisseAp
from agency_bridge.drivers.contract import Capabilities, Outcome
from agency_bridge.drivers.manual.driver import Manual
from agency_bridge.drivers.nexo.answers import outcome_of_payment
from agency_bridge.drivers.nexo.driver import Nexo
from agency_bridge.drivers.registry import DRIVERS
from agency_bridge.journal.orders import Step
from agency_bridge.settings import Settings
from house.source import ROOT

GUIDE = (ROOT / "docs" / "guides" / "agency-bridge.md").read_text()
READERS = (ROOT / "docs" / "reference" / "readers.md").read_text()
QUOTED = re.compile(r"`([^`]+)`")


def rows(page: str, *, under: str) -> Iterator[list[str]]:
    """The cells of a table below a heading, without its own two first lines."""
    section = page.split(f"\n## {under}\n", 1)[1].split("\n## ", 1)[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_settings_page_is_the_settings_of_the_code() -> None:
    on_the_page = {row[0].strip("`"): row[1] for row in rows(GUIDE, under="Settings")}
    in_the_code = {each.name: f"`{each.default}`" if each.default != "" else "none" for each in fields(Settings)}
    assert on_the_page == in_the_code


def test_the_steps_of_the_journal_are_those_of_the_code() -> None:
    on_the_page = [row[0].strip("`") for row in rows(GUIDE, under="Its folder")]
    assert [step for step in on_the_page if "." not in step] == [step.value for step in Step if step != Step.WITHDRAWN]


def test_the_protocols_are_those_of_the_code() -> None:
    on_the_page = {row[0].strip("`") for row in rows(READERS, under="Protocols") if len(row) == 3}
    assert on_the_page == set(DRIVERS)


def test_what_each_protocol_can_do_is_what_its_driver_says() -> None:
    told = {"manual": Manual.capabilities, "nexo": Nexo.capabilities, "caisse_ap": CaisseAp.capabilities}
    on_the_page = {
        QUOTED.findall(row[0])[0]: row[1:] for row in rows(READERS, under="Protocols") if len(row) == len(told) + 1
    }
    assert on_the_page == {
        each.name: ["yes" if getattr(told[name], each.name) else "no" for name in told] for each in fields(Capabilities)
    }


def test_every_outcome_is_explained() -> None:
    explained = [outcome for row in rows(READERS, under="What a driver reports") for outcome in QUOTED.findall(row[0])]
    assert sorted(explained) == sorted(Outcome)


def test_every_condition_of_the_page_has_the_outcome_of_the_code() -> None:
    conditions = [row for row in rows(READERS, under="`nexo`") if len(row) == 2 and row[1].startswith("`")]
    assert len(conditions) == 4
    for row in conditions:
        for condition in QUOTED.findall(row[0]):
            body = {"Response": {"Result": "Failure", "ErrorCondition": condition}}
            assert f"`{outcome_of_payment(body)}`" == row[1], condition


def test_the_commands_of_the_guide_are_those_of_the_code() -> None:
    options = {
        option
        for action in parser()._subparsers._group_actions[0].choices.values()  # type: ignore[union-attr]
        for each in action._actions
        for option in each.option_strings
    }
    assert {"--portal", "--code", "--folder"} == options - {"-h", "--help"}
    for option in options - {"-h", "--help"}:
        assert option in GUIDE
