"""Bridges and readers: enrolled, heard of."""

from datetime import datetime

from bawabati.companies.models import Agency, Bridge, Reader


def add_bridge(*, agency: Agency, name: str, code_sha256: str, code_ends_at: datetime) -> Bridge:
    """The bridge of that name, waiting for whoever comes with the code. A new code takes the place of the last."""
    bridge, _ = Bridge.objects.get_or_create(company_id=agency.company_id, name=name, defaults={"agency": agency})
    bridge.agency = agency
    bridge.code_sha256, bridge.code_ends_at, bridge.code_used_at = code_sha256, code_ends_at, None
    bridge.save(update_fields=["agency", "code_sha256", "code_ends_at", "code_used_at"])
    return bridge


def lock_bridge_of_code(code_sha256: str) -> Bridge | None:
    """The bridge that a code was made for, locked until the transaction ends."""
    locked = Bridge.objects.select_for_update(of=("self",), no_key=True).select_related("company", "agency")
    return locked.filter(code_sha256=code_sha256, is_active=True).first()


def set_bridge_key(bridge: Bridge, *, key_sha256: str, software: str, now: datetime) -> None:
    """The key that the bridge comes with from now on; the last one opens nothing any more."""
    bridge.key_sha256, bridge.software = key_sha256, software
    bridge.enrolled_at = bridge.code_used_at = bridge.last_contact_at = now
    bridge.save(update_fields=["key_sha256", "software", "enrolled_at", "code_used_at", "last_contact_at"])


def lock_reader(reader_id: int) -> None:
    """Locked until the transaction ends: who has it next is decided by one at a time. After sales and sessions."""
    Reader.objects.select_for_update(of=("self",), no_key=True).only("id").get(id=reader_id)


def note_bridge(
    bridge: Bridge, *, software: str, waiting_results: int, line_lost_at: datetime | None, now: datetime
) -> None:
    """What a bridge says of itself."""
    Bridge.objects.filter(id=bridge.id).update(
        software=software, waiting_results=waiting_results, line_lost_at=line_lost_at, last_contact_at=now
    )


def note_reader(reader: Reader, *, status: str, printer: str, boot: str, now: datetime) -> None:
    """How a reader is. One that cannot be reached has not been in contact."""
    news: dict[str, object] = {"last_status": status[:12]}
    if status != "unreachable":
        news |= {"last_contact_at": now, "printer_status": printer[:12]}
        if boot:
            news["boot"] = boot[:80]
    Reader.objects.filter(id=reader.id).update(**news)
