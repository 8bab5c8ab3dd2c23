"""Every side effect of every flow, read from the source: the places between which a process may die."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from house.source import PORTAL, python_files, shown

FLOWS = PORTAL / "flows"
MOMENTS = {"written_together": ("about to hold", "holds"), "outside": ("about to be sent", "answered")}


@dataclass(frozen=True, slots=True)
class SideEffect:
    """`kind` is "written_together" or "outside"; `inside` names the function that has it."""

    kind: str
    name: str
    inside: str
    place: str


def side_effects() -> list[SideEffect]:
    return [effect for path, tree in python_files(FLOWS) for effect in _of_file(shown(path), tree)]


def boundaries() -> list[str]:
    """The name of each crashpoint: before and after each side effect."""
    return [f"{effect.name}: {moment}" for effect in side_effects() for moment in MOMENTS[effect.kind]]


def _of_file(place: str, tree: ast.Module) -> Iterator[SideEffect]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MOMENTS:
                (name,) = node.args
                assert isinstance(name, ast.Constant), f"{place}:{node.lineno} the name of a side effect is written out"
                yield SideEffect(node.func.id, str(name.value), function.name, f"{place}:{node.lineno}")
