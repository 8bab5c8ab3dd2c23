"""The portal's door for bridges, knocked at without a network."""

from __future__ import annotations

from django.test import RequestFactory
from django.urls import resolve

from bawabati.scope import nobody
from faults.real.bridge_program import Request

DOOR = "/api/bridge/v1/"


def knock(request: Request, *, bearer: str) -> tuple[int, bytes]:
    """Status and body of the answer. A death inside it goes through."""
    path = f"{DOOR}{request.path.partition('?')[0]}"  # nobody waits here until there is something to do
    made = RequestFactory(headers={"authorization": bearer})
    if request.method == "GET":
        asked = made.get(path)
    else:
        asked = made.post(path, dict(request.body), content_type="application/json")
    door = resolve(path)
    with nobody():  # as around each request: what a door enters ends with it
        response = door.func(asked, *door.args, **door.kwargs)
    return response.status_code, response.content
