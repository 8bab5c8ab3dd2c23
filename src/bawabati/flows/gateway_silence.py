"""Does the gateway answer at all? For pages that say since when it does not."""

from datetime import datetime

from bawabati.companies.models import GatewayAccount
from bawabati.flows.steps.gateway import gateway_of


def silent_since(account: GatewayAccount | None) -> datetime | None:
    """Since when (UTC) calls to it are held back; None while they are sent."""
    return gateway_of(account).open_since
