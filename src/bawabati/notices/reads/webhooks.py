"""Questions about webhooks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from bawabati.keyset import At, Page, page_of
from bawabati.notices.models import Delivery, DeliveryTry, Endpoint
from bawabati.notices.rules import DeliveryState
from bawabati.sealed import unseal


def secret_purpose(company_id: int) -> str:
    """What a webhook's secret is sealed for."""
    return f"webhook:{company_id}"


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """The secrets that sign now, the present one first. Raises CannotOpen when the seal's key is gone."""
    purpose = secret_purpose(endpoint.company_id)
    secrets = [unseal(bytes(endpoint.secret_sealed), purpose=purpose)]
    if endpoint.former_sealed is not None and endpoint.former_until is not None and endpoint.former_until > now:
        secrets.append(unseal(bytes(endpoint.former_sealed), purpose=purpose))
    return secrets


def list_endpoints(company_id: int) -> list[Endpoint]:
    """The addresses of a company that were not ended, the oldest first."""
    found = Endpoint.objects.select_related("made_by").filter(company_id=company_id, ended_at=None)
    return list(found.order_by("id"))


def find_endpoint(*, company_id: int, endpoint_id: int) -> Endpoint | None:
    """The address, if it is that company's and was not ended."""
    return Endpoint.objects.filter(company_id=company_id, id=endpoint_id, ended_at=None).first()


def list_open_endpoints() -> list[Endpoint]:
    """Every address that is told of events now, of every company."""
    return list(Endpoint.objects.filter(ended_at=None, disabled_at=None).order_by("id"))


def find_next_delivery(endpoint_id: int, *, now: datetime) -> Delivery | None:
    """The oldest event whose time has come, with what it tells."""
    due = Delivery.objects.select_related("event").filter(
        endpoint_id=endpoint_id, state=DeliveryState.WAITING, next_try_at__lte=now
    )
    return due.order_by("sequence").first()


def find_delivery(*, company_id: int, delivery_id: int) -> Delivery | None:
    """The delivery with its event and its endpoint, if it is that company's."""
    found = Delivery.objects.select_related("event", "endpoint").filter(company_id=company_id, id=delivery_id)
    return found.first()


def list_deliveries(
    *, company_id: int, endpoint_id: int | None = None, states: Sequence[str] = (), at: At
) -> Page[Delivery]:
    """Deliveries with their events and endpoints, the newest first."""
    found = Delivery.objects.select_related("event", "endpoint").filter(company_id=company_id)
    found = found.filter(endpoint_id=endpoint_id) if endpoint_id is not None else found
    found = found.filter(state__in=states) if states else found
    return page_of(found, order=["-id"], at=at)


def list_tries(delivery_ids: Iterable[int]) -> list[DeliveryTry]:
    """What every try of these brought, in their order."""
    return list(DeliveryTry.objects.filter(delivery_id__in=list(delivery_ids)).order_by("id"))


def has_given_up(endpoint_id: int) -> bool:
    """Whether an event was given up for the endpoint, and was not sent again since."""
    return Delivery.objects.filter(endpoint_id=endpoint_id, state=DeliveryState.GIVEN_UP).exists()


def count_given_up(company_id: int) -> dict[int, int]:
    """How many events were given up for each endpoint; endpoints for which none was are left out."""
    given_up = Delivery.objects.filter(
        company_id=company_id, state=DeliveryState.GIVEN_UP, endpoint__ended_at__isnull=True
    )
    return dict(given_up.values_list("endpoint_id").annotate(Count("id")))


def count_waiting(company_id: int) -> dict[int, int]:
    """How many events wait for each endpoint; endpoints for which none waits are left out."""
    waiting = Delivery.objects.filter(company_id=company_id, state=DeliveryState.WAITING)
    return dict(waiting.values_list("endpoint_id").annotate(Count("id")))
