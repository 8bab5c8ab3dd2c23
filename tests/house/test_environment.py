"""What the environment says of a database is done, or refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from bawabati.config.environment import Environment


def test_the_line_to_a_database_elsewhere_is_kept_secret_as_its_address_says() -> None:
    url = "postgresql://app:a%20long%2Fone@db.example:5433/bawabati?sslmode=verify-full&sslrootcert=/etc/b/pg.pem"
    read = Environment({"DATABASE_URL": url}).database("DATABASE_URL", options={"pool": True})
    assert read["OPTIONS"] == {"pool": True, "sslmode": "verify-full", "sslrootcert": "/etc/b/pg.pem"}
    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == ("db.example", "5433", "a long/one")


@pytest.mark.parametrize("query", ["ssl=true", "sslmod=require", "sslmode=require&options=-c%20role%3Dpostgres"])
def test_a_wish_that_nobody_would_fulfil_is_refused_with_what_may_stand_there(query: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="only sslcert, sslkey, sslmode, sslrootcert behind"):
        Environment({"DATABASE_URL": f"postgresql://app@db/b?{query}"}).database("DATABASE_URL")
