"""The words on the terminal once everything is up."""

from __future__ import annotations

from pathlib import Path

from demo.billing import KEY_FILE
from demo.people import PASSWORD, PEOPLE, PIN
from demo.street import Street

_CARD = "6280 5811 1000 7215, expiry 01/2027, CVV2 373"
"""The first card of the published test deck: it is accepted."""


def welcome(street: Street, *, state: Path) -> str:
    """What is where, and what to try first."""
    lines = [
        "",
        "Bawabati is open. The bank, the cards and the money are invented; the portal is real.",
        "",
        f"  the portal           {street.portal_url}/ar/",
        f"  the sandbox          {street.sandbox_url}/",
        f"  the payer's phone    {street.sandbox_url}/phone/",
        f"  the payer's inbox    {street.sandbox_url}/inbox/",
        f"  the billing system   {street.sandbox_url}/billing/   what it is told; its key: {state / KEY_FILE}",
        f"  the bank's files     {street.sandbox_url}/bank/   close the day there, bring them in under Settlement",
        "",
        f"  Pay the bill         {street.bill.payment_number}   ({street.bill.amount} DA)",
        *([f"  asked beside it      {street.bill.second_value}"] if street.bill.second_value else []),
        f"  with the card        {_CARD}",
        "  and the code that arrives on the payer's phone.",
    ]
    lines += [
        "",
        f"  At the desk          {street.portal_url}/fr/counter/   as a cashier (below), desk OC-C1",
        f"  the card reader      {street.desks.reader_screen}   every card has the PIN 1234",
        f"  when the line is cut {street.desks.offline_url}   the bridge takes cash",
        "",
        f"  People who work here {street.portal_url}/fr/staff/",
        f"  with the password    {PASSWORD}",
        *(f"  {person.role:<22} {person.login:<28} device {person.device}" for person in PEOPLE),
        f"  desk PIN             {PIN}, of both cashiers",
        "  what devices show    PYTHONPATH=src .venv/bin/python -m demo.devices",
        "  (known to everybody who reads this: for the demonstration alone)",
        "",
        "  Who signs in for what: docs/start/demo.md",
    ]
    if street.certificate:
        lines += ["", f"  The browser will not know the certificate {street.certificate}: it is ours."]
    return "\n".join([*lines, "", f"Ctrl-C stops everything. The payments stay in {state}.", ""])
