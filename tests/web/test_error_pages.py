"""When something of ours fails, the page says so in the reader's language, and tells nothing of our insides."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from bawabati.web.shared.error_pages import server_error

pytestmark = pytest.mark.usefixtures("collected")


@pytest.mark.parametrize(("language", "said"), [("ar", "خلل عندنا"), ("fr", "Une erreur"), ("en", "A fault of ours")])
@pytest.mark.parametrize(("failure", "status"), [(OperationalError("secret"), 503), (KeyError("secret"), 500)])
def test_a_failure_has_a_calm_page(language: str, said: str, failure: Exception, status: int) -> None:
    request = RequestFactory().get(f"/{language}/oran/pay/")
    try:
        raise failure
    except type(failure):
        page = server_error(request)
    html = page.content.decode()
    assert page.status_code == status
    assert f'lang="{language}"' in html
    assert said in html
    assert "secret" not in html
    assert page.headers.get("Retry-After") == ("30" if status == 503 else None)


def test_a_page_without_a_language_follows_the_browser() -> None:
    page = server_error(RequestFactory().get("/q/oran/1/", headers={"Accept-Language": "fr"}))
    assert 'lang="fr"' in page.content.decode()
