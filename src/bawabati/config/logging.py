"""What reaches the log: JSON lines of declared fields, and a second net under them.

The first net is a list of names: a field that nobody declared here is dropped, and its name is kept so that the writer
notices. The second reads every text that is left, tracebacks too, and takes out what looks like a card number, a
payment number, a secret link, an e-mail address or a credential.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Final

import structlog
from structlog.typing import EventDict, Processor

from bawabati.companies.rules import BETWEEN_DIGITS, looks_like_a_card_number

DECLARED: Final = frozenset(
    {
        "at",
        "event",
        "exception",
        "level",
        "logger",
        # what it is about
        "bill_id",
        "case_id",
        "company_id",
        "gateway_account_id",
        "notice_id",
        "payment_id",
        "refund_id",
        "sale_id",
        "job_id",
        "task",
        "block",
        "entries",
        "hash",
        "broken",
        "words",
        "act",
        "done",
        "verdict",
        "directive",
        "request",
        "receipt_id",
        "reference",
        # what happened
        "finding",
        "hand",
        "kind",
        "language",
        "name",
        "reason",
        "scope",
        "state",
        # a request
        "method",
        "milliseconds",
        "path",
        "status",
    }
)

_DIGITS: Final = re.compile(rf"\d(?:[{re.escape(BETWEEN_DIGITS)}]?\d){{9,}}")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRET_LINK: Final = re.compile(r"(?<=/)([\w-]{6})[\w:-]{24,}")
_OF_A_QR_CODE: Final = re.compile(r"(/q/[\w-]+/)[^/\s]+")
_CREDENTIAL: Final = re.compile(
    r"""(?ix) (?<![a-z0-9]) ( pass(?:word|wd)? | pwd | secret | token | (?:api|secret|seal|link|backup|sms)_?keys? |
    cvv2? | cvc | otp | authorization ) ( ["']? \s* [=:] \s* ["']? ) (?: (?:bearer|basic|digest) \s+ )?
    [^\s"'&,;)}\]]+"""
)
_IN_AN_ADDRESS: Final = re.compile(r"(://[^\s/:@]*:)[^\s/@]+(?=@)")


def configure(_settings: Mapping[str, object]) -> None:
    """Called by Django: our own lines and those of the libraries end on stderr, one JSON object each."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        only_declared,
        redact,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Stderr(),
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for talkative in ("httpx", "httpcore", "procrastinate", "django.request"):
        # They name whole addresses, or every tick of a clock. A failed request keeps its traceback all the same.
        logging.getLogger(talkative).setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.WARNING)  # below: three lines for each request


def only_declared(_logger: object, _method: str, fields: EventDict) -> EventDict:
    """The declared fields, and the names of those that were dropped. Rule: logs-hold-no-secrets (failures.md 5.13)"""
    dropped = sorted(fields.keys() - DECLARED)
    kept = {name: value for name, value in fields.items() if name in DECLARED}
    return kept | {"undeclared": dropped} if dropped else kept


def redact(_logger: object, _method: str, fields: EventDict) -> EventDict:
    """The second net, over every text, and over whatever would become one when the line is written."""
    return {name: _netted(value) for name, value in fields.items()}


def _netted(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_netted(each) for each in value]
    return redacted(value if isinstance(value, str) else str(value))


def redacted(text: str) -> str:
    """The text without what looks like a credential, a secret link, an e-mail address, a card or payment number."""
    text = _CREDENTIAL.sub(r"\1\2[removed]", _IN_AN_ADDRESS.sub(r"\1[removed]", text))
    text = _EMAIL.sub("[e-mail]", text)
    text = _OF_A_QR_CODE.sub(r"\1…", _SECRET_LINK.sub(r"\1…", text))
    return _DIGITS.sub(lambda digits: _masked(digits[0]), text)


def _masked(digits: str) -> str:
    return "[card number]" if looks_like_a_card_number(digits) else f"{digits[:2]}…{digits[-2:]}"


class _Stderr:
    """Wherever stderr is at the moment of writing."""

    def write(self, text: str) -> None:
        sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = exception = msg
