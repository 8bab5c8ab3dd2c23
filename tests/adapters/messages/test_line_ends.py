"""A letter as it travels: lines that end by CR LF and are short enough for any server (RFC 5321, 4.5.3.1.6)."""

from datetime import UTC, datetime

from bawabati.adapters.messages.contract import Attachment, Message
from bawabati.adapters.messages.smtp.letter import write_letter

LONGEST_LINE = 998


def test_every_line_ends_by_cr_lf_and_none_is_too_long() -> None:
    message = Message(
        message_id="<notice-1-1@eaux.example>",
        to="amina@example.com",
        subject="إيصال الدفع " * 20,
        text="مرحبا\n" * 500,
        language="ar",
        sender="clients@eaux.example",
        attachments=(Attachment(name="2026-W-0000001.pdf", content_type="application/pdf", content=b"%PDF" * 20_000),),
    )
    content = write_letter(message, dated=datetime(2026, 11, 22, tzinfo=UTC)).content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= LONGEST_LINE
