"""The project's own files, as the house tests read them."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "src" / "bawabati"


def python_files(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders or (PORTAL,):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(), filename=str(path))


def floors() -> dict[str, int]:
    """The height of each top-level room of the portal, 0 at the top, as import-linter holds it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["containers"] == ["bawabati"])
    rooms = ((height, name) for height, layer in enumerate(layers) for name in layer.replace("|", ":").split(":"))
    return {name.strip(" ()"): height for height, name in rooms}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
