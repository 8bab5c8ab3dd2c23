"""The way from the first page to the payment, online, and where people are lost on it."""

from __future__ import annotations

from django.utils.translation import gettext

from bawabati.reports.reads import funnel_of
from bawabati.reports.rules import Funnel
from bawabati.web.office.board.asked import Asked
from bawabati.web.office.board.figure import BarRow, Cell, Figure, count, from_the_right, percent
from bawabati.web.office.board.words import LOSSES, STEPS, called
from bawabati.web.shared.pictures import bars


def way_to_paid(*, company_id: int, asked: Asked) -> Figure:
    """Each step with how many came that far; each loss with its cause."""
    funnel = funnel_of(company_id=company_id, period=asked.period)
    steps = [(called(STEPS, key), value, "") for key, value in _steps(funnel) if value]
    losses = [(called(LOSSES, key), value, "lost") for key, value in funnel.losses]
    open_still = [(gettext("not known yet"), funnel.still_open, "open")] if funnel.still_open else []
    paid = steps.pop() if steps and funnel.paid else None
    parts = [*steps, *losses, *open_still, *([paid] if paid else [])]
    whole = max((value for _name, value, _kind in parts), default=0)
    lying = bars([value for _name, value, _kind in parts], of=whole, from_the_right=from_the_right())
    rows: list[tuple[Cell, ...]] = [(name, value) for name, value, _kind in parts]
    return Figure(
        slug="funnel",
        title=gettext("From the first page to paid, online"),
        says=_says(funnel),
        header=(gettext("Step"), gettext("How many")),
        rows=tuple(rows),
        bars=tuple(
            BarRow(
                name=name,
                bar=bar,
                value=f"{count(value)} · {percent(value, _attempts(funnel))}" if kind else count(value),
                kind=kind or ("paid" if paid and (name, value, kind) == paid else ""),
            )
            for (name, value, kind), bar in zip(parts, lying, strict=True)
        ),
        notes=(gettext("Steps are counted without cookies: somebody who comes back is counted again."),)
        if parts
        else (),
    )


def _steps(funnel: Funnel) -> list[tuple[str, int]]:
    return [(key, getattr(funnel, key)) for key in STEPS]


def _attempts(funnel: Funnel) -> int:
    return funnel.paid + sum(value for _cause, value in funnel.losses) + funnel.still_open


def _says(funnel: Funnel) -> str:
    ended = funnel.paid + sum(value for _cause, value in funnel.losses)
    if not ended:
        return gettext("Nobody has tried to pay online in this period.")
    said = gettext("Of those who tried to pay, %(share)s paid.") % {"share": percent(funnel.paid, ended)}
    if not funnel.losses:
        return said
    cause, lost = max(funnel.losses, key=lambda loss: loss[1])
    return f"{said} " + gettext("Lost most often: %(cause)s (%(count)s).") % {
        "cause": called(LOSSES, cause),
        "count": count(lost),
    }
