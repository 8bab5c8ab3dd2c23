"""Pages that are written from the code are as the code says, and what is in them holds together."""

from pathlib import Path

import pytest
import yaml

from bawabati.config.explained import CHAPTERS
from bawabati.config.pages_from_code import pages
from bawabati.flows.steps.measured import STATEMENTS
from bawabati.operations.rules import ALARMS, MEASURES
from house.source import ROOT


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.name)
def test_the_page_is_as_the_code_says(page: Path) -> None:
    assert page.read_text() == pages()[page], "run: python -m bawabati.config.pages_from_code"


def test_every_alarm_is_about_a_measure_and_has_one_threshold() -> None:
    measures = {measure.name: set(measure.by) for measure in MEASURES}
    for alarm in ALARMS:
        assert {name for name, _ in alarm.only} <= measures[alarm.measure], alarm.name
        assert (alarm.above is None) != (alarm.below is None), alarm.name


def test_alarms_and_measures_are_named_once() -> None:
    for names in ([alarm.name for alarm in ALARMS], [measure.name for measure in MEASURES]):
        assert sorted(names) == sorted(set(names))


def test_every_statement_is_of_a_measure() -> None:
    assert set(STATEMENTS) <= {measure.name for measure in MEASURES}


def test_the_rules_of_prometheus_are_yaml_with_every_alarm() -> None:
    told = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
    rules = told["groups"][0]["rules"]
    assert {rule["alert"] for rule in rules} == {f"Bawabati{alarm.name}" for alarm in ALARMS} | {"BawabatiPortalDown"}
    assert all(rule["labels"]["severity"] in {"page", "ticket"} for rule in rules)


def test_a_variable_is_explained_once() -> None:
    names = [variable.name for chapter in CHAPTERS for variable in chapter.variables]
    assert sorted(names) == sorted(set(names))
