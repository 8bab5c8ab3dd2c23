"""Payment numbers for bills whose billing system prints none."""

from __future__ import annotations

from random import SystemRandom
from typing import Final

from django.db import connection

from bawabati.companies.rules import mint_number

_AT_ONCE: Final = 10_000


def mint_numbers(company_id: int) -> None:
    """Gives every new line of the stage that has no payment number one of our own, which no other bill has.

    A number drawn twice is drawn again: with twelve random digits it happens once among some hundred thousand bills
    when ten million are known. Rule: minted-numbers (at least 12 random digits and 2 check digits, ISO 7064 mod 97-10)
    """
    random = SystemRandom()
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM staged_line WHERE is_minted)")
        if cursor.fetchone() == (False,):
            return
        cursor.execute(_OPEN)
        while True:
            cursor.execute(_WITHOUT_NUMBER, [_AT_ONCE])
            lines = [line for (line,) in cursor.fetchall()]
            if not lines:
                break
            cursor.execute("DELETE FROM minted_number")
            with cursor.copy("COPY minted_number FROM STDIN") as copy:
                copy.write("".join(f"{line}\t{mint_number(random=random)}\n" for line in lines))
            cursor.execute(_GIVE, [company_id])


_OPEN = """
CREATE TEMPORARY TABLE minted_number (line_number integer, payment_number text) ON COMMIT DROP;
CREATE INDEX ON staged_line (payment_number) WHERE reason IS NULL;
CREATE INDEX ON staged_line (line_number) WHERE is_minted AND payment_number = '' AND reason IS NULL;
UPDATE staged_line SET payment_number = known_number FROM staged_match
WHERE staged_match.line_number = staged_line.line_number AND is_minted
"""
_WITHOUT_NUMBER = """
SELECT line_number FROM staged_line WHERE is_minted AND payment_number = '' AND reason IS NULL LIMIT %s
"""
_GIVE = """
UPDATE staged_line SET payment_number = drawn.payment_number
FROM (SELECT min(line_number) AS line_number, payment_number FROM minted_number GROUP BY payment_number) AS drawn
WHERE staged_line.line_number = drawn.line_number
    AND NOT EXISTS (SELECT FROM staged_line AS other WHERE other.payment_number = drawn.payment_number
                    AND other.reason IS NULL)
    AND NOT EXISTS (SELECT FROM bills_bill WHERE company_id = %s AND payment_number = drawn.payment_number)
"""
