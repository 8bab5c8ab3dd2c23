"""The role in which the application sees every company, beside its own in which it sees one."""

from typing import Final

COMPANY: Final = "bawabati.company"
"""The setting of a connection that says which company it is for."""

_OF_EVERY_COMPANY: Final = "_every_company"


def role_of_every_company(application: str) -> str:
    """Nobody signs in as it: the application takes it on. Named after the application's, for roles are a cluster's."""
    return application + _OF_EVERY_COMPANY
