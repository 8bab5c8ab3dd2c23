"""Where the other rooms get their hands from: by name, from the settings, without knowing who made them.

    GATEWAYS = {"satim": "bawabati.adapters.gateways.satim.gateway.Satim"}
    BILLFILE_READERS = {"csv": "…"}
    STATEMENT_READERS = {"csv": "…", "xlsx": "…", "mt940": "…"}
    MESSAGE_CHANNEL = "…"      made with `url=EMAIL_URL`
    SMS_CHANNEL = "…"          made with `url=SMS_URL, key=SMS_KEY`
    DOCUMENT_MAKER = "…"
    ROLL_MAKER = "…"
    DATABASE_COPIER = "…"
    SHEET_WRITERS = {"csv": "…", "xlsx": "…"}
    CHANNEL_FILE_READER = "…"

The only file of the adapters that knows Django. A hand that reaches over the network is not given out inside a
database transaction: a slow gateway would hold its locks and its connection.
"""

import threading
from collections.abc import Callable, Hashable
from typing import cast

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from bawabati.adapters.backups.contract import DatabaseCopier
from bawabati.adapters.billfiles.contract import BillFileReader
from bawabati.adapters.channelfiles.contract import ChannelFileReader
from bawabati.adapters.documents.contract import DocumentMaker, RollMaker
from bawabati.adapters.gateways.contract import Gateway, MerchantAccount
from bawabati.adapters.messages.contract import Channel
from bawabati.adapters.sheets.contract import SheetWriter
from bawabati.adapters.statements.contract import StatementReader
from bawabati.adapters.webhooks.contract import WebhookSender
from bawabati.errors import Broken

_made: dict[Hashable, tuple[object, object]] = {}
_lock = threading.Lock()


def gateway(name: str, account: MerchantAccount) -> Gateway:
    """The gateway `name` for `account`, the same one each time until the account changes.

    Raises:
        Broken: inside a transaction, or no gateway of that name is in the settings.
    """
    _refuse_inside_a_transaction(name)
    path = _path("GATEWAYS", name)
    # Kept by what names the account; made again when anything else of it has changed, such as its password.
    place = ("gateway", path, account.base_url, account.user_name, account.terminal_id)
    return cast("Gateway", _kept(place, made_from=account, make=lambda: import_string(path)(account)))


def channel() -> Channel:
    """The way e-mails leave.

    Raises:
        Broken: inside a transaction.
    """
    _refuse_inside_a_transaction("channel")
    path, url = settings.MESSAGE_CHANNEL, settings.EMAIL_URL
    return cast("Channel", _kept("channel", made_from=(path, url), make=lambda: import_string(path)(url=url)))


def sms_channel() -> Channel:
    """The way SMS leave.

    Raises:
        Broken: inside a transaction, or the settings name no provider.
    """
    _refuse_inside_a_transaction("sms_channel")
    path, url, key = settings.SMS_CHANNEL, settings.SMS_URL, settings.SMS_KEY
    if not url:
        raise Broken("no SMS provider is in the settings")
    return cast("Channel", _kept("sms", made_from=(path, url, key), make=lambda: import_string(path)(url=url, key=key)))


def webhook_sender() -> WebhookSender:
    """What tells other systems over HTTP.

    Raises:
        Broken: inside a transaction.
    """
    _refuse_inside_a_transaction("webhooks")
    path, hosts = settings.WEBHOOK_SENDER, tuple(settings.WEBHOOK_OPEN_HOSTS)
    made = _kept("webhooks", made_from=(path, hosts), make=lambda: import_string(path)(open_hosts=hosts))
    return cast("WebhookSender", made)


def document_maker() -> DocumentMaker:
    """What makes receipts into PDF and pictures."""
    path = settings.DOCUMENT_MAKER
    return cast("DocumentMaker", _kept("documents", made_from=path, make=import_string(path)))


def roll_maker() -> RollMaker:
    """What makes receipts and papers into lines for paper of 80 mm."""
    path = settings.ROLL_MAKER
    return cast("RollMaker", _kept("rolls", made_from=path, make=import_string(path)))


def database_copier() -> DatabaseCopier:
    """What copies the whole database out and in."""
    path = settings.DATABASE_COPIER
    return cast("DatabaseCopier", _kept("copier", made_from=path, make=import_string(path)))


def billfile_reader(name: str) -> BillFileReader:
    """The reader of the bill files of format `name`.

    Raises:
        Broken: no reader of that name is in the settings.
    """
    path = _path("BILLFILE_READERS", name)
    return cast("BillFileReader", _kept(("reader", path), made_from=path, make=import_string(path)))


def statement_reader(name: str) -> StatementReader:
    """The reader of statements of format `name`.

    Raises:
        Broken: no reader of that name is in the settings.
    """
    path = _path("STATEMENT_READERS", name)
    return cast("StatementReader", _kept(("statements", path), made_from=path, make=import_string(path)))


def channel_file_reader() -> ChannelFileReader:
    """The reader of channels' daily files."""
    path = settings.CHANNEL_FILE_READER
    return cast("ChannelFileReader", _kept("channel files", made_from=path, make=import_string(path)))


def sheet_writer(name: str) -> SheetWriter:
    """The writer of tables in the format `name`.

    Raises:
        Broken: no writer of that name is in the settings.
    """
    path = _path("SHEET_WRITERS", name)
    return cast("SheetWriter", _kept(("sheets", path), made_from=path, make=import_string(path)))


def _path(setting: str, name: str) -> str:
    paths: dict[str, str] = getattr(settings, setting)
    if name not in paths:
        raise Broken(f"nothing in {setting} has this name", name=name)
    return paths[name]


def _kept(place: Hashable, *, made_from: object, make: Callable[[], object]) -> object:
    """One hand for each place, shared by all threads: its connections, breaker and compiler are worth keeping."""
    with _lock:
        if place not in _made or _made[place][0] != made_from:
            _made[place] = (made_from, make())
        return _made[place][1]


def _refuse_inside_a_transaction(hand: str) -> None:
    if any(connection.in_atomic_block for connection in connections.all(initialized_only=True)):
        raise Broken("a hand that goes out over the network was asked for inside a transaction", hand=hand)
