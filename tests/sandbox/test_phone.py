"""The phone and the inbox: real SMTP in, pages and JSON out."""

from __future__ import annotations

import json
import smtplib
from email.message import EmailMessage
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

PDF = b"%PDF-1.7\n\xff\x00 receipt"


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bawabati@example.dz", "payer@example.dz", "وصل الدفع"
    mail["Message-ID"] = "<receipt-1@example.dz>"
    mail.set_content("دفعتم 1 430.50 دج")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="وصل.pdf")
    return mail


def send(sandbox: Sandbox, mail: EmailMessage) -> None:
    with smtplib.SMTP(sandbox.told["smtp_host"], sandbox.told["smtp_port"], timeout=10) as server:
        server.send_message(mail)


def test_a_mail_can_be_read_with_its_attachment(sandbox: Sandbox) -> None:
    send(sandbox, message())
    (mail,) = sandbox.control("GET", "mails?to=payer@example.dz")["mails"]
    assert (mail["subject"], mail["message_id"]) == ("وصل الدفع", "<receipt-1@example.dz>")
    assert "1 430.50" in mail["text"]
    (attachment,) = mail["attachments"]
    assert (attachment["name"], attachment["content_type"]) == ("وصل.pdf", "application/pdf")
    shown = sandbox.http.get(attachment["address"])
    assert (shown.content, shown.headers["content-type"]) == (PDF, "application/pdf")
    saved = sandbox.http.get(attachment["address"], params={"download": "1"})
    assert saved.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D9%88")
    assert "وصل الدفع" in sandbox.http.get("/inbox/?language=ar").text
    assert "1 430.50" in sandbox.http.get(f"/inbox/{mail['number']}").text
    assert b"receipt-1@example.dz" in sandbox.http.get(f"/inbox/{mail['number']}/original").content


def test_an_attachment_that_could_run_is_handed_over_as_a_file(sandbox: Sandbox) -> None:
    mail = message()
    mail.add_attachment("<script>alert(1)</script>", subtype="html", filename="page.html")
    send(sandbox, mail)
    attachments = sandbox.control("GET", "mails")["mails"][0]["attachments"]
    answer = sandbox.http.get(attachments[1]["address"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")


def test_nothing_is_found_where_nothing_came(sandbox: Sandbox) -> None:
    for path in ("/inbox/99999", "/inbox/99999/original", "/inbox/99999/attachments/0", "/control/mails/99999"):
        assert sandbox.http.get(path).status_code == 404
    send(sandbox, message())
    number = sandbox.control("GET", "mails")["mails"][0]["number"]
    assert sandbox.http.get(f"/inbox/{number}/attachments/7").status_code == 404


def test_a_mail_may_be_refused_for_good_or_for_now(sandbox: Sandbox) -> None:
    sandbox.fault("mail_refused", times=1)
    with pytest.raises(smtplib.SMTPDataError) as for_good:
        send(sandbox, message())
    assert for_good.value.smtp_code == 550
    sandbox.fault("mail_refused", times=1, status=451)
    with pytest.raises(smtplib.SMTPDataError) as for_now:
        send(sandbox, message())
    assert for_now.value.smtp_code == 451
    assert sandbox.control("GET", "mails")["count"] == 0


def test_a_mail_may_be_accepted_twice_or_slowly(sandbox: Sandbox) -> None:
    sandbox.fault("mail_twice", times=1)
    sandbox.fault("mail_slow", times=1, seconds=0.1)
    send(sandbox, message())
    assert sandbox.control("GET", "mails")["count"] == 2
    send(sandbox, message())
    assert sandbox.control("GET", "mails")["count"] == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@example(raw=b"Subject: =?utf-8?b?broken\r\nContent-Type: text/plain; charset=nothing\r\n\r\n\xff")
@example(raw=b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--x--")
@example(raw=b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!")
@example(raw=b"Message-ID: <@>\r\nTo: \x00\r\n\r\n")
def test_no_mail_breaks_the_inbox(sandbox: Sandbox, raw: bytes) -> None:
    sandbox.control("POST", "reset")
    with smtplib.SMTP(sandbox.told["smtp_host"], sandbox.told["smtp_port"], timeout=10) as server:
        server.sendmail("a@example.dz", ["b@example.dz"], raw)
    (mail,) = sandbox.control("GET", "mails")["mails"]
    for path in ("/inbox/", f"/inbox/{mail['number']}", f"/inbox/{mail['number']}/original"):
        assert sandbox.http.get(path).status_code == 200


def test_the_phone_shows_the_newest_code_first_and_to_nobody_else(sandbox: Sandbox) -> None:
    order = sandbox.register(language="AR")
    order.give_card()
    order.give_code(resend="1")
    other = sandbox.register()
    other.give_card("6280580610061011")
    page = sandbox.http.get("/phone/0500007215").text
    newest, older = (sms["code"] for sms in sandbox.control("GET", "sms?phone=0500007215")["sms"])
    assert page.index(f"<bdi>{newest}</bdi>") < page.index(f"<bdi>{older}</bdi>")
    assert other.code() not in page
    assert other.code() in sandbox.http.get("/phone/").text


def test_a_text_may_be_lost_late_or_doubled(sandbox: Sandbox) -> None:
    def texts() -> int:
        order = sandbox.register()
        order.give_card()
        return len(sandbox.control("GET", f"sms?md_order={order.md_order}")["sms"])

    sandbox.fault("text_lost", times=1)
    assert texts() == 0
    sandbox.fault("text_twice", times=1)
    assert texts() == 2
    sandbox.fault("text_late", times=1, seconds=20)
    assert texts() == 0
    sandbox.advance(21)
    assert len(sandbox.control("GET", "sms")["sms"]) == 3


def test_the_pages_of_the_sandbox_speak_three_languages_and_say_what_they_are(sandbox: Sandbox) -> None:
    sandbox.paid()
    for path in ("/", "/phone/", "/inbox/", "/orders/", "/accounts/", "/control/"):
        for language, warning in (("ar", "ليس حقيقيًا"), ("fr", "PAS RÉEL"), ("en", "NOT REAL")):
            answer = sandbox.http.get(path, params={"language": language})
            assert answer.status_code == 200
            assert warning in answer.text
    assert "6280 5811 1000 7215" in sandbox.http.get("/").text
    assert sandbox.http.get("/nothing/here").status_code == 404


def text_message(**changed: str) -> dict[str, str]:
    return {"id": "notice-1-1", "to": "+213551234567", "text": "تم الدفع", "sender": "Bawabati"} | changed


def offer(sandbox: Sandbox, message: object, *, key: str = "any") -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return sandbox.http.post("/sms/messages", content=json.dumps(message), headers=headers)


def texts_to(sandbox: Sandbox, phone: str = "+213551234567") -> list[dict[str, str]]:
    found: list[dict[str, str]] = sandbox.control("GET", f"sms?phone={phone.replace('+', '%2B')}")["sms"]
    return found


def test_a_merchants_text_message_is_shown_with_its_sender_and_taken_once(sandbox: Sandbox) -> None:
    first, second = offer(sandbox, text_message()), offer(sandbox, text_message())
    assert (first.status_code, first.json()["status"]) == (202, "accepted")
    assert (second.status_code, second.json()["status"]) == (200, "accepted")
    (sms,) = texts_to(sandbox)
    assert (sms["text"], sms["sender"], sms["identifier"]) == ("تم الدفع", "Bawabati", "notice-1-1")
    page = sandbox.http.get("/phone/").text
    assert "تم الدفع" in page
    assert "Bawabati" in page


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        text_message(to="0551234567"),
        text_message(text=""),
        text_message(id=""),
        text_message(text="a" * 2000),
        text_message(more="x"),
        text_message(text="\ud800"),
    ],
)
def test_what_is_no_text_message_is_rejected_with_words(sandbox: Sandbox, message: object) -> None:
    answer = offer(sandbox, message)
    assert (answer.status_code, answer.json()["status"]) == (422, "rejected")
    assert sandbox.control("GET", "sms")["sms"] == []


def test_without_a_key_no_text_message_is_taken(sandbox: Sandbox) -> None:
    assert offer(sandbox, text_message(), key="").status_code == 401
    assert sandbox.control("GET", "sms")["sms"] == []


def test_a_text_message_may_be_refused_doubled_slow_or_answered_by_an_error(sandbox: Sandbox) -> None:
    sandbox.fault("sms_refused", times=1)
    assert offer(sandbox, text_message()).json()["status"] == "rejected"
    sandbox.fault("sms_refused", times=1, status=429)
    later = offer(sandbox, text_message())
    assert (later.status_code, later.json()["status"]) == (429, "later")
    sandbox.fault("sms_status", times=1)
    assert offer(sandbox, text_message()).status_code == 502
    assert texts_to(sandbox) == []
    sandbox.fault("sms_status", times=1, effect=True, status=503)
    assert offer(sandbox, text_message()).status_code == 503
    assert offer(sandbox, text_message()).status_code == 200
    assert len(texts_to(sandbox)) == 1
    sandbox.fault("sms_twice", times=1)
    offer(sandbox, text_message(id="notice-2-1"))
    assert len(texts_to(sandbox)) == 3
    sandbox.fault("sms_slow", times=1, seconds=0.05)
    assert offer(sandbox, text_message(id="notice-3-1")).json()["status"] == "accepted"
