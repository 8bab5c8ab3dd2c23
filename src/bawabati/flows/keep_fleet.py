"""The operator describes desks and readers. Each change is written down; what is secret is sealed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency, Desk, Reader
from bawabati.companies.reads import list_bridges, list_desks, list_fleet, passphrase_purpose
from bawabati.companies.rules import Protocol
from bawabati.companies.writes import PlacedReader, write_desk, write_reader
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.reads import find_sale_on_reader
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.sealed import seal

__all__ = ["PlacedReader", "keep_desk", "keep_reader"]

_DESK_CODE: Final = re.compile(r"[A-Z0-9-]{2,10}", re.ASCII)
_SERIAL: Final = re.compile(r"[A-Za-z0-9._/-]{1,40}", re.ASCII)
LAST_PORT: Final = 65_535


class DeskCodeWrong(CannotDo):
    """It stands on receipts and on the wire."""

    code: ClassVar[str] = "desk_code_wrong"
    sentence: ClassVar[str] = "A desk's code has 2 to 10 capitals, digits and hyphens, like AG07-C1."


class SerialWrong(CannotDo):
    """A reader is known by its serial number."""

    code: ClassVar[str] = "serial_wrong"
    sentence: ClassVar[str] = "Type the serial number of the reader as it is printed on it."


class ReaderIncomplete(CannotDo):
    """What the protocol needs is missing."""

    code: ClassVar[str] = "reader_incomplete"
    sentence: ClassVar[str] = "A reader on the network needs its bridge, its name there, its address and its port."


class DeskHasReader(CannotDo):
    """One reader at a desk."""

    code: ClassVar[str] = "desk_has_reader"
    sentence: ClassVar[str] = "Reader %(serial)s stands at this desk already. Take it away first."


class NameOnTheWireTaken(CannotDo):
    """Two readers of one name could not be told apart."""

    code: ClassVar[str] = "poi_id_taken"
    sentence: ClassVar[str] = "Reader %(serial)s has this name on the wire already."


class NotOfThisAgency(CannotDo):
    """A desk or a bridge of another agency, or of none."""

    code: ClassVar[str] = "not_of_this_agency"
    sentence: ClassVar[str] = "This desk or this bridge belongs to another agency."


class ReaderAtWork(CannotDo):
    """A sale is on it: what becomes of that has to be known first."""

    code: ClassVar[str] = "reader_at_work"
    sentence: ClassVar[str] = "This reader has a sale that is not over. Wait until it is."


def keep_desk(*, agency: Agency, code: str, name: str, is_active: bool, staff: Staff, now: datetime) -> Desk:
    """The desk as it is described. Safe to repeat.

    Raises:
        NotAllowed, DeskCodeWrong.
    """
    get_staff_allowed(login=staff.login, action=Action.MANAGE_READERS, company_id=agency.company_id)
    if not _DESK_CODE.fullmatch(code):
        raise DeskCodeWrong
    with written_together("keep_fleet: desk kept"):
        desk, changed = write_desk(agency=agency, code=code, name=name[:60], is_active=is_active)
        _record(staff, agency, f"desk:{desk.id}", changed, now)
    return desk


def keep_reader(*, agency: Agency, facts: PlacedReader, passphrase: str, staff: Staff, now: datetime) -> Reader:
    """The reader as it is described. Safe to repeat. A reader with a sale on it stays as it is.

    An empty passphrase leaves the one that is kept.

    Rule: reader-fleet (ours: a reader that moves or changes while it has a sale could not be asked any more)

    Raises:
        NotAllowed, SerialWrong, ReaderIncomplete, NotOfThisAgency, DeskHasReader, NameOnTheWireTaken, ReaderAtWork.
    """
    get_staff_allowed(login=staff.login, action=Action.MANAGE_READERS, company_id=agency.company_id)
    _check_whole(facts)
    others = list_fleet(agency.company_id)
    known = next((reader for reader in others if reader.serial == facts.serial), None)
    if known is not None and find_sale_on_reader(known.id) is not None:
        raise ReaderAtWork
    _check_places(agency, facts, [reader for reader in others if reader is not known])
    sealed = None
    if passphrase:
        purpose = passphrase_purpose(Reader(company_id=agency.company_id, serial=facts.serial))
        sealed = seal(passphrase, purpose=purpose)
    with written_together("keep_fleet: reader kept"):
        reader, changed = write_reader(agency=agency, facts=facts, passphrase_sealed=sealed)
        _record(staff, agency, f"reader:{reader.id}", changed, now)
    return reader


def _check_whole(facts: PlacedReader) -> None:
    if not _SERIAL.fullmatch(facts.serial):
        raise SerialWrong
    if facts.port > LAST_PORT:
        raise ReaderIncomplete
    if facts.protocol is Protocol.MANUAL:
        return
    if not facts.poi_id or facts.bridge_id is None or not facts.host or not facts.port:
        raise ReaderIncomplete


def _check_places(agency: Agency, facts: PlacedReader, others: list[Reader]) -> None:
    desks = {desk.id for desk in list_desks(agency_id=agency.id)}
    bridges = {bridge.id for bridge in list_bridges(agency_id=agency.id)}
    if facts.desk_id not in desks | {None} or facts.bridge_id not in bridges | {None}:
        raise NotOfThisAgency
    for other in others:
        if facts.is_active and other.is_active and facts.desk_id is not None and other.desk_id == facts.desk_id:
            raise DeskHasReader(serial=other.serial)
        if facts.poi_id and other.poi_id == facts.poi_id:
            raise NameOnTheWireTaken(serial=other.serial)


def _record(staff: Staff, agency: Agency, target: str, changed: list[str], now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=agency.company_id,
        action="keep_fleet",
        target=target,
        details={"agency": agency.code, "changed": changed},
        now=now,
    )
