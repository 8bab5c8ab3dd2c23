"""Ordinary refusals that a view does not show in its own way: one calm page that says why and what to do."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bawabati.companies.reads import find_company
from bawabati.errors import CannotDo
from bawabati.web.shared.same_site import View
from bawabati.web.shared.sentences import sentence_of

STATUS = {
    "no_such_bill": 404,
    "link_too_old": 410,
    "captcha_needed": 429,
    "too_many_tries": 429,
}


def saying_why_not(view: View) -> View:
    """Turns a CannotDo of the view into its page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - whatever the view takes
        try:
            return view(request, *args, **kwargs)
        except CannotDo as error:
            context = {"sentence": sentence_of(error), "company": find_company(kwargs.get("code", ""))}
            return render(request, "web/cannot.html", context, status=STATUS.get(error.code, 409))

    return guarded
