"""Flows ask and change through the records' own rooms, and call no other flow."""

import ast

from house.source import PORTAL, shown

FLOWS = PORTAL / "flows"
OF_THE_RECORDS = {"objects", "save", "delete", "bulk_create"}


def test_no_flow_reaches_into_a_table() -> None:
    found = [
        f"{shown(path)}:{node.lineno} .{node.attr}"
        for path in FLOWS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in OF_THE_RECORDS
    ]
    assert found == []


def test_no_flow_calls_another() -> None:
    flows = {f"bawabati.flows.{path.stem}" for path in FLOWS.glob("*.py")} - {"bawabati.flows.__init__"}
    found = [
        f"{shown(path)} imports {node.module}"
        for path in FLOWS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module in flows
        and any(name.name == node.module.rpartition(".")[2] for name in node.names)
    ]
    assert found == []
