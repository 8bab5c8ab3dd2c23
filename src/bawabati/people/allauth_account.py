"""allauth's accounts without their middleware: of them we use only what second factors need."""

from allauth.account.apps import AccountConfig


class AllauthAccount(AccountConfig):  # type: ignore[misc]  # allauth has no types
    """As allauth's own, which insists on a middleware for every address."""

    default = False

    def ready(self) -> None:
        """Its request context is given by `web/signin/door.py`, to the addresses of staff alone."""
