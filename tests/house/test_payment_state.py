"""A payment's state has one door.

Rooms below the payments are left out: they cannot know a payment, and have states of their own.
"""

import ast
from pathlib import Path

from house.source import PORTAL, floors, python_files, shown

THE_DOOR = PORTAL / "payments" / "writes" / "moving.py"


def assigns_a_state(node: ast.AST) -> bool:
    """`payment.state = …`, also in a tuple, with an operator, or through setattr."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name == "setattr" and len(node.args) > 1 and ast.unparse(node.args[1]) in {"'state'", '"state"'}
    return isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store | ast.Del)


def updates_states_of_payments(node: ast.AST) -> bool:
    """`Payment.objects….update(state=…)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "update_or_create", "bulk_update"}
        and "Payment.objects" in ast.unparse(node.func)
        and ("state" in {keyword.arg for keyword in node.keywords} or "'state'" in ast.unparse(node))
    )


def rooms_that_may_know_a_payment() -> list[Path]:
    height = floors()
    return [PORTAL / room for room in height if height[room] <= height["payments"]]


def test_only_one_file_assigns_the_state_of_a_payment() -> None:
    assigning = [
        f"{shown(path)}:{node.lineno}"
        for path, tree in python_files(*rooms_that_may_know_a_payment())
        if path != THE_DOOR
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and (assigns_a_state(node) or updates_states_of_payments(node))
    ]
    assert assigning == []


def test_the_door_itself_assigns_it() -> None:
    tree = ast.parse(THE_DOOR.read_text())
    assert any(assigns_a_state(node) or updates_states_of_payments(node) for node in ast.walk(tree))
