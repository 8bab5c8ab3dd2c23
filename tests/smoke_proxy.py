"""The example of deploy/nginx/ in a real nginx, with TLS, before a real portal. Run by hand:

    .venv/bin/python -m pytest tests/smoke_proxy.py

It needs nginx (`apt-get install nginx`, or NGINX_PROGRAM=/path/to/nginx), which `make test` does not bring. Of the
example nothing is changed but ports and the paths of files that belong to the machine.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from django.utils import timezone

from bridge.scripted import make_certificate
from desks import add_counter
from house.source import ROOT
from machines import Machine
from outside import Outside
from payers import Payer
from people import AMINAS_CARD, OMAR
from programs import Program, free_port, running

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company

HOST = "pay.example.dz"
OWN = "pay.oran.example"
EXAMPLES = ROOT / "deploy" / "nginx"
BESIDE = ("bawabati-pass.conf", "bawabati-upstream.conf", "bawabati-away.html")
ITS_OWN = re.compile(r"nginx|openresty", re.IGNORECASE)
LANGUAGES = ("ar", "fr", "en")
KILOBYTE, MEGABYTE = 1024, 1024 * 1024
A_SECRET = "Vb" * 19
"""Where the token of a payment's address stands."""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A running nginx, and the portal behind it."""

    tls: str
    plain: str
    portal: Program
    folder: Path

    def visitor(self, host: str = HOST, **headers: str) -> Visitor:
        """Somebody who came by the name."""
        return Visitor(self.tls, host, headers)


class Visitor(httpx.Client):
    """Comes to the loopback address by a public name, whose certificate is checked for nothing but being there."""

    def __init__(self, url: str, host: str, headers: dict[str, str]) -> None:
        super().__init__(
            base_url=url,
            verify=False,
            headers={"Host": host, "Sec-Fetch-Site": "same-origin"} | headers,
            timeout=60,
            trust_env=False,
        )

    def post(self, path: str, data: Any = None, **more: Any) -> httpx.Response:  # type: ignore[override]  # noqa: ANN401
        """As Django's client does it, for `Payer`."""
        return super().post(path, data=data, **more)


@pytest.fixture
def proxy(database: None, settings_of_the_portal: dict[str, str]) -> Iterator[Proxy]:  # noqa: ARG001 - emptied after
    ports = {name: free_port() for name in ("portal", "plain", "tls")}
    settings = settings_of_the_portal | {
        "BAWABATI_PUBLIC_URL": f"https://{HOST}",
        "BAWABATI_HOSTS": HOST,
        "BAWABATI_TRUSTED_PROXIES": "127.0.0.1",
        "BAWABATI_METRICS_FROM": "127.0.0.1",
    }
    where = f"http://127.0.0.1:{ports['portal']}/healthz"
    serve = ("-m", "bawabati.config.commands", "serve", "--port", str(ports["portal"]))
    with (
        tempfile.TemporaryDirectory(prefix="bawabati-proxy-") as name,
        running("portal", *serve, settings=settings, url=where, state=Path(name) / "portal") as portal,
        nginx(Path(name), ports=ports),
    ):
        yield Proxy(
            tls=f"https://127.0.0.1:{ports['tls']}",
            plain=f"http://127.0.0.1:{ports['plain']}",
            portal=portal,
            folder=Path(name),
        )


@contextmanager
def nginx(folder: Path, *, ports: dict[str, int]) -> Iterator[None]:
    """The example, started."""
    program = os.environ.get("NGINX_PROGRAM") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "nginx is not here: apt-get install nginx, or NGINX_PROGRAM=/path/to/nginx"
    folder.chmod(0o755)
    make_certificate(folder, "chain")
    changes = {
        "/etc/nginx": str(folder),
        "/var/log/nginx": str(folder),
        "/etc/ssl/bawabati/chain.pem": str(folder / "chain.pem"),
        "/etc/ssl/bawabati/key.pem": str(folder / "chain.pem"),
        "listen 80;": f"listen 127.0.0.1:{ports['plain']};",
        "listen 443 ssl;": f"listen 127.0.0.1:{ports['tls']} ssl;",
        "127.0.0.1:8000": f"127.0.0.1:{ports['portal']}",
    }
    for name in ("bawabati.conf", *BESIDE):
        text = (EXAMPLES / name).read_text()
        for ours, here in changes.items():
            text = text.replace(ours, here)
        (folder / name).write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    spools = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    as_whom = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{as_whom} daemon off; pid {folder}/nginx.pid; error_log {folder}/start.log;\n"
        f"events {{}}\nhttp {{\ndefault_type text/html;\n{spools}\ninclude {folder}/bawabati.conf;\n}}\n"
    )
    command = [program, "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr, tested.stderr
    process = subprocess.Popen(command)
    try:
        _wait_for(f"http://127.0.0.1:{ports['plain']}/")
        yield
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=60)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(url)


def test_who_comes_without_tls_is_led_to_it(proxy: Proxy) -> None:
    answer = httpx.get(f"{proxy.plain}/fr/oran/pay/", headers={"Host": HOST}, trust_env=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/fr/oran/pay/")
    assert not re.search(r"nginx/\d", answer.text)


def test_a_bill_is_paid_from_the_first_page_to_the_receipt(proxy: Proxy, bill: Bill, outside: Outside) -> None:
    from bawabati.payments.models import Payment  # noqa: PLC0415 - settings first

    with proxy.visitor() as visitor:
        payer = Payer(client=visitor)  # type: ignore[arg-type]  # it does what is asked of it here
        payer.get(payer.start(bill))
        back = str(outside.pay(Payment.objects.get().gateway_reference or "", AMINAS_CARD)["redirect_url"])
        assert back.startswith(f"https://{HOST}/ar/payment/")
        receipt = payer.get(back.removeprefix(f"https://{HOST}")).headers["Location"].removeprefix(f"https://{HOST}")
        page = payer.get(receipt)
        assert (page.status_code, "receipt.pdf" in page.text) == (200, True)
        assert visitor.get(f"{receipt}receipt.pdf").content.startswith(b"%PDF")


def test_every_answer_carries_each_header_once(proxy: Proxy, bill: Bill) -> None:  # noqa: ARG001 - its company is there
    with proxy.visitor() as visitor:
        answer = visitor.get("/fr/oran/pay/", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        for name in (
            "Strict-Transport-Security",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Referrer-Policy",
        ):
            assert len(answer.headers.get_list(name)) == 1, name
        assert answer.headers["Content-Encoding"] == "gzip"
        assert not re.search(r"\d", answer.headers["Server"])
        own = visitor.get("/metrics")
        assert len(own.headers.get_list("Strict-Transport-Security")) == 1
        assert not re.search(r"nginx/\d", own.text)


def test_cookies_of_staff_are_for_tls_alone(proxy: Proxy) -> None:
    with proxy.visitor() as visitor:
        answer = visitor.get("/fr/staff/sign-in/", follow_redirects=False)
        cookies = answer.headers.get_list("Set-Cookie")
        assert answer.status_code == 200
        assert cookies
        assert [cookie for cookie in cookies if "Secure" not in cookie] == []


def test_figures_are_for_who_asks_the_portal_directly(proxy: Proxy) -> None:
    with proxy.visitor() as visitor:
        for path in ("/metrics", "/metrics?x", "/readyz", "//metrics", "/./metrics"):
            answer = visitor.get(f"{proxy.tls}{path}")
            assert (answer.status_code, answer.headers.get("Location")) == (404, None), path
        assert visitor.get("/healthz").status_code == 200
    directly = httpx.get(proxy.portal.url.replace("healthz", "metrics"), headers={"Host": HOST}, trust_env=False)
    assert "bawabati_database_up 1" in directly.text


def test_an_address_that_a_payer_claims_is_not_passed_on(proxy: Proxy, bill: Bill) -> None:
    """Tries are counted by the address of the connection: whoever lies about it is counted with everybody there."""
    from bawabati.guard.models import Counter  # noqa: PLC0415 - settings first

    for claimed in ("198.51.100.7", "203.0.113.9, 127.0.0.1"):
        with proxy.visitor(**{"X-Forwarded-For": claimed, "Forwarded": f"for={claimed}"}) as visitor:
            found = visitor.post("/fr/oran/pay/", {"number": bill.payment_number})
            assert "/bill/" in found.headers["Location"]
    counted = Counter.objects.filter(scope__startswith="find_bill")
    assert set(counted.values_list("count", flat=True)) == {2}


def test_a_company_is_found_under_its_own_name_and_nothing_under_a_strangers(proxy: Proxy, company: Company) -> None:
    company.host_name = OWN
    company.save()
    with proxy.visitor(OWN) as visitor:
        assert visitor.get("/fr/oran/pay/").status_code == 200
        led = visitor.get("/fr/office/")
        assert (led.status_code, led.headers["Location"]) == (301, f"https://{HOST}/fr/office/")
    with proxy.visitor("pay.evil.example") as visitor:
        assert visitor.get("/fr/oran/pay/").status_code == 400


@pytest.mark.parametrize(
    ("path", "size", "is_the_proxys_refusal"),
    [
        ("/fr/oran/pay/", 100 * KILOBYTE, False),
        ("/fr/oran/pay/", 200 * KILOBYTE, True),
        ("/fr/office/company/oran/logo/", 60 * MEGABYTE, False),
        ("/fr/office/company/oran/logo/", 70 * MEGABYTE, True),
        ("/fr/office/bills/bring/", 100 * MEGABYTE, False),
        ("/fr/office/settlement/files/bring/", 100 * MEGABYTE, False),
        ("/api/v1/bills", 8 * MEGABYTE, False),
        ("/api/v1/channel/files", 20 * MEGABYTE, False),
        ("/api/v1/channel/files", 25 * MEGABYTE, True),
        ("/api/v1/bill-files", 100 * MEGABYTE, False),
    ],
)
def test_each_door_takes_what_it_says_and_the_proxy_refuses_the_rest(
    proxy: Proxy, company: Company, path: str, size: int, *, is_the_proxys_refusal: bool
) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    if path.startswith("/api/v1/"):
        machine = Machine.of(company, "bills:write")
        headers = {"Content-Type": "text/csv"} | machine.headers()
    with proxy.visitor() as visitor:
        answer = visitor.post(path, content=b" " * size, headers=headers)
    refused = answer.status_code == 413 and bool(ITS_OWN.search(answer.text))
    assert refused is is_the_proxys_refusal, (answer.status_code, answer.text[:300])
    assert answer.status_code < 500


def test_a_file_of_bills_goes_through_as_it_is_streamed(proxy: Proxy, company: Company) -> None:
    machine = Machine.of(company, "bills:write")

    def pieces() -> Iterator[bytes]:
        for _ in range(300):
            yield b"x" * KILOBYTE

    with proxy.visitor() as visitor:
        answer = visitor.post(
            "/api/v1/bill-files", content=pieces(), headers={"Content-Type": "text/csv"} | machine.headers()
        )
    assert answer.status_code == 202, answer.text


def test_a_bridge_waits_for_its_orders_as_long_as_it_asks(proxy: Proxy, company: Company) -> None:
    from bawabati.companies.models import Reader  # noqa: PLC0415 - settings first
    from bawabati.flows.enrol_bridge import make_enrolment_code  # noqa: PLC0415

    counter = add_counter(company, now=timezone.now())
    code = make_enrolment_code(agency=counter.agency, name=counter.bridge.name, login=OMAR, now=timezone.now())
    with proxy.visitor() as bridge:
        told = bridge.post("/api/bridge/v1/enrolment", json={"code": code, "key": "k" * 43, "software": "0.1.0"}).json()
        Reader.objects.filter(id=counter.reader.id).update(bridge_id=told["bridge"])
        began = time.monotonic()
        answer = bridge.get(
            "/api/bridge/v1/orders?wait=25", headers={"Authorization": f"Bearer {told['bridge']}.{'k' * 43}"}
        )
    assert answer.status_code == 200
    assert time.monotonic() - began > 20


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_payers_read_three_languages_while_the_portal_is_away_and_no_secret_is_kept(proxy: Proxy, method: str) -> None:
    proxy.portal.process.send_signal(signal.SIGTERM)
    proxy.portal.process.wait(timeout=60)
    with proxy.visitor() as visitor:
        answer = visitor.request(method, f"/ar/payment/{A_SECRET}/back/")
    assert answer.status_code == 502
    assert [f'lang="{language}"' in answer.text for language in LANGUAGES] == [True] * 3
    assert "charset" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    written = [path for path in proxy.folder.rglob("*.log") if path.parent == proxy.folder]
    assert [path for path in written if A_SECRET in path.read_text(errors="replace")] == []
