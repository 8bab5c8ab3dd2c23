"""Pages that look again by themselves, without scripts, while the answer is still to come."""

from django.http import HttpResponse


def looking_again(response: HttpResponse, *, after_seconds: int, at: str) -> HttpResponse:
    """The page, loaded anew after a while. What a person reads on it stays the same until there is an answer.

    By header: every browser knows it, scripts or not. It is never used where somebody has something to fill in.
    """
    response.headers["Refresh"] = f"{after_seconds}; url={at}"
    return response
