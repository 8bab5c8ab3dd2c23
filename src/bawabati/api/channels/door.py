"""The calls of a channel. Every one may be repeated."""

from ninja import Router

from bawabati.api.keys import CompanyKey
from bawabati.people.rules import ApiScope

router = Router(tags=["channel"], auth=CompanyKey(ApiScope.CHANNEL))
