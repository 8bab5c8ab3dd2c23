"""Letters made from anything: nothing that comes from outside can add a header or an address."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as MailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bawabati.adapters.messages.contract import Attachment, Message
from bawabati.adapters.messages.smtp.addresses import NotAnAddressError, read_address, read_named_address
from bawabati.adapters.messages.smtp.letter import write_letter
from bawabati.adapters.messages.smtp.server import Security, read_server

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
HEADERS = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
]

# Everything, broken halves of characters too, and what attackers write first.
hostile = st.one_of(
    st.text(),
    st.text(st.characters(codec=None), max_size=300),
    st.sampled_from(["\r\nBcc: a@b.dz", "a\nX: y", "x\r\n\r\n<html>", "=?utf-8?q?=0d=0aBcc:_a@b.dz?=", "\x85Bcc: a@b"]),
)


def a_message(**changes: object) -> Message:
    plain: dict[str, object] = {
        "message_id": "notice-7",
        "to": "meriem@exemple.dz",
        "subject": "Reçu",
        "text": "Bonjour",
        "language": "fr",
        "sender": "noreply@eau.dz",
    }
    return Message(**(plain | changes))  # type: ignore[arg-type]  # the names are those of Message


def bytes_of(message: Message) -> bytes:
    return write_letter(message, dated=NOON).content


def read_back(message: Message) -> MailMessage:
    """The letter as a reader's program sees it."""
    return message_from_bytes(bytes_of(message))


def decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


def parts_of(letter: MailMessage) -> list[bytes]:
    parts = letter.get_payload()
    assert isinstance(parts, list)
    contents = [part.get_payload(decode=True) for part in parts if isinstance(part, MailMessage)]
    return [content for content in contents if isinstance(content, bytes)]


@given(subject=hostile, text=hostile, message_id=hostile, language=hostile, name=hostile, content_type=hostile)
@example(subject="", text="", message_id="", language="", name="", content_type="")
@example(subject="=??Q?=0D", text="", message_id="", language="fr\nX: y", name="a\r\nb", content_type="a/b\r\nX: y")
def test_nothing_can_add_a_header(
    subject: str, text: str, message_id: str, language: str, name: str, content_type: str
) -> None:
    attachment = Attachment(name=name, content_type=content_type, content=b"%PDF")
    message = a_message(subject=subject, text=text, message_id=message_id, language=language, attachments=(attachment,))

    letter = read_back(message)

    assert sorted({*letter.keys(), "Content-Language"}) == HEADERS
    assert len(letter.keys()) in {len(HEADERS), len(HEADERS) - 1}
    assert letter["To"] == "meriem@exemple.dz"
    assert parts_of(letter)[1:] == [b"%PDF"]
    assert bytes_of(message).isascii()


@given(subject=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])))
@example("=?utf-8?q?=0d=0aBcc:_a@b.dz?=")
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    assert decoded(read_back(a_message(subject=subject))["Subject"]) == subject


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_a_text_arrives_as_it_was_written(text: str) -> None:
    (arrived,) = parts_of(read_back(a_message(text=text)))

    assert arrived.decode().replace("\r\n", "\n") == text


@given(address=hostile)
def test_an_address_is_one_address_or_none(address: str) -> None:
    try:
        letter = read_back(a_message(to=address))
    except NotAnAddressError:
        return
    assert len(getaddresses([letter["To"]])) == 1


@given(name=hostile)
@example('"')
@example("a, b@c.dz")
def test_a_sender_is_one_address_or_none(name: str) -> None:
    try:
        letter = read_back(a_message(sender=f"{name} <noreply@eau.dz>"))
    except NotAnAddressError:
        return
    assert [address for _, address in getaddresses([letter["From"]])] == ["noreply@eau.dz"]


@given(first=st.text(min_size=1), second=st.text(min_size=1))
@example("a.b", "a%2Eb")
def test_different_messages_keep_different_message_ids(first: str, second: str) -> None:
    given_ids = {first.strip().strip("<>"), second.strip().strip("<>")}
    ids = {read_back(a_message(message_id=given))["Message-ID"] for given in given_ids}

    assert len(ids) == len(given_ids)


def test_the_same_message_is_the_same_letter() -> None:
    assert bytes_of(a_message()) == bytes_of(a_message())


@pytest.mark.parametrize("given", ["<notice-7@eau.dz>", "notice-7@eau.dz", "notice-7"])
def test_a_message_id_has_the_form_that_the_standard_asks(given: str) -> None:
    assert read_back(a_message(message_id=given))["Message-ID"] == "<notice-7@eau.dz>"


def test_a_long_message_id_becomes_a_short_one_that_is_always_the_same() -> None:
    long_id = "notice-" + "7" * 200

    first, again, other = (
        read_back(a_message(message_id=given))["Message-ID"] for given in (long_id, long_id, long_id + "8")
    )

    assert first == again != other
    assert len(first) < 78


def test_a_sender_may_carry_a_name() -> None:
    address = read_named_address('"الجزائرية للمياه" <noreply@eau.dz>')

    assert (address.name, address.address) == ("الجزائرية للمياه", "noreply@eau.dz")


def test_a_refused_address_is_not_repeated_in_the_error() -> None:
    with pytest.raises(NotAnAddressError) as refusal:
        read_address("meriem exemple.dz")

    assert "meriem" not in str(refusal.value)


def test_the_address_of_a_server_says_everything_about_it() -> None:
    server = read_server("smtp+starttls://user%40eau.dz:p%3Aw@mail.eau.dz?connect_seconds=2&our_name=portal.eau.dz")

    assert (server.host, server.port, server.security) == ("mail.eau.dz", 587, Security.STARTTLS)
    assert (server.user, server.password) == ("user@eau.dz", "p:w")
    assert (server.connect_seconds, server.our_name) == (2.0, "portal.eau.dz")
    assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["", "mail.eau.dz", "http://mail.eau.dz", "smtp://", "smtp://u:hidden-word@mail.eau.dz", "smtp://mail?tiemout=3"],
)
def test_an_unsafe_or_unreadable_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        read_server(url)

    assert "hidden-word" not in str(refusal.value)
