"""A payment's state has one door, and a refund's has one.

Rooms below the payments are left out: they cannot know a payment, and have states of their own.
"""

import ast
from pathlib import Path

from house.source import PORTAL, floors, python_files, shown

WRITES = PORTAL / "payments" / "writes"
DIFFERENCES = PORTAL / "settlement" / "writes" / "differences.py"
DOORS = (
    *(WRITES / "moving.py", WRITES / "refunds.py", WRITES / "sales.py"),
    *(WRITES / "channels.py", DIFFERENCES),
)
"""Of a payment, a refund, a sale, a reservation and a difference. Each assigns it once, after asking its table."""
ORDERS = WRITES / "orders.py"
"""What bridges are told has states of its own, in three steps that the database's table holds."""


def assigns_a_state(node: ast.AST) -> bool:
    """`payment.state = …`, also in a tuple, with an operator, or through setattr."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name == "setattr" and len(node.args) > 1 and ast.unparse(node.args[1]) in {"'state'", '"state"'}
    return isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store | ast.Del)


def updates_states(node: ast.AST) -> bool:
    """`Payment.objects….update(state=…)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "update_or_create", "bulk_update"}
        and any(f"{model}.objects" in ast.unparse(node.func) for model in ("Payment", "Refund", "Sale", "Reservation"))
        and ("state" in {keyword.arg for keyword in node.keywords} or "'state'" in ast.unparse(node))
    )


def rooms_that_may_know_a_payment() -> list[Path]:
    height = floors()
    return [PORTAL / room for room in height if height[room] <= height["payments"]]


def test_nobody_else_assigns_the_state_of_a_payment_or_a_refund() -> None:
    assigning = [
        f"{shown(path)}:{node.lineno}"
        for path, tree in python_files(*rooms_that_may_know_a_payment())
        if path not in {*DOORS, ORDERS}
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and (assigns_a_state(node) or updates_states(node))
    ]
    assert assigning == []


def test_each_door_assigns_it_in_one_place() -> None:
    assigning = [
        sum(assigns_a_state(node) for node in ast.walk(ast.parse(door.read_text())) if isinstance(node, ast.expr))
        for door in DOORS
    ]
    assert assigning == [1, 1, 1, 1, 1]
