"""The acceptance list's line about TLS: passed only where a browser would trust, and never passed unseen."""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest

from bawabati.jobs.acceptance.checks.before_paying import trusted
from bawabati.jobs.acceptance.lines import Result, Stopped
from demo.certificate import make_certificate


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server with a certificate that only its own file vouches for, and that file."""
    certificate, key = make_certificate(tmp_path, now=datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError), listening.accept()[0] as connection:
                context.wrap_socket(connection, server_side=True).close()

        thread = Thread(target=answer)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}", certificate
        thread.join()


def result_of(portal: str) -> Result:
    try:
        return trusted(portal).result
    except Stopped as stopped:
        return stopped.finding.result


def test_a_certificate_that_nobody_vouches_for_fails(served: tuple[str, Path]) -> None:
    assert result_of(served[0]) is Result.FAILED


def test_a_certificate_that_the_machine_trusts_passes(
    served: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(served[1]))
    assert result_of(served[0]) is Result.PASSED


@pytest.mark.parametrize(
    ("portal", "result"),
    [
        ("http://127.0.0.1:8000", Result.NOT_CHECKED),
        ("http://localhost:8000", Result.NOT_CHECKED),
        ("http://pay.company.example", Result.FAILED),
        ("https://127.0.0.1:1", Result.FAILED),
    ],
)
def test_without_tls_the_line_is_never_passed(portal: str, result: Result) -> None:
    assert result_of(portal) is result
