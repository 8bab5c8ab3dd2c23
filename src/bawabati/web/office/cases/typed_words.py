"""Words that people type in a field of several lines."""

from __future__ import annotations

from django.http import HttpRequest

MOST_READ = 2000
"""More than any table takes, so that whoever types too much is told so and nothing is cut in silence."""


def typed_words(request: HttpRequest, name: str) -> str:
    """On one line, without what nobody can see."""
    text = request.POST.get(name, "")[:MOST_READ]
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
