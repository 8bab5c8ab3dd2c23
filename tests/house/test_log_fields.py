"""What is logged is declared, and secrets that get into any field do not get out."""

import ast
import json

import pytest
import structlog

from bawabati.config.logging import DECLARED
from house.source import PORTAL, python_files, shown

LEVELS = {"info", "warning", "error", "exception"}
OF_THE_LIBRARY = {"exc_info"}
HANDED_ON: dict[str, set[str | None]] = {"each.py": {None}}
"""`no_other_waits` hands on what its callers say, who are looked at themselves."""
CANARIES = {
    "card": "6280 5811 1000 7215",
    "password": "password=hunter2-the-canary",
    "otp": "otp: 730164-canary",
    "token": '{"token": "canary-of-a-token"}',
    "e-mail": "canary@example.dz",
    "link": "/r/AbCdEf" + "canary0" * 5 + "/",
    "payment number": "12345678901297",
    "bearer": "Authorization: Bearer canary-of-a-bearer",
    "header": "{'authorization': 'Basic canary-of-a-basic'}",
    "named": "gateway_password='canary-of-a-gateway'",
    "environment": "BAWABATI_SECRET_KEY=canary-of-a-setting",
    "address": "postgresql://bawabati_app:canary-of-a-database@database:5432/bawabati",
}
LEAKS = (
    "1000 7215",
    "hunter2",
    "730164-canary",
    "canary-of-a-token",
    "canary@example.dz",
    "canary0canary0",
    "345678901297",
    "canary-of-a-",
)
KINDS = {"text": str, "list": lambda canary: [canary], "fault": ValueError, "bytes": str.encode}


def test_every_field_that_the_portal_logs_is_declared() -> None:
    found = [
        f"{shown(path)}:{node.lineno} {keyword.arg}"
        for path, tree in python_files(PORTAL)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _logs(node.func)
        for keyword in node.keywords
        if keyword.arg not in DECLARED | OF_THE_LIBRARY | HANDED_ON.get(path.name, set())
    ]
    assert found == []


def _logs(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "no_other_waits"
    return (
        isinstance(called, ast.Attribute)
        and called.attr in LEVELS
        and isinstance(called.value, ast.Name)
        and called.value.id in {"log", "say"}
    )


@pytest.mark.parametrize("field", sorted(DECLARED - {"at", "level", "exception", "event"}))
def test_a_secret_in_any_field_stays_in(field: str, capfd: pytest.CaptureFixture[str]) -> None:
    for canary in CANARIES.values():
        structlog.get_logger("canaries").warning("something", **{field: canary})
    said = capfd.readouterr().err
    assert said.count("something") == len(CANARIES)
    assert [leak for leak in LEAKS if leak in said] == []
    assert all(json.loads(line) for line in said.splitlines())


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_stays_in_whatever_holds_it(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The writer of the lines spells out what is no text: after the net, if the net let it pass."""
    for canary in CANARIES.values():
        structlog.get_logger("canaries").warning("something", reason=KINDS[kind](canary), company_id=7)
    said = capfd.readouterr().err
    assert [leak for leak in LEAKS if leak in said] == []
    assert {json.loads(line)["company_id"] for line in said.splitlines()} == {7}


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_a_secret_in_the_words_of_a_fault_stays_in(canary: str, capfd: pytest.CaptureFixture[str]) -> None:
    try:
        [""].index(canary)
    except ValueError:
        structlog.get_logger("canaries").exception("it broke")
    said = capfd.readouterr().err
    assert "ValueError" in said
    assert [leak for leak in LEAKS if leak in said] == []
