from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.scene import Scene, scene_in
from bridge.scripted import Certificate, make_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def scene(tmp_path: Path, certificate: Certificate) -> Iterator[Scene]:
    with scene_in(tmp_path / "bridge", certificate) as scene:
        yield scene
