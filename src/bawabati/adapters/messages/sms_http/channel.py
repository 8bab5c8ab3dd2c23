"""SMS over a plain HTTP contract that any provider's door can be given: see docs/reference/sms.md.

One POST for each message, every wait bounded, every failure a value. The identifier is the same each time the same
message is sent again, so that whoever has taken it once does not send it twice.
"""

import re
import time
from weakref import finalize

import httpx

from bawabati.adapters.messages.contract import Message, Rejected, SendAnswer, TryLater
from bawabati.adapters.messages.sms_http.address import check_address
from bawabati.adapters.messages.sms_http.answers import read_answer
from bawabati.adapters.messages.text_length import as_sms, length_of

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
MOST_PARTS = 6
"""A longer one is no message for a telephone: somebody's text has grown past all measure."""
LARGEST_BODY = 16 * 1024
_E164 = re.compile(r"\+[1-9]\d{6,14}")


class SmsHttp:
    """Sends through the provider's door at `url`, with `key` as bearer. Safe to share between threads; never raises.

    A message whose answer was lost comes back as `TryLater`, although the provider may have it: sent again it carries
    the same identifier.

    Raises:
        ValueError: at the start, when `url` is no http(s) address, or the key would travel without TLS.
    """

    def __init__(
        self,
        *,
        url: str,
        key: str,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        check_address(url)
        self._url = url
        self._seconds = connect_seconds + answer_seconds
        self._client = httpx.Client(
            timeout=httpx.Timeout(answer_seconds, connect=connect_seconds),
            # No proxy from the environment, and no redirect: the key goes to one address alone.
            trust_env=False,
            follow_redirects=False,
            headers={
                "Authorization": f"Bearer {key}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "bawabati",
            },
        )
        # Left behind when the settings change, perhaps in the middle of a message: closed with its last holder.
        finalize(self, self._client.close)

    def send(self, message: Message) -> SendAnswer:
        if not _E164.fullmatch(message.to):
            return Rejected(reason="not a telephone number in E.164")
        text = as_sms(message.text)
        length = length_of(text)
        if not text.strip() or length.parts > MOST_PARTS:
            return Rejected(reason=f"{length.parts} parts of {length.alphabet}: at most {MOST_PARTS} are sent")
        body = {"id": message.message_id, "to": message.to, "text": text, "sender": message.sender}
        return self._posted(body, hiding=message.to)

    def _posted(self, body: dict[str, str], *, hiding: str) -> SendAnswer:
        give_up_at = time.monotonic() + self._seconds
        try:
            with self._client.stream("POST", self._url, json=body) as response:
                content = bytearray()
                for piece in response.iter_raw():
                    content += piece
                    if len(content) > LARGEST_BODY or time.monotonic() > give_up_at:
                        return TryLater(reason="unreadable answer")
        except httpx.HTTPError as failure:
            return TryLater(reason=type(failure).__name__)
        return read_answer(status=response.status_code, content=bytes(content), hiding=hiding)

    def close(self) -> None:
        """Closes the kept connections."""
        self._client.close()
