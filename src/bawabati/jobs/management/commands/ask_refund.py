"""`bawabati ask-refund PAYMENT --reason R --because WORDS --as LOGIN`: money is to go back, once another agrees."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.ask_refund import ask_refund, ask_reversal
from bawabati.jobs.arguments import amount_of, saying_why_not
from bawabati.money.amount import Money
from bawabati.money.display import with_currency
from bawabati.payments.rules import RefundReason


class Command(BaseCommand):
    """Nothing goes back before another person has approved it."""

    help = "Asks for a refund of a payment; with --taken-back, writes down that others have taken the money back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which payment, how much, why, and who asks."""
        parser.add_argument("payment", type=int, help="its number, as the cases and open-attempts name it")
        parser.add_argument("--amount", help="in dinars; all that can go back where it is not given")
        parser.add_argument(
            "--reason",
            choices=[reason.value for reason in RefundReason],
            default=RefundReason.BILL_DUE_AGAIN.value,
            help="bill_due_again: the bill is due again; credit: the customer's credit; goodwill: the bill stays paid",
        )
        parser.add_argument("--taken-back", action="store_true", help="the gateway or a bank has given it back already")
        parser.add_argument("--because", required=True, help="why, in your words")
        parser.add_argument("--as", dest="login", required=True, help="login of the person who asks")

    def handle(self, **options: object) -> None:
        """Asks."""
        because, login = str(options["because"]), str(options["login"])
        payment_id = int(str(options["payment"]))
        with saying_why_not():
            amount, now = amount_of(options["amount"]), timezone.now()
            if options["taken_back"]:
                refund = ask_reversal(payment_id=payment_id, amount=amount, because=because, login=login, now=now)
            else:
                reason = RefundReason(str(options["reason"]))
                refund = ask_refund(
                    payment_id=payment_id, reason=reason, amount=amount, because=because, login=login, now=now
                )
        asked = with_currency(Money(refund.amount_centimes), "en")
        self.stdout.write(
            f"Refund {refund.id} of {asked} waits for another person: bawabati approve-refund {refund.id}"
        )
