"""Bugs of flows, writes and adapters, for the real level."""

from faults.planted.bug import Bug, Level

CONFIRM = "flows/confirm_payment.py"
SETTLE = "flows/steps/settle.py"
REFUND = "flows/refund_payment.py"
BACK = "flows/steps/money_back.py"
MOVING = "payments/writes/moving.py"
OPENING = "payments/writes/opening.py"


def _real(name: str, file: str, before: str, after: str) -> Bug:
    return Bug(name=name, level=Level.REAL, file=file, before=before, after=after)


BUGS = (
    _real(
        "the hold is forgotten",
        OPENING,
        "    SELECT company_id, bill, id, opened_at FROM payment, chosen\n",
        "    SELECT company_id, bill, id, opened_at FROM payment, chosen WHERE false\n",
    ),
    _real("the hold stays", MOVING, "    frees = before in HOLDING and after not in HOLDING\n", "    frees = False\n"),
    _real(
        "confirmed on what was known before asking",
        CONFIRM,
        "    payment = lock_payment(payment_id)\n    verdict = judge(",
        "    payment = get_payment(payment_id)\n    verdict = judge(",
    ),
    _real(
        "the redirect is trusted",
        CONFIRM,
        "            answer = ask_how_it_stands(payment)\n",
        '            answer = Refused(cause=Cause.CANCELLED, said=Unknown(reason="").said) if came_back_by_fail'
        " else ask_how_it_stands(payment)\n",
    ),
    _real(
        "posted before it is acknowledged",
        "adapters/gateways/satim/wires.py",
        '        result_call="public/acknowledgeTransaction.do",\n        reference_parameter="mdOrder",',
        '        result_call="getOrderStatus.do",\n        reference_parameter="orderId",',
    ),
    _real(
        "a server error is a decline",
        "adapters/gateways/satim/gateway.py",
        '        return NotDone(reason="unknown_order", said=answer.said)\n    return Unknown(',
        '        return NotDone(reason="unknown_order", said=answer.said)\n'
        '    if answer.reason == "server_error":\n'
        "        from bawabati.adapters.gateways.contract import Cause, Refused\n"
        "        return Refused(cause=Cause.DECLINED, said=answer.said)\n"
        "    return Unknown(",
    ),
    _real("the books are forgotten", SETTLE, "        _post(payment, line, share, now)\n", ""),
    _real(
        "what is odd is told to nobody",
        CONFIRM,
        "    tell_the_office(payment, verdict.alarm, said=answer.said, now=now)\n",
        "",
    ),
    _real(
        "the surplus has no case",
        SETTLE,
        "    if surplus:\n        _see_to(",
        "    if False:\n        _see_to(",
    ),
    _real(
        "the bill is not settled",
        SETTLE,
        "        if share.settled:\n            settle_bill(line.bill, amount=share.settled, now=now)\n",
        "",
    ),
    _real("nobody is told", SETTLE, "    _tell(payment, receipt, now)\n", ""),
    _real(
        "a lease is for ever",
        "payments/writes/questions.py",
        "(leased_until IS NULL OR leased_until <= %(now)s)",
        "leased_until IS NULL",
    ),
    _real(
        "excess of a lowered bill is forgotten",
        "flows/steps/lowered_bills.py",
        "    for bill in lowered:\n",
        "    for bill in []:\n",
    ),
    _real(
        "an import takes back what was settled",
        "bills/writes/merge.py",
        "    settled_centimes = least(settled_centimes, {_STILL_OWED}),",
        "    settled_centimes = 0,",
    ),
    _real(
        "a refund is not claimed",
        REFUND,
        '            _keep(refund, verdict, evidence={"held_centimes": None if held is None else held.centimes}',
        "            _keep(lock_refund(known.id), RefundVerdict(step=None, next_step_at=now), evidence={}",
    ),
    _real(
        "a refund reopens no bill",
        BACK,
        "        taken = reopen_bill(bills[part.line_id], amount=Money(part.amount_centimes))\n",
        "        taken = Money(part.amount_centimes)\n",
    ),
    _real(
        "a refund is not posted",
        BACK,
        "        due_again = _post(refund, payment, lines, now)\n",
        "        due_again = []\n",
    ),
    _real(
        "credit that was to go back stays set aside",
        BACK,
        "    elif refund.reason == RefundReason.CREDIT:\n",
        "    elif False:\n",
    ),
    _real(
        "more credit is used than there is",
        "flows/steps/credit.py",
        "    amount = min(at_most, left, lock_credit(company_id=bill.company_id, holder=holder))\n",
        "    amount = min(at_most, left)\n",
    ),
    _real(
        "what the network gave back twice is told to nobody",
        "payments/rules/comparison.py",
        "    return None if still in possible else Discrepancy.GIVEN_BACK\n",
        "    return None\n",
    ),
    _real(
        "the name of a refund is not sent",
        "adapters/gateways/satim/gateway.py",
        '        named = {"externalRefundId": name} if self._names_refunds else {}\n',
        "        named: dict[str, str] = {}\n",
    ),
    _real(
        "a letter that did not leave is sent",
        "flows/send_notice.py",
        "            try_again_later(notice, reason=reason, now=now)\n",
        "            note_sent(notice, now=now)\n",
    ),
    _real(
        "a cancelled bill is settled",
        "bills/rules/payable.py",
        "    room = bill.left if bill.status is BillStatus.OPEN else Money(0)\n",
        "    room = bill.left\n",
    ),
    _real(
        "a job outside its transaction",
        "defer.py",
        "DjangoConnector(alias=DEFAULT_DB_ALIAS)",
        'DjangoConnector(alias="owner")',
    ),
)
