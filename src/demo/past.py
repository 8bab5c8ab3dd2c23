"""What was before the demonstration began, and what waits for somebody: told when the doors are open already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from demo.billing import billing_step, share_secret
from demo.children import Children
from demo.steps import in_one_process

CHANNEL_KEY_FILE = "channel-key.txt"


def tell_the_past(children: Children, *, state: Path, sandbox_url: str, say: Callable[[str], None]) -> None:
    """Days at a desk first, for who closes them; then weeks of payers, for the board, which take a minute.

    Safe to repeat: what was told once is not told again.
    """
    steps = [["demo-days", "--leave-open"], ["demo-channel", str(state / CHANNEL_KEY_FILE)]]
    if "0 days were played" not in in_one_process(children, "days", steps).text:
        say("Three days at a desk wait to be closed: finance@oran.example. Eight weeks before them follow …")
    # The billing system last, so that those weeks are not told to it one by one.
    told = in_one_process(
        children, "weeks", [["demo-days", "--weeks"], ["demo-customers"], billing_step(state=state, url=sandbox_url)]
    )
    share_secret(told, url=sandbox_url)
    debtors = told.answer("asks")
    say(f"""The past weeks are there: look at the board as director@oran.example.

  Seven open bills     customer {debtors["asks"]} has asked for instalments: finance@oran.example decides
                       found without the paper by that number and an older bill's, {debtors["older"]}
  A running agreement  customer {debtors["pays"]} has paid the first instalment, the next is due
""")
