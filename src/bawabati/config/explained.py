"""What each variable of the environment means: the page docs/reference/settings.md is written from this.

    python -m bawabati.config.pages_from_code        write the page again

A default stands here only where the code does not say it in one word. A test compares page, code and this table.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `default`: as the page says it; empty where it is what the settings say."""

    name: str
    meaning: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Variables that belong together, with words before and after them."""

    title: str
    variables: tuple[Variable, ...]
    before: str = ""
    after: str = ""


INTRODUCTION: Final = (
    "What differs between two installations comes from the environment of `bawabati serve`, `bawabati "
    "worker` and the other commands. Everything else is in `src/bawabati/config/settings.py`, or data "
    "of a company. A test compares this page with the code.\n\nTwo are needed: `DATABASE_URL` and "
    "`BAWABATI_SECRET_KEY`. A secret may stand in a file: add `_FILE` to its name and give the file's "
    "path (`BAWABATI_SECRET_KEY_FILE=/run/credentials/…`)."
)

CHAPTERS: Final = (
    Chapter(
        "Secrets",
        (
            Variable(
                "BAWABATI_SECRET_KEY",
                (
                    "At least 32 characters. Everything secret is made from it unless the two below are "
                    "set. Or `…_FILE`."
                ),
                "needed",
            ),
            Variable(
                "BAWABATI_SEAL_KEYS",
                (
                    "Keys that encrypt the gateways' passwords, second factors and sessions of staff in "
                    "the database, parted by spaces. The first seals; all open. Or `…_FILE`."
                ),
                "the secret key",
            ),
            Variable(
                "BAWABATI_LINK_KEYS",
                (
                    "Keys of secret links (attempts, receipts, invitations), parted by spaces. The first "
                    "makes new links; all open. Or `…_FILE`."
                ),
                "the secret key",
            ),
            Variable(
                "BAWABATI_BACKUP_KEYS",
                (
                    "Keys that seal backups, parted by spaces. The first seals; all open. Without one "
                    "there are no backups. Or `…_FILE`."
                ),
                "none",
            ),
        ),
        after=(
            "A key that is taken away closes what it made: links on printed receipts, stored "
            "passwords, second factors. To change the key, put the new one first and keep the old one "
            "behind it. Make one with `python3 -c 'import secrets; "
            "print(secrets.token_urlsafe(48))'`."
        ),
    ),
    Chapter(
        "Where things are",
        (
            Variable(
                "DATABASE_URL",
                (
                    "`postgresql://role:password@host:port/name` of the application's role. PostgreSQL 15 "
                    "or newer. Behind `?`, how the line to another machine is kept secret: `sslmode=verify-full`, "
                    "`sslrootcert`, `sslcert`, `sslkey`. A pooler that lends connections by transaction in between "
                    "has to follow prepared statements (PgBouncer does since 1.21)."
                ),
                "needed",
            ),
            Variable(
                "DATABASE_OWNER_URL",
                (
                    "The same for the role that owns the tables. Only `bawabati setup-database` connects "
                    "with it; give it to no other process."
                ),
                "that of `DATABASE_URL`",
            ),
            Variable("BAWABATI_POOL_SIZE", "Most database connections of each process."),
            Variable(
                "BAWABATI_PUBLIC_URL",
                (
                    "The portal's address as payers see it; it stands in the links that the gateway and "
                    "the receipts carry."
                ),
            ),
            Variable(
                "BAWABATI_HOSTS",
                (
                    "Host names that the portal answers to, parted by spaces. Name the public one here; "
                    "a company's own host is data of the company."
                ),
            ),
            Variable(
                "BAWABATI_TLS",
                (
                    "1: cookies are Secure, the proxy's `X-Forwarded-Proto` is believed, and browsers are "
                    "told to use TLS alone for two years, on subdomains too."
                ),
                "`1` when the public address begins with `https://`",
            ),
            Variable(
                "BAWABATI_TRUSTED_PROXIES",
                (
                    "Addresses and networks of your own proxies, parted by spaces. Only they are believed "
                    "about `X-Forwarded-For`; without them every payer behind a proxy counts as one."
                ),
                "none",
            ),
            Variable(
                "BAWABATI_METRICS_FROM",
                (
                    "Addresses and networks that may read `/metrics`, directly and through no proxy; "
                    "without them nobody does."
                ),
                "none",
            ),
            Variable(
                "BAWABATI_STATE",
                (
                    "The folder for files: collected static files; files that people brought and that "
                    "still have to be read; the demo's database."
                ),
                "`.state` in the working folder",
            ),
            Variable(
                "BAWABATI_ORDER_JOURNAL",
                (
                    "The folder of the journal of orders, which a restored database is compared with; "
                    "copy it to another machine."
                ),
                "`orders` in `BAWABATI_STATE`",
            ),
        ),
    ),
    Chapter(
        "Staff",
        (
            Variable(
                "BAWABATI_STAFF_IDLE_MINUTES", "A session ends when nobody has done anything in it for so many minutes."
            ),
            Variable("BAWABATI_STAFF_SHIFT_HOURS", "A session ends after so many hours, whatever is done in it."),
            Variable(
                "BAWABATI_PASSKEYS_REQUIRED",
                (
                    "0: finance officers, directors and administrators may sign in with a code too. For "
                    "demonstrations on `http`, where browsers offer no passkeys."
                ),
            ),
        ),
    ),
    Chapter(
        "E-mail",
        (
            Variable(
                "BAWABATI_EMAIL_URL",
                (
                    "`smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`. A password "
                    "needs TLS or this machine. Options behind `?`: `connect_seconds`, `answer_seconds`, "
                    "`ca_file`, `our_name`."
                ),
            ),
            Variable("BAWABATI_EMAIL_FROM", "The sender of every message; without it, the company's own address."),
        ),
    ),
    Chapter(
        "SMS",
        (
            Variable("BAWABATI_SMS_URL", "Where SMS are handed over: `https://…`, or `http://` on this machine."),
            Variable("BAWABATI_SMS_KEY", "What the provider wants to hear as bearer key. Or `…_FILE`.", "none"),
            Variable("BAWABATI_SMS_SENDER", "Whom telephones show as sender, as the provider has registered it."),
        ),
        before=("Without an address nobody is offered SMS. [The contract](sms.md) that a provider's door has to keep."),
    ),
    Chapter(
        "Webhooks",
        (
            Variable(
                "BAWABATI_WEBHOOK_OPEN_HOSTS",
                (
                    "Hosts (`host:port`), parted by spaces, to which webhooks may go without TLS and inside the own "
                    "network. For trials: each is a door into that network for whoever keeps a company's keys."
                ),
            ),
        ),
    ),
    Chapter(
        "The director's board",
        (
            Variable(
                "BAWABATI_MORNING_PAGE_AT",
                "From when on, on clocks in Algiers, the morning page leaves to whoever has chosen it.",
            ),
        ),
    ),
    Chapter(
        "Money that goes back",
        (
            Variable(
                "BAWABATI_REFUNDS_A_DAY_DA",
                ("Dinars that may go back of a company's payments within a day; beyond it a director approves."),
            ),
        ),
    ),
    Chapter(
        "When the gateway is asked",
        (
            Variable(
                "BAWABATI_BILL_FILE_MEGABYTES",
                (
                    "How large a file of bills may be that somebody brings over the pages. It goes to "
                    "`uploads` in `BAWABATI_STATE`, where the worker reads it: on several machines that "
                    "folder is shared. A proxy in front has to let as much through."
                ),
            ),
            Variable(
                "BAWABATI_GATEWAY_CALLS_AT_ONCE",
                (
                    "How many requests or jobs of one process may wait for gateways at once. `bawabati "
                    "serve` keeps 32 threads more than may wait for gateways and bridges, so that "
                    "look-ups always find one."
                ),
            ),
            Variable(
                "BAWABATI_BRIDGES_WAITING_AT_ONCE",
                (
                    "How many bridges may wait for orders in one process at once, a thread each. The "
                    "others are answered at once and come again every second."
                ),
            ),
            Variable(
                "BAWABATI_SMALL_COUNTS_BELOW",
                "Of campaigns, counts from 1 to below this are shown to nobody, "
                "nor what they could be worked out from.",
            ),
            Variable("BAWABATI_SWEEP_EVERY_SECONDS", "How often the worker looks for attempts that are due, 1 to 59."),
            Variable(
                "BAWABATI_ASK_SCHEDULE",
                (
                    "A JSON object with fields of `Schedule` in `src/bawabati/payments/rules/`, in "
                    "seconds, for gateways that are known to differ, and for demonstrations: "
                    '`{"grace_after_page": 60}`.'
                ),
                "`{}`",
            ),
        ),
    ),
    Chapter(
        "Tests and measurements",
        (Variable("BAWABATI_LIMITS", "0 switches the limits on tries off. Never on a public address."),),
    ),
)

THE_OTHER_PROGRAMS: Final = (
    "`make demo` sets all of these itself. It uses `DATABASE_URL` when you give one, keeps its files "
    "in `BAWABATI_STATE`, and serves over TLS with `BAWABATI_TLS=1`. The sandbox has settings of its "
    "own, `SANDBOX_…`, listed in `src/sandbox/gateway/settings.py`; `python -m sandbox --help` names "
    "its options."
)
