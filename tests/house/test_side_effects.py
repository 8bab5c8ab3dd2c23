"""No flow writes or calls outside the two side effects that the fault harness dies around."""

import ast
from collections import Counter

from house.side_effects import FLOWS, side_effects
from house.source import python_files, shown

CALLS_TO_THE_OUTSIDE = {"register", "ask", "ask_by_number", "refund", "send"}
THE_ONLY_PLACE = "src/bawabati/flows/steps/side_effects.py"


def test_every_side_effect_has_a_name_of_its_own() -> None:
    twice = [name for name, count in Counter(effect.name for effect in side_effects()).items() if count > 1]
    assert twice == []


def test_there_are_side_effects_to_find() -> None:
    assert {"start_payment: attempt written", "open_order: register"} <= {effect.name for effect in side_effects()}


def test_no_flow_opens_a_transaction_of_another_kind() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path, tree in python_files(FLOWS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.db"
        and any(name.name == "transaction" for name in node.names)
        and shown(path) != THE_ONLY_PLACE
    ]
    assert found == []


def test_no_flow_calls_the_outside_without_saying_so() -> None:
    found = []
    for path, tree in python_files(FLOWS):
        said = {id(inner) for block in ast.walk(tree) if _says_outside(block) for inner in ast.walk(block)}
        found += [
            f"{shown(path)}:{node.lineno} .{node.func.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CALLS_TO_THE_OUTSIDE
            and id(node) not in said
        ]
    assert found == []


def _says_outside(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any(
        isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Name)
        and item.context_expr.func.id == "outside"
        for item in node.items
    )
