"""Every name that the code gives to an act of a person, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import product

from house.source import python_files

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Modules:
    """The portal's code, as far as it says which acts there are."""

    def __init__(self) -> None:
        self.trees = dict(python_files())
        self.unread: list[str] = []

    def names(self) -> set[str]:
        """Every name of an act. What could not be read is in `unread`, by file and line."""
        found: set[str] = set()
        for path, tree in self.trees.items():
            for function, call in calls_of("record_act", tree):
                before = len(self.unread)
                found |= self.values_of(argument(call, "action"), function, tree)
                self.unread[before:] = [f"{path.name}:{call.lineno}: {what}" for what in self.unread[before:]]
        return found

    def values_of(self, said: ast.expr | None, function: Function | None, tree: ast.Module) -> set[str]:
        match said:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=one, orelse=other):
                return self.values_of(one, function, tree) | self.values_of(other, function, tree)
            case ast.JoinedStr(values=parts):
                each = [self.values_of(part, function, tree) for part in parts]
                return {"".join(words) for words in product(*each)}
            case ast.FormattedValue(value=inner):
                return self.values_of(inner, function, tree)
            case ast.Name(id=name) if function is not None:
                return self.values_of_name(name, function, tree)
            case ast.Attribute(value=ast.Name(id=name), attr=member) if found := self.member_of(name, member):
                return found
            case _:
                self.unread.append(ast.unparse(said) if said is not None else "an argument that is not given")
                return set()

    def values_of_name(self, name: str, function: Function, tree: ast.Module) -> set[str]:
        """Of a parameter: what its callers give. Of anything else: what is assigned to it."""
        arguments = [*function.args.posonlyargs, *function.args.args]
        places = {each.arg: place for place, each in enumerate(arguments)}
        if name not in places and name not in {each.arg for each in function.args.kwonlyargs}:
            given = [
                node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and any(getattr(each, "id", "") == name for each in node.targets)
            ]
            return self.all_of((said, function, tree) for said in given)
        home = next(path.stem for path, other in self.trees.items() if other is tree)
        callers = [other for other in self.trees.values() if other is tree or imports(function.name, home, other)]
        return self.all_of(
            (argument(call, name, places.get(name)), caller, other)
            for other in callers
            for caller, call in calls_of(function.name, other)
        )

    def member_of(self, name: str, member: str) -> set[str]:
        """Of an enumeration that some module of ours defines."""
        classes = [node for tree in self.trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        return {
            node.value.value
            for one in classes
            if one.name == name
            for node in one.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            if isinstance(node.value.value, str) and any(getattr(each, "id", "") == member for each in node.targets)
        }

    def all_of(self, said: Iterable[tuple[ast.expr | None, Function | None, ast.Module]]) -> set[str]:
        return {value for each in said for value in self.values_of(*each)}


def imports(name: str, home: str, tree: ast.Module) -> bool:
    """Whether a module takes the function `name` from the module called `home`: others may have one of that name."""
    return any(
        isinstance(node, ast.ImportFrom)
        and str(node.module).rpartition(".")[2] == home
        and name in {each.name for each in node.names}
        for node in ast.walk(tree)
    )


def calls_of(name: str, tree: ast.Module) -> Iterable[tuple[Function | None, ast.Call]]:
    """Calls of the function `name`, each with the function that it stands in."""
    for inside in [node for node in ast.walk(tree) if isinstance(node, Function)]:
        for node in ast.walk(inside):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield inside, node


def argument(call: ast.Call, name: str, place: int | None = None) -> ast.expr | None:
    """What a call gives as `name`, by name or by place."""
    by_name = next((given.value for given in call.keywords if given.arg == name), None)
    if by_name is not None or place is None or place >= len(call.args):
        return by_name
    return call.args[place]
