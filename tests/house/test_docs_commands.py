"""The commands page names every command of ours with each of its options, and no other."""

import re
from collections.abc import Iterator

from django.core.management import load_command_class
from django.core.management.base import BaseCommand

from house.source import PORTAL, ROOT

PAGE = ROOT / "docs" / "reference" / "commands.md"
COMMANDS = PORTAL / "jobs" / "management" / "commands"
SECTION = re.compile(r"^## `bawabati ([a-z-]+)[^`]*`\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"`(--[a-z-]+)[^`]*`")


def options_of(command: BaseCommand) -> set[str]:
    """Its own options, without those that every Django command has."""
    django = BaseCommand().create_parser("bawabati", "any")
    usual = {option for action in django._actions for option in action.option_strings}
    parser = command.create_parser("bawabati", "this")
    return {option for action in parser._actions for option in action.option_strings} - usual


def in_the_code() -> Iterator[tuple[str, set[str]]]:
    for path in sorted(COMMANDS.glob("[a-z]*.py")):
        yield path.stem.replace("_", "-"), options_of(load_command_class("bawabati.jobs", path.stem))


def test_the_page_and_the_code_have_the_same_commands_with_the_same_options() -> None:
    on_the_page = {name: set(OPTION.findall(text)) for name, text in SECTION.findall(PAGE.read_text())}
    assert on_the_page == dict(in_the_code())
