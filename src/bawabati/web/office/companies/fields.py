"""Fields of the company's forms: what each is called, how it is typed, and how it stands in the form again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.companies.rules import LONGEST_VALUE, SettingWrong
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of

LABELS: Final[Mapping[str, str]] = {
    "name_ar": _("Name in Arabic"),
    "name_fr": _("Name in French"),
    "name_en": _("Name in English"),
    "legal_form": _("Legal form"),
    "address_ar": _("Address in Arabic"),
    "address_fr": _("Address in French"),
    "phone": _("Telephone"),
    "email": _("E-mail address"),
    "nif": _("Tax identification number (NIF)"),
    "nis": _("Statistical identification number (NIS)"),
    "rc": _("Trade register (RC)"),
    "ai": _("Article of taxation (AI)"),
    "minimum_centimes": _("Smallest payment, in DA"),
    "ceiling_centimes": _("Largest payment, in DA"),
    "typed_approval_limit_centimes": _("Approvals keyed by hand: a second person above, in DA"),
    "allows_part_payment": _("A payer may pay a part of what is due"),
    "offers_other_bills": _("Who holds one number may see and pay the customer's other open bills"),
    "cheques_carry_stamp_duty": _("A receipt for a cheque carries the stamp duty"),
    "surplus_owner_login": _("Who sees to a surplus"),
    "surplus_becomes": _("What becomes of it unless the payer chooses"),
    "surplus_promised_working_days": _("Promised within, working days"),
    "lookup_factor": _("Without the paper, beside the customer number a payer must know"),
    "oldest_first_only": _("No bill of a debt is paid before the older ones (otherwise that is advised)"),
    "instalments_most": _("Most instalments that may be asked for; 0: none are offered"),
    "instalments_from_centimes": _("Smallest debt for which they are offered, in DA"),
    "first_percent": _("Of the debt, at least so many percent come first"),
    "late_after_days": _("Late after so many working days"),
    "broken_after_days": _("Ended after so many days unpaid"),
    "code": _("Code"),
    "commune_ar": _("Commune in Arabic"),
    "commune_fr": _("Commune in French"),
    "address": _("Address"),
    "is_open": _("Open to customers"),
    "colour": _("Links and buttons"),
    "band_colour": _("Behind the head of each page"),
    "wilayas": _("Wilayas that it serves, by number or name"),
    "host_name": _("Its own host name, for example pay.example.dz"),
    "administrator_login": _("E-mail address of its first administrator"),
    "administrator_name": _("Name of its first administrator"),
    "administrator_language": _("Language of its first administrator"),
    "day": _("Day"),
    "holiday": _("What it is called"),
    "is_off": _("Nobody works on that day"),
}

_ARABIC: Final = frozenset({"name_ar", "address_ar", "commune_ar"})
_FROM_THE_LEFT: Final = frozenset(
    {"phone", "email", "nif", "nis", "rc", "ai", "code"}
    | {
        *("colour", "band_colour", "host_name", "administrator_login", "day"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field as the form shows it. `kind`: text, amount, number, day, flag or choice."""

    name: str
    kind: str
    value: str
    error: str
    choices: Sequence[tuple[str, str]] = ()

    @property
    def label(self) -> str:
        """In the language of the page."""
        return gettext(LABELS[self.name])

    @property
    def direction(self) -> str:
        """Of what is typed: by its language where it has one."""
        return (
            "rtl" if self.name in _ARABIC else "ltr" if self.name in _FROM_THE_LEFT or self.kind != "text" else "auto"
        )

    @property
    def language(self) -> str:
        """Of what is typed; empty where any will do."""
        ending = self.name.rpartition("_")[2]
        return ending if ending in {"ar", "fr", "en"} else ""

    @property
    def longest(self) -> int:
        """Characters."""
        return LONGEST_VALUE.get(self.name, 20)

    @property
    def is_date(self) -> bool:
        """Whether browsers may help with a calendar."""
        return self.kind == "day"

    @property
    def keyboard(self) -> str:
        """What a telephone shows to type with."""
        return {"amount": "decimal", "number": "numeric"}.get(self.kind, "text")

    @property
    def is_on(self) -> bool:
        """Of a flag."""
        return self.value == "yes"


def shown_fields(
    request: HttpRequest,
    kinds: Mapping[str, str],
    *,
    kept: Mapping[str, object],
    error: CannotDo | None,
    choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> list[Shown]:
    """The form: what was typed when it was posted, else what is kept; the error beside the field that it is about."""
    wrong = error.column if isinstance(error, SettingWrong) else ""
    sentence = sentence_of(error) if error else ""
    return [
        Shown(
            name=name,
            kind=kind,
            value=given_back(typed_line(request, name)) if request.method == "POST" else _written(kept[name], kind),
            error=sentence if name == wrong else "",
            choices=(choices or {}).get(name, ()),
        )
        for name, kind in kinds.items()
    ]


def error_above(error: CannotDo | None) -> str:
    """The sentence that stands above the form: of an error that is about no single field."""
    return sentence_of(error) if error is not None and not isinstance(error, SettingWrong) else ""


def _written(value: object, kind: str) -> str:
    if kind == "flag":
        return "yes" if value else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if kind == "amount" and isinstance(value, int):
        return figures(Money(value), "fr")
    return str(value)
