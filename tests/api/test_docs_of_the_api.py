"""The page and the OpenAPI file say what the API does: the file is the code's, and every example runs as it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
from django.urls import Resolver404, resolve

from bawabati.api.company_site import ADDRESS, openapi
from bawabati.companies.models import Company
from bawabati.guard.rules import LIMITS, Scope
from bawabati.notices.rules import EventKind
from bawabati.people.rules import ANSWERS_KEPT, ApiScope
from house.source import ROOT
from machines import Machine
from programs import Program

REFERENCE = ROOT / "docs" / "reference"
PAGE = (REFERENCE / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def test_the_openapi_file_is_that_of_the_code() -> None:
    kept = json.loads((REFERENCE / "api.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(openapi())), "python -m bawabati.config.company_api > docs/reference/api.json"


def test_every_call_of_the_file_leads_somewhere() -> None:
    for path in openapi()["paths"]:
        try:
            resolve(re.sub(r"\{\w+\}", "7", path))
        except Resolver404:
            pytest.fail(path)
        assert path.startswith(ADDRESS)


def test_the_page_names_every_scope_kind_and_limit() -> None:
    for word in (*ApiScope, *EventKind):
        assert f"`{word.value}`" in PAGE
    (limit,) = [limit for limit in LIMITS if limit.scope is Scope.API_CALL]
    assert f"{limit.at_most} calls in ten seconds" in PAGE
    assert limit.seconds == 10
    assert f"for {ANSWERS_KEPT.days}\ndays" in PAGE


def test_every_example_runs_as_it_stands(portal: Program, company: Company) -> None:
    machine = Machine.of(company, "bills:write", "bills:read", "payments:read")
    heads = {"PORTAL": portal.url, "KEY": machine.text}
    said = [
        subprocess.run(
            ["bash", "-euo", "pipefail", "-c", example],
            env=os.environ | heads,
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for example in EXAMPLES
    ]
    pushed, file, asked, events, webhooks = map(json.loads, said)
    assert [line["outcome"] for line in pushed["lines"]] == ["created"]
    assert file["state"] in {"waiting", "running", "done"}
    assert (asked["bills"][0]["state"], asked["unknown"]) == ("unpaid", ["F2026-999999"])
    assert (events["events"], webhooks["endpoints"]) == ([], [])
