"""By which address a visitor is counted at the public doors."""

from django.test import RequestFactory
from pytest_django import Settings

from bawabati.guard.rules import Visitor
from bawabati.web.shared.visitors import visitor_of


def test_without_a_trusted_proxy_the_header_is_not_believed(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "41.98.7.200"}, REMOTE_ADDR="127.0.0.1")
    assert visitor_of(request) == Visitor("127.0.0.1")


def test_behind_a_trusted_proxy_the_visitor_is_whom_it_names(rf: RequestFactory, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    request = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 41.98.7.200"}, REMOTE_ADDR="127.0.0.1")
    assert visitor_of(request) == Visitor("41.98.7.200")
