"""A portal, a reader, and a folder of an enrolled bridge."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.nexo_words import approval, by_category, failure
from bridge.portal_side import PortalSide, portal_side
from bridge.running import enrolled
from bridge.scripted import POI, Certificate, Json, scripted
from programs import free_port

DIAGNOSIS = {"Response": {"Result": "Success"}, "POIStatus": {"GlobalStatus": "OK", "PrinterStatus": "OK"}}


@dataclass
class Scene:
    side: PortalSide
    folder: Path
    desk_port: int
    heard: list[Json] = field(default_factory=list)
    card: threading.Event = field(default_factory=threading.Event)
    """Clear while nobody presents a card."""

    def sent(self, category: str = "Payment") -> list[str]:
        heads = [request["SaleToPOIRequest"]["MessageHeader"] for request in self.heard]
        return [head["ServiceID"] for head in heads if head["MessageCategory"] == category]


@contextmanager
def scene_in(folder: Path, certificate: Certificate) -> Iterator[Scene]:
    with ExitStack() as stack:
        side = stack.enter_context(portal_side())
        desk_port = free_port()
        scene = Scene(side=side, folder=enrolled(side, folder, desk_port=desk_port), desk_port=desk_port)
        scene.card.set()

        def payment(_: Json) -> Json:
            scene.card.wait(20)
            return approval()

        answers = {
            "Payment": payment,
            "Reversal": {"Response": {"Result": "Success"}},
            "Diagnosis": DIAGNOSIS,
            "TransactionStatus": failure("InProgress"),
            "Reconciliation": {"Response": {"Result": "Success"}, "POIReconciliationID": "31"},
        }
        reader = stack.enter_context(scripted(by_category(answers, scene.heard), tls=certificate.server()))
        side.readers = [
            {
                "poi_id": POI,
                "protocol": "nexo",
                "host": "127.0.0.1",
                "port": reader.port,
                "options": {"tls_ca_pem": certificate.pem},
            }
        ]
        yield scene
        scene.card.set()
