from collections.abc import Iterator

import pytest

from adapters.gateways.scripted_gateway import ScriptedGateway, scripted_gateway


@pytest.fixture
def outside() -> Iterator[ScriptedGateway]:
    with scripted_gateway() as gateway:
        yield gateway
