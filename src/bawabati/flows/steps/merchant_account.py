"""Whether a merchant account makes sense, before anybody relies on it. Outside any transaction; nothing is sent."""

from typing import ClassVar

from django.conf import settings

from bawabati.adapters import registry
from bawabati.adapters.gateways.contract import MerchantAccount
from bawabati.companies.writes import GatewayAccess
from bawabati.errors import Broken, CannotDo


class MerchantAccountWrong(CannotDo):
    """The gateway's adapter cannot work with these values. `problem` says why, in English."""

    code: ClassVar[str] = "merchant_account_wrong"
    sentence: ClassVar[str] = "This merchant account cannot be used: %(problem)s."


def check_merchant_account(access: GatewayAccess) -> None:
    """Lets the adapter look at the values. Whether the bank knows them shows with the first payment only.

    Raises:
        MerchantAccountWrong: an unknown gateway, an address that credentials may not be sent to, unknown options.
    """
    if access.gateway not in settings.GATEWAYS:
        raise MerchantAccountWrong(problem=f"the gateway is none of {', '.join(sorted(settings.GATEWAYS))}")
    if not access.page_hosts:
        raise MerchantAccountWrong(problem="no host is named where the gateway may send the payer")
    account = MerchantAccount(
        base_url=access.base_url,
        user_name=access.user_name,
        password=access.password,
        terminal_id=access.terminal_id,
        page_hosts=tuple(access.page_hosts),
        options=access.options,
    )
    try:
        registry.gateway(access.gateway, account)
    except (Broken, OSError) as error:  # an OSError: a file of certificates that cannot be read
        raise MerchantAccountWrong(problem=str(error)) from error
