"""Roles that a data folder may lack because it was made by an older version."""

from typing import Final

import psycopg

_OF_EVERY_COMPANY: Final = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bawabati_app_every_company') THEN
        CREATE ROLE bawabati_app_every_company NOLOGIN;
        GRANT bawabati_app_every_company TO bawabati_app WITH INHERIT FALSE;
    END IF;
END $$
"""


def add_missing_roles(superuser_url: str) -> None:
    """The role in which the application sees every company. Safe to repeat."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(_OF_EVERY_COMPANY)
