"""Bugs of sales at desks, for the real level with an agency in every seed."""

from faults.planted.bug import Bug, Level

JUDGE = "payments/rules/sales/judge.py"
HEAR = "flows/steps/hear_reader.py"


def _desks(name: str, file: str, before: str, after: str) -> Bug:
    return Bug(name=name, level=Level.DESKS, file=file, before=before, after=after)


BUGS = (
    _desks(
        "a reader that did not answer has taken nothing",
        JUDGE,
        "    if said.outcome in {Outcome.NOT_SENT, Outcome.BUSY} and asked is OrderKind.PAY:\n",
        "    if said.outcome in {Outcome.NOT_SENT, Outcome.BUSY, Outcome.UNKNOWN} and asked is OrderKind.PAY:\n",
    ),
    _desks(
        "a reader that started anew is believed when it finds nothing",
        JUDGE,
        "    if (said.boot or sale.reader_boot) != sale.boot_when_sent:\n        return _cannot_tell()\n",
        "",
    ),
    _desks(
        "what a reader gave back stays in the books",
        HEAR,
        "    if event in UNDONE_BY:\n",
        "    if False:\n",
    ),
    _desks(
        "what was approved is not posted",
        HEAR,
        "    if event in SETTLED_BY and find_payment_of_sale(sale.id) is None:\n",
        "    if False:\n",
    ),
    _desks(
        "whoever waited too long goes all the same",
        "flows/take_order.py",
        "        if sale is not None and not _is_still_wanted(sale, order):\n",
        "        if False:\n",
    ),
    _desks(
        "a reader has two sales at once",
        "flows/steps/open_sale.py",
        "        if (busy := find_sale_on_reader(reader.id)) is not None:\n",
        "        if (busy := None) is not None:\n",
    ),
    _desks(
        "a reversal is asked about before it was sent",
        HEAR,
        "    if sale.state == SaleState.REVERSING and _reversal_may_come_yet(sale, now):\n",
        "    if False:\n",
    ),
)
