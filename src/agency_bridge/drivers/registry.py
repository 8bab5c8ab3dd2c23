"""Which driver speaks which protocol. A new protocol is one folder beside this file, and one line here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final

from agency_bridge.drivers.caisse_ap.driver import CaisseAp
from agency_bridge.drivers.contract import Driver, Patience, Reader
from agency_bridge.drivers.manual.driver import Manual
from agency_bridge.drivers.nexo.driver import Nexo
from agency_bridge.drivers.nexo.line import NotUsable

_log = logging.getLogger("agency_bridge.drivers")

DRIVERS: Final[Mapping[str, Callable[[Reader, Patience], Driver]]] = {
    "nexo": Nexo,
    "caisse_ap": CaisseAp,
    "manual": lambda _reader, _patience: Manual(),
}


def driver_for(reader: Reader, patience: Patience) -> Driver:
    """The driver of a reader. One that cannot be spoken to gets a driver that sends nothing and says why."""
    make = DRIVERS.get(reader.protocol)
    if make is None:
        _log.error("%s speaks %s, which this bridge does not know", reader.poi_id, reader.protocol)
        return Manual(reason="protocol_not_known")
    try:
        return make(reader, patience)
    except NotUsable as why:
        _log.error("%s is described so that nothing may be sent to it: %s", reader.poi_id, why)
        return Manual(reason=str(why))
    except ValueError:
        _log.error("%s has options that cannot be used", reader.poi_id)
        return Manual(reason="bad_options")
