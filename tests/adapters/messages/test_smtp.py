"""The SMTP channel against a real mail server, and against the ways in which one can fail."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.messages.mailserver import Inbox, mail_server
from bawabati.adapters.messages.contract import Accepted, Attachment, Message, Rejected, TryLater
from bawabati.adapters.messages.smtp.channel import Smtp

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def a_message(*, to: str = "meriem@exemple.dz", sender: str = "بوابتي <noreply@eau.dz>") -> Message:
    return Message(
        message_id="<notice-7@eau.dz>",
        to=to,
        subject="وصل الدفع WEB-2026-000123",
        text="شكرًا.\nتجدون الوصل مرفقًا.\n",
        language="ar",
        sender=sender,
        attachments=(Attachment(name="وصل-123.pdf", content_type="application/pdf", content=b"%PDF-1.7 \x00\xff"),),
    )


def channel_to(inbox: Inbox, *, options: str = "answer_seconds=5") -> Smtp:
    return Smtp(url=f"smtp://127.0.0.1:{inbox.port}?{options}", clock=lambda: NOON)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


def test_a_message_arrives_with_its_arabic_subject_text_and_attachment(inbox: Inbox) -> None:
    assert channel_to(inbox).send(a_message()) == Accepted()

    (letter,) = inbox.letters()
    assert inbox.recipients == ["meriem@exemple.dz"]
    assert letter["Subject"] == "وصل الدفع WEB-2026-000123"
    assert letter["From"].addresses[0].display_name == "بوابتي"
    assert letter["From"].addresses[0].addr_spec == "noreply@eau.dz"
    assert letter["To"] == "meriem@exemple.dz"
    assert letter["Date"].datetime == NOON
    assert letter["Message-ID"] == "<notice-7@eau.dz>"
    assert letter["Content-Language"] == "ar"
    text, attachment = letter.iter_parts()
    assert text.get_content() == "شكرًا.\r\nتجدون الوصل مرفقًا.\r\n"
    assert attachment.get_filename() == "وصل-123.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == b"%PDF-1.7 \x00\xff"


def test_the_letter_travels_in_seven_bits(inbox: Inbox) -> None:
    channel_to(inbox).send(a_message())

    assert inbox.received[0].isascii()


def test_sent_twice_it_keeps_its_message_id(inbox: Inbox) -> None:
    channel = channel_to(inbox)

    channel.send(a_message())
    channel.send(a_message())

    first, second = inbox.letters()
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("step", ["at_sender", "at_recipient", "at_content"])
@pytest.mark.parametrize(
    ("reply", "answer"),
    [("451 try again", TryLater), ("421 closing", TryLater), ("550 no", Rejected), ("552 too large", Rejected)],
)
def test_a_refusal_is_for_good_or_for_now_by_its_first_digit(
    inbox: Inbox, step: str, reply: str, answer: type[Rejected | TryLater]
) -> None:
    setattr(inbox, step, reply)

    given = channel_to(inbox).send(a_message())

    assert isinstance(given, answer)
    assert given.reason == reply
    assert inbox.received == []


def test_a_server_that_wants_a_login_is_our_fault_and_the_message_stays_good(inbox: Inbox) -> None:
    inbox.at_sender = "530 5.7.0 Authentication required"

    assert isinstance(channel_to(inbox).send(a_message()), TryLater)


def test_the_reason_does_not_keep_the_persons_address(inbox: Inbox) -> None:
    inbox.at_recipient = "550 5.1.1 <meriem@exemple.dz> does not exist"

    assert channel_to(inbox).send(a_message()) == Rejected(reason="550 5.1.1 <(the recipient)> does not exist")


def test_a_server_that_hangs_up_before_it_answers_may_have_the_message(inbox: Inbox) -> None:
    inbox.hangs_up_at_content = True

    assert isinstance(channel_to(inbox).send(a_message()), TryLater)
    assert len(inbox.received) == 1


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(inbox: Inbox) -> None:
    inbox.silent_at_content = True

    assert isinstance(channel_to(inbox, options="answer_seconds=0.2").send(a_message()), TryLater)


def test_a_server_that_is_down_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert isinstance(Smtp(url=f"smtp://127.0.0.1:{port}").send(a_message()), TryLater)


def test_a_server_that_never_greets_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]

        answer = Smtp(url=f"smtp://127.0.0.1:{port}?connect_seconds=0.2").send(a_message())

    assert isinstance(answer, TryLater)


def test_a_name_that_no_server_has_is_tried_later() -> None:
    assert isinstance(Smtp(url="smtp://no-such-host.invalid").send(a_message()), TryLater)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "meriem",
        "@exemple.dz",
        "a b@exemple.dz",
        "a@b@c",
        "a@exemple..dz",
        "a@-x.dz",
        "x" * 65 + "@y.dz",
        "a@",
        "مريم@exemple.dz",
    ],
)
def test_what_is_no_address_is_rejected_without_asking_any_server(address: str) -> None:
    nowhere = Smtp(url="smtp://no-such-host.invalid")

    assert isinstance(nowhere.send(a_message(to=address)), Rejected)


def test_a_line_end_in_an_address_is_rejected(inbox: Inbox) -> None:
    smuggled = "meriem@exemple.dz\r\nBcc: everybody@exemple.dz"

    assert isinstance(channel_to(inbox).send(a_message(to=smuggled)), Rejected)
    assert inbox.received == []


def test_a_domain_in_arabic_letters_travels_in_its_ascii_form(inbox: Inbox) -> None:
    assert channel_to(inbox).send(a_message(to="meriem@موقع.الجزائر")) == Accepted()
    assert inbox.recipients == ["meriem@xn--4gbrim.xn--lgbbat1ad8j"]


def test_a_login_on_this_machine_needs_no_tls() -> None:
    with mail_server(login=("bawabati", "s3cret:@/")) as inbox:
        url = f"smtp://bawabati:s3cret%3A%40%2F@127.0.0.1:{inbox.port}"
        assert Smtp(url=url).send(a_message()) == Accepted()


def test_a_refused_login_is_tried_later_and_its_reason_has_no_password() -> None:
    with mail_server(login=("bawabati", "right")) as inbox:
        answer = Smtp(url=f"smtp://bawabati:wr0ng-word@127.0.0.1:{inbox.port}").send(a_message())

    assert isinstance(answer, TryLater)
    assert "wr0ng-word" not in answer.reason


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        signed.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtps", True), ("smtp+starttls", False)])
def test_the_line_can_be_protected(certificate: Path, scheme: str, *, from_the_start: bool) -> None:
    with mail_server(tls=tls_of(certificate), tls_from_the_start=from_the_start, login=("u", "p")) as inbox:
        url = f"{scheme}://u:p@127.0.0.1:{inbox.port}?ca_file={certificate}"
        assert Smtp(url=url).send(a_message()) == Accepted()
        assert inbox.logins == [(b"u", b"p")]


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtps", True), ("smtp+starttls", False)])
def test_an_unknown_certificate_gets_neither_login_nor_message(
    certificate: Path, scheme: str, *, from_the_start: bool
) -> None:
    with mail_server(tls=tls_of(certificate), tls_from_the_start=from_the_start, login=("u", "p")) as inbox:
        answer = Smtp(url=f"{scheme}://u:p@127.0.0.1:{inbox.port}").send(a_message())

        assert isinstance(answer, TryLater)
        assert inbox.logins == []


def test_a_server_without_starttls_gets_nothing_when_it_was_asked_for(inbox: Inbox) -> None:
    answer = Smtp(url=f"smtp+starttls://127.0.0.1:{inbox.port}").send(a_message())

    assert isinstance(answer, TryLater)
    assert inbox.received == []
