"""Which scenario passes which side effect, read from the source: so that each pair is a test of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

REAL = Path(__file__).parent / "real"
BRIDGE = Path(__file__).parents[2] / "src" / "agency_bridge"
ELSEWHERE = frozenset(
    {"bridge: journal: receipt given", "bridge: portal: offline receipt", "bridge: journal: withdrawn"}
)
"""Of cash that is taken while the line is cut, and of orders that were withdrawn: the bridge's own tests die there."""


def scenarios() -> list[tuple[str, str]]:
    """(side effect, name of a scenario that passes it), as the scenarios say."""
    return [
        (effect, function.name)
        for path in sorted(REAL.glob("scenarios*.py"))
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        for effect in _passes(function)
    ]


def bridge_boundaries() -> list[str]:
    """Where a bridge may die between two side effects of an order, as its source says."""
    found = (
        str(node.args[0].value)
        for path in sorted(BRIDGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "crashpoint"
        and isinstance(node.args[0], ast.Constant)
    )
    return sorted({f"bridge: {name}" for name in found} - ELSEWHERE)


def _passes(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "passes":
            yield from (
                str(node.value)
                for argument in decorator.args
                for node in ast.walk(argument)
                if isinstance(node, ast.Constant)
            )
