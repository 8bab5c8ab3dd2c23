"""Where the other rooms get their hands from: by name, from the settings, without knowing who made them.

    GATEWAYS = {"satim": "bawabati.adapters.gateways.satim.gateway.Satim"}
    BILLFILE_READERS = {"csv": "…"}
    MESSAGE_CHANNEL = "…"      with MESSAGE_CHANNEL_OPTIONS = {…}, its keyword arguments
    DOCUMENT_MAKER = "…"       with DOCUMENT_MAKER_OPTIONS = {…}

The only file of the adapters that knows Django. A hand that reaches over the network is not given out inside a
database transaction: a slow gateway would hold its locks and its connection.
"""

import threading
from collections.abc import Hashable
from typing import cast

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from bawabati.adapters.billfiles.contract import BillFileReader
from bawabati.adapters.documents.contract import DocumentMaker
from bawabati.adapters.gateways.contract import Gateway, MerchantAccount
from bawabati.adapters.messages.contract import Channel
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
    return cast("Gateway", _kept(place, made_from=account, path=path, arguments=(account,)))


def channel() -> Channel:
    """The way messages leave.

    Raises:
        Broken: inside a transaction.
    """
    _refuse_inside_a_transaction("channel")
    return cast("Channel", _only("MESSAGE_CHANNEL"))


def document_maker() -> DocumentMaker:
    """What makes receipts into PDF and pictures."""
    return cast("DocumentMaker", _only("DOCUMENT_MAKER"))


def billfile_reader(name: str) -> BillFileReader:
    """The reader of the bill files of format `name`.

    Raises:
        Broken: no reader of that name is in the settings.
    """
    path = _path("BILLFILE_READERS", name)
    return cast("BillFileReader", _kept(("reader", path), made_from=path, path=path))


def _only(setting: str) -> object:
    path: str = getattr(settings, setting)
    options: dict[str, object] = getattr(settings, f"{setting}_OPTIONS", {})
    return _kept((setting,), made_from=(path, dict(options)), path=path, options=options)


def _path(setting: str, name: str) -> str:
    paths: dict[str, str] = getattr(settings, setting)
    if name not in paths:
        raise Broken(f"nothing in {setting} has this name", name=name)
    return paths[name]


def _kept(
    place: Hashable,
    *,
    made_from: object,
    path: str,
    arguments: tuple[object, ...] = (),
    options: dict[str, object] | None = None,
) -> object:
    """One hand for each place, shared by all threads: its connections, breaker and compiler are worth keeping."""
    with _lock:
        if place not in _made or _made[place][0] != made_from:
            _made[place] = (made_from, import_string(path)(*arguments, **(options or {})))
        return _made[place][1]


def _refuse_inside_a_transaction(hand: str) -> None:
    if any(connection.in_atomic_block for connection in connections.all(initialized_only=True)):
        raise Broken("a hand that goes out over the network was asked for inside a transaction", hand=hand)
