"""`python -m demo.devices`: what the demonstration's people see on their devices now (RFC 6238)."""

import base64
import hmac
import time
from hashlib import sha1

from demo.people import PEOPLE

_STEP_SECONDS = 30


def code_of(secret: str, *, at: float) -> str:
    """The six digits that a device with that secret shows at that Unix time."""
    step = int(at // _STEP_SECONDS).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), step, sha1).digest()
    begin = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[begin : begin + 4], 'big') & 0x7FFF_FFFF) % 1_000_000:06d}"


def main() -> None:
    """One line for each person."""
    now = time.time()
    for person in PEOPLE:
        print(f"{code_of(person.device, at=now)}  {person.login}  ({person.role})")  # noqa: T201 - it speaks to a terminal
    print(f"for {_STEP_SECONDS - int(now) % _STEP_SECONDS} s more")  # noqa: T201


if __name__ == "__main__":
    main()
