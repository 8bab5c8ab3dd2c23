"""The releases of the gateway's API that are in use, as data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How one release is asked for the result of an order, and what differs in its answer."""

    result_call: str
    reference_parameter: str
    capital_language: bool
    """`FR` rather than `fr`: each release is spoken to as it was seen working."""
    declined_means_confirmed: bool
    """Error code 2 says "already confirmed", where the current release says "declined"."""
    response_code_in_params: bool
    """The issuer's code stands in `params`; elsewhere only as `SvfeResponse`."""


WIRES: Mapping[str, Wire] = {
    "current": Wire(
        result_call="public/acknowledgeTransaction.do",
        reference_parameter="mdOrder",
        capital_language=True,
        declined_means_confirmed=False,
        response_code_in_params=True,
    ),
    "older": Wire(
        result_call="confirmOrder.do",
        reference_parameter="orderId",
        capital_language=False,
        declined_means_confirmed=True,
        response_code_in_params=True,
    ),
    # A gateway of the same make whose result is only read (Algérie Poste's own).
    "status": Wire(
        result_call="getOrderStatus.do",
        reference_parameter="orderId",
        capital_language=False,
        declined_means_confirmed=False,
        response_code_in_params=False,
    ),
}
