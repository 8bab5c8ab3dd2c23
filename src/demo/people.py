"""Who may sign in at the demonstration, and with what. Printed on the terminal: these are no secrets."""

from dataclasses import dataclass

PASSWORD = "only-for-the-demonstration"  # noqa: S105 - everybody may know it
PIN = "730164"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account of the demonstration's first company, or of the nation; see `bawabati/jobs/demo/companies.json`."""

    role: str
    login: str
    device: str
    """The secret of the device that shows codes, as an authenticator application takes it."""
    pin: str = ""
    password: str = PASSWORD


PEOPLE = (
    Person(
        role="national administrator", login="administrator@nation.example", device="DEMONATIONALAAAAAAAAAAAAAAAAAAAA"
    ),
    Person(role="administrator", login="administrator@oran.example", device="DEMOADMINISTRATORAAAAAAAAAAAAAAA"),
    Person(role="cashier", login="cashier@oran.example", device="DEMOCASHIERAAAAAAAAAAAAAAAAAAAAA", pin=PIN),
    Person(role="another cashier", login="cashier2@oran.example", device="DEMOCASHIERTWOAAAAAAAAAAAAAAAAAA", pin=PIN),
    Person(role="head of the agency", login="head@oran.example", device="DEMOHEADAAAAAAAAAAAAAAAAAAAAAAAA"),
    Person(role="finance officer", login="finance@oran.example", device="DEMOFINANCEAAAAAAAAAAAAAAAAAAAAA"),
    Person(role="operator", login="operator@oran.example", device="DEMOOPERATORAAAAAAAAAAAAAAAAAAAA"),
    Person(role="director", login="director@oran.example", device="DEMODIRECTORAAAAAAAAAAAAAAAAAAAA"),
    Person(role="communication officer", login="communication@oran.example", device="DEMOCOMMUNICATIONAAAAAAAAAAAAAAA"),
    Person(role="auditor", login="auditor@oran.example", device="DEMOAUDITORAAAAAAAAAAAAAAAAAAAAA"),
    Person(role="crew", login="crew@oran.example", device="DEMOCREWAAAAAAAAAAAAAAAAAAAAAAAA"),
    Person(role="national coordinator", login="coordinator@nation.example", device="DEMOCOORDINATORAAAAAAAAAAAAAAAAA"),
)
