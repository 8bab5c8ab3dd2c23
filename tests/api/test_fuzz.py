"""Every call of the API, with whatever its own OpenAPI file allows and forbids: no fault of ours, no word that the file
does not know, nothing of another company.

`FUZZ=2000 make test ARGS=tests/api/test_fuzz.py` tries so many of each kind at each call.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bawabati.api.company_site import openapi
from bawabati.people.models import ApiKey
from strangers import MARK, VALUES, World, add_world

pytestmark = pytest.mark.usefixtures("database", "collected")

EXAMPLES = int(os.environ.get("FUZZ", "12"))
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
SCHEMA = schemathesis.openapi.from_dict(openapi())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
get_portal = cache(get_wsgi_application)


@pytest.fixture
def ours() -> World:
    return add_world("oran")


@pytest.fixture
def theirs() -> World:
    return add_world("tafna", mark=MARK)


def known_numbers(*worlds: World) -> Iterator[tuple[str, list[Any]]]:
    """What stands in addresses, of both companies: hit by chance it would be too seldom."""
    for name in ("file_id", "payment_id", "endpoint_id"):
        yield name, [VALUES[name](world) for world in worlds]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_comes_is_answered_as_the_file_says(ours: World, theirs: World, mode: GenerationMode) -> None:
    before = ApiKey.objects.count()
    wrong = []
    for operation in OPERATIONS:
        try:
            fuzz(operation, ours, theirs, mode)
        except (AssertionError, FailureGroup, Failure) as failure:
            wrong.append(f"{operation.label}: {failure}")
    assert not wrong, "\n\n".join(wrong)
    assert ApiKey.objects.count() == before
    assert len(OPERATIONS) > 10


def fuzz(operation: Any, ours: World, theirs: World, mode: GenerationMode) -> None:  # noqa: ANN401 - schemathesis has its own
    """One call. Its failure shows the request as a line of curl."""
    numbers = dict(known_numbers(ours, theirs))
    bills = [world.bill for world in (ours, theirs)]
    headers = {"Authorization": f"Bearer {ours.machine}", "Accept-Encoding": "identity"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Any, data: st.DataObject) -> None:  # noqa: ANN401 - as above
        for name, values in numbers.items():
            if case.path_parameters and name in case.path_parameters and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(values))
        if isinstance(case.body, dict) and "bill_numbers" in case.body and data.draw(st.booleans()):
            case.body["bill_numbers"] = [bill.bill_number for bill in bills]
            case.body["payment_numbers"] = [bill.payment_number for bill in bills]
        response = case.call(headers=headers, app=get_portal())
        case.validate_response(response, checks=CHECKS)
        assert MARK.encode() not in response.content

    ask()
