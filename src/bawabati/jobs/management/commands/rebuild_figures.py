"""`bawabati rebuild-figures`: counts the figures of the board anew, and mends what differs."""

from django.core.management.base import BaseCommand

from bawabati.flows.rebuild_figures import rebuild_figures


class Command(BaseCommand):
    """Paying goes on meanwhile."""

    help = "Counts the board's figures anew from the payments, and mends what differs. Usually nothing does."

    def handle(self, **_options: object) -> None:
        """One line for each table that was mended."""
        found = rebuild_figures(tell=self._tell)
        self.stdout.write("Every figure was right." if not found else f"{found} rows were missing or wrong.")

    def _tell(self, table: str, count: int) -> None:
        if count:
            self.stdout.write(f"{table}: {count}")
