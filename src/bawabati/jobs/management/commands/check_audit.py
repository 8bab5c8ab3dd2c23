"""`bawabati check-audit`: whether the audit log is as it was written; exits 1 when it is not."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawabati.audit.rules import hash_of_block
from bawabati.flows.check_audit import check_audit

HASH_HEX = 64


class Command(BaseCommand):
    """Changes nothing; safe to run at any time, on a live system."""

    help = "Reads the audit log and its seals, and says whether anything was changed, removed or added."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What was kept elsewhere."""
        parser.add_argument(
            "--kept",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="a block as it was printed or mailed; may be repeated",
        )

    def handle(self, **options: object) -> None:
        """One line for each finding, and the newest block to keep elsewhere."""
        words = options["kept"]
        checked = check_audit(now=timezone.now(), kept=dict(map(_kept, words if isinstance(words, list) else [])))
        for finding in checked.findings:
            where = "not in a block" if finding.block is None else f"block {finding.block}"
            self.stdout.write(f"{finding.broken} {where}: {finding.words}")
        if checked.findings:
            raise CommandError(f"{len(checked.findings)} findings", returncode=1)
        self.stdout.write(f"{checked.entries} entries in {checked.blocks} blocks are as they were written.")
        if checked.last is not None:
            self.stdout.write(f"The newest: {checked.last.number}:{hash_of_block(checked.last).hex()}")


def _kept(words: str) -> tuple[int, bytes]:
    number, _, text = words.partition(":")
    try:
        kept = int(number), bytes.fromhex(text)
    except ValueError:
        kept = 0, b""
    if len(text) != HASH_HEX or kept[0] < 1:
        raise CommandError(f"{words!r} is not the number of a block, a colon and the {HASH_HEX} characters of its hash")
    return kept
