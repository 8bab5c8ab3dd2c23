"""Which scenario passes which side effect, read from the source: so that each pair is a test of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

REAL = Path(__file__).parent / "real"


def scenarios() -> list[tuple[str, str]]:
    """(side effect, name of a scenario that passes it), as the scenarios say."""
    return [
        (effect, function.name)
        for path in sorted(REAL.glob("scenarios*.py"))
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        for effect in _passes(function)
    ]


def _passes(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "passes":
            yield from (
                str(node.value)
                for argument in decorator.args
                for node in ast.walk(argument)
                if isinstance(node, ast.Constant)
            )
