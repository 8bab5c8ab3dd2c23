"""The settlement pages: files looked at before anything is kept, days with gaps, differences settled by two people."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bawabati.people.rules import Role
from bawabati.web.shared.staff_session import CONFIRMED_AT
from people import add_company
from settling import DAY, World, credit, items, line, of_payment, received, total
from staff import add_person, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from bawabati.companies.models import Company
    from bawabati.settlement.models import Difference

pytestmark = pytest.mark.usefixtures("collected")
SETTLEMENT = "/fr/office/settlement/"
BRING = f"{SETTLEMENT}files/bring/"


@pytest.fixture
def water(database: None, settings: Any, tmp_path: Path) -> Company:  # noqa: ARG001, ANN401 - of pytest-django
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    return add_company()


@pytest.fixture
def world(water: Company, behind_the_scenes: psycopg.Connection[Any]) -> World:
    return World(water, behind_the_scenes)


@pytest.fixture
def farid(water: Company) -> Client:
    return client_of(Role.FINANCE, water)


def client_of(role: Role, company: Company) -> Client:
    return signed_in(add_person(f"{role}@{company.code}.example", role, company=company))


def text_of(lines: list[str], *, with_total: bool = True) -> bytes:
    from settling import ACQUIRER_HEAD  # noqa: PLC0415 - beside its only use

    return "\n".join([ACQUIRER_HEAD, *lines, *([total(lines)] if with_total else []), ""]).encode()


def sent(client: Client, content: bytes, *, name: str = "SATIM_1_20261119.csv", **more: str) -> Any:  # noqa: ANN401 - a response
    form = {"profile": profile_id(client), "do": "look", "file": SimpleUploadedFile(name, content), **more}
    return client.post(BRING, form)


def profile_id(client: Client, code: str = "satim") -> str:
    from bawabati.settlement.models import StatementProfile  # noqa: PLC0415 - settings first

    client.get(BRING)
    return str(StatementProfile.objects.get(code=code).id)


def statements() -> int:
    from bawabati.settlement.models import Statement  # noqa: PLC0415 - settings first

    return Statement.objects.count()


def import_it(client: Client, looked: Any, **more: str) -> Any:  # noqa: ANN401 - responses
    form = {"profile": profile_id(client), "do": "import", "kept": looked.context["kept"], **more}
    return client.post(BRING, form)


def one_difference(company: Company, kind: str) -> Difference:
    from bawabati.settlement.models import Difference  # noqa: PLC0415 - settings first

    return Difference.objects.get(company=company, kind=kind)


def file_of(difference: Difference) -> int:
    assert difference.line is not None
    return difference.line.statement_id


def taken(response: Any) -> bytes:  # noqa: ANN401 - a response
    """The file that an answer holds."""
    content = b"".join(response.streaming_content)
    response.close()
    return content


# Bringing a file in


def test_a_file_is_looked_at_before_anything_of_it_is_kept(farid: Client, world: World) -> None:
    looked = sent(farid, text_of([of_payment(world.pay()), line(order="9999999999", reference="nobody", gross=7700)]))
    page = looked.content.decode()
    assert looked.status_code == 200
    assert statements() == 0
    assert (looked.context["preview"].line_count, looked.context["preview"].bad_count) == (2, 0)
    assert "9999999999" in page
    answer = import_it(farid, looked)
    assert answer.status_code == 303
    assert statements() == 1
    page = farid.get(answer.headers["Location"]).content.decode()
    assert "Le fichier est importé" in page


def test_importing_twice_is_harmless_and_says_so(farid: Client, world: World) -> None:
    content = text_of([of_payment(world.pay())])
    import_it(farid, sent(farid, content))
    again = sent(farid, content, name="renamed.csv")
    assert "importer de nouveau ne change rien" in again.content.decode()
    answer = import_it(farid, again)
    assert statements() == 1
    assert "Ce fichier a déjà été reçu" in farid.get(answer.headers["Location"]).content.decode()


def test_what_is_wrong_is_told_line_by_line_and_comes_as_a_file(farid: Client, world: World) -> None:
    good, bad = of_payment(world.pay()), of_payment(world.pay()).replace("10:00:00", "99:99")
    looked = sent(farid, text_of([good, bad]))
    assert [(each.line_number, words) for each, words in looked.context["bad"]] == [(3, "L'heure est illisible.")]
    form = {"profile": profile_id(farid), "do": "bad", "kept": looked.context["kept"]}
    file = farid.post(BRING, form)
    assert file.headers["Content-Disposition"].startswith('attachment; filename="bad-lines-')
    rows = taken(file).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "99:99" in rows[1]
    refused = import_it(farid, looked)
    assert (refused.status_code, statements()) == (422, 0)
    kept = import_it(farid, looked, keep_bad_lines="yes")
    assert (kept.status_code, statements()) == (303, 1)
    bad_lines = farid.get(f"{kept.headers['Location'].partition('?')[0]}?only=bad&as=csv")
    assert "99:99" in taken(bad_lines).decode("utf-8-sig")


def test_a_file_that_was_cut_off_cannot_be_imported(farid: Client, world: World) -> None:
    looked = sent(farid, text_of([of_payment(world.pay())], with_total=False))
    assert 'value="import"' not in looked.content.decode()
    assert import_it(farid, looked).status_code == 422
    assert statements() == 0


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"PK\x03\x04zip", b"a;b\n1;2\n", b"%PDF-1.7"])
def test_what_is_no_such_file_is_refused_in_words(farid: Client, content: bytes) -> None:
    answer = sent(farid, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_form_without_a_file_asks_for_one(farid: Client) -> None:
    answer = farid.post(BRING, {"profile": profile_id(farid), "do": "look"})
    assert answer.status_code == 422
    assert "Choisissez le fichier." in answer.content.decode()


def test_nobody_imports_what_another_person_has_sent(farid: Client, water: Company, world: World) -> None:
    looked = sent(farid, text_of([of_payment(world.pay())]))
    other = signed_in(add_person("other@oran.example", Role.FINANCE, company=water))
    assert import_it(other, looked).status_code == 422
    assert statements() == 0


# Days, files, exports


def test_a_day_without_its_file_is_a_gap(farid: Client, water: Company, world: World, tmp_path: Path) -> None:
    received(tmp_path, water, [of_payment(world.pay())])
    page = farid.get(f"{SETTLEMENT}?from=2026-11-18&to=2026-11-19")
    there, gap = page.context["days"]
    assert ([file.file_name for file in there.acquirer], there.bank, gap.acquirer) == (["SATIM_1_20261119.csv"], [], [])
    assert page.content.decode().count("pas de fichier") == 3


def test_the_three_parties_stand_beside_each_other(farid: Client, water: Company, world: World, tmp_path: Path) -> None:
    received(tmp_path, water, [of_payment(world.pay())])
    world.pay(day=DAY)
    page = farid.get(f"{SETTLEMENT}?from=2026-11-19&to=2026-11-19")
    web = next(channel for _, channel in page.context["channels"] if channel.way == "web")
    assert (web.our_count, web.their_count, web.our_centimes) == (2, 1, 286_100)
    assert "unlike" in page.content.decode()
    received(tmp_path, water, [credit(143050)], profile="bank")
    assert farid.get(f"{SETTLEMENT}?from=2026-11-19&to=2026-11-19").context["match"].credited_centimes == 143_050


@pytest.mark.parametrize("query", ["", "from=2026-11-19", "to=2026-11-19", "from=2026-11-20&to=2026-11-01", "from=x"])
def test_any_period_can_be_asked_for(farid: Client, query: str) -> None:
    assert farid.get(f"{SETTLEMENT}?{query}").status_code == 200


def test_lists_come_as_files(farid: Client, water: Company, world: World, tmp_path: Path) -> None:
    statement = received(tmp_path, water, [of_payment(world.pay()), line(gross=-500, kind="REMBOURSEMENT", order="7")])
    for address in ("", "files/", f"files/{statement.id}/", "differences/"):
        rows = taken(farid.get(f"{SETTLEMENT}{address}?as=csv")).decode("utf-8-sig").splitlines()
        assert len(rows) > 1, address
        xlsx = taken(farid.get(f"{SETTLEMENT}{address}?as=xlsx"))
        assert xlsx.startswith(b"PK"), address
    lines = taken(farid.get(f"{SETTLEMENT}files/{statement.id}/?as=csv")).decode("utf-8-sig")
    assert "-5,00" in lines


def test_taking_lines_away_is_written_down(farid: Client, water: Company, world: World, tmp_path: Path) -> None:
    from bawabati.audit.models import AuditEntry  # noqa: PLC0415 - settings first

    statement = received(tmp_path, water, [of_payment(world.pay())])
    taken(farid.get(f"{SETTLEMENT}files/{statement.id}/?as=csv"))
    assert AuditEntry.objects.filter(action="read_statement_lines", target=f"statement:{statement.id}").count() == 1


# Differences


@pytest.fixture
def odd(water: Company, world: World, tmp_path: Path) -> Difference:
    """The acquirer shows 70 DA more than the card paid here."""
    received(tmp_path, water, [of_payment(world.pay(), gross=150_050)])
    assert [kind for kind, _, _ in items(water)] == ["amount_differs"]
    return one_difference(water, "amount_differs")


def settle(client: Client, difference: Difference, **form: str) -> Any:  # noqa: ANN401 - a response
    return client.post(f"{SETTLEMENT}differences/{difference.id}/settle/", form)


def agreed(difference: Difference) -> dict[str, str]:
    difference.refresh_from_db()
    return {"agrees": "yes", "seen_steps": str(difference.step_count)}


def test_one_person_owns_promises_comments_and_proposes_and_another_confirms(
    farid: Client, water: Company, odd: Difference
) -> None:
    from django.utils import timezone  # noqa: PLC0415 - settings first

    promised = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert settle(farid, odd, do="take").status_code == 303
    assert settle(farid, odd, do="promise", promised_on=promised).status_code == 303
    assert settle(farid, odd, do="comment", words="La banque a été appelée").status_code == 303
    assert settle(farid, odd, do="propose", ending="gain", because="lettre du 20/11").status_code == 303
    page = farid.get(f"{SETTLEMENT}differences/{odd.id}/").content.decode()
    assert "Une autre personne doit le confirmer" in page
    assert farid.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", {"agrees": "yes"}).status_code == 422
    lina = client_of(Role.DIRECTOR, water)
    assert "lettre du 20/11" in lina.get(f"{SETTLEMENT}differences/{odd.id}/").content.decode()
    assert lina.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", agreed(odd)).status_code == 303
    odd.refresh_from_db()
    assert (odd.state, odd.ending, odd.posted_centimes) == ("ended", "gain", 0)
    page = farid.get(f"{SETTLEMENT}differences/{odd.id}/").content.decode()
    assert "passé en profit" in page
    assert 'value="propose"' not in page


def test_nobody_confirms_another_ending_than_the_one_he_has_read(
    farid: Client, water: Company, odd: Difference
) -> None:
    settle(farid, odd, do="propose", ending="gain", because="lettre du 20/11")
    lina = client_of(Role.DIRECTOR, water)
    read = agreed(odd)
    farid.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", {"agrees": "no", "because": "une erreur"})
    settle(farid, odd, do="propose", ending="fee", because="autre chose")
    answer = lina.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", read)
    assert answer.status_code == 422
    assert "Cet écart a changé entre-temps" in answer.content.decode()
    assert "autre chose" in answer.content.decode()
    assert lina.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", agreed(odd)).status_code == 303
    odd.refresh_from_db()
    assert (odd.state, odd.ending) == ("ended", "fee")


def test_a_confirmation_needs_a_second_factor_just_now(farid: Client, water: Company, odd: Difference) -> None:
    settle(farid, odd, do="propose", ending="gain", because="lettre du 20/11")
    lina = client_of(Role.DIRECTOR, water)
    session = lina.session
    session[CONFIRMED_AT] = "2026-01-01T00:00:00+00:00"
    session.save()
    answer = lina.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", agreed(odd))
    assert answer.status_code in {302, 303}
    odd.refresh_from_db()
    assert odd.state == "proposed"


def test_who_does_not_agree_says_why(farid: Client, water: Company, odd: Difference) -> None:
    settle(farid, odd, do="propose", ending="gain", because="lettre du 20/11")
    lina = client_of(Role.DIRECTOR, water)
    lina.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", {"agrees": "no", "because": "la lettre dit autre chose"})
    odd.refresh_from_db()
    assert odd.state == "open"
    assert "la lettre dit autre chose" in farid.get(f"{SETTLEMENT}differences/{odd.id}/").content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"do": "dance"},
        {"do": "promise", "promised_on": "soon"},
        {"do": "promise", "promised_on": "2020-01-01"},
        {"do": "comment", "words": ""},
        {"do": "comment", "words": "6280581110007215"},
        {"do": "propose", "ending": "magic", "because": "x"},
        {"do": "propose", "ending": "loss", "because": "it is no loss"},
        {"do": "propose", "ending": "gain", "because": ""},
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(farid: Client, odd: Difference, form: dict[str, str]) -> None:
    answer = settle(farid, odd, **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "6280581110007215" not in answer.content.decode()


@pytest.mark.parametrize("channel", ["", "nobody", "\0", "x" * 300])
def test_a_channel_that_is_none_is_refused_in_words(
    farid: Client, water: Company, tmp_path: Path, channel: str
) -> None:
    received(tmp_path, water, [credit(5000, reference="V77", label="REMISE CIB")], profile="bank")
    found = one_difference(water, "credit_without_remittance")
    assert settle(farid, found, do="propose", ending=f"channel:{channel}", because="x").status_code == 422


def test_the_list_is_narrowed_by_state_kind_owner_and_day(farid: Client, odd: Difference) -> None:
    def found(query: str) -> int:
        return len(farid.get(f"{SETTLEMENT}differences/?{query}").context["page"].rows)

    assert found("state=unsettled&kind=amount_differs&day=2026-11-19") == 1
    assert (found("state=ended"), found("kind=chargeback"), found("owner=me"), found("day=2026-11-01")) == (0, 0, 0, 0)
    settle(farid, odd, do="take")
    assert found("owner=me") == 1


# Who may what


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR])
def test_director_and_auditor_see_everything_and_change_nothing(role: Role, water: Company, odd: Difference) -> None:
    seeing = client_of(role, water)
    statement = file_of(odd)
    for address in (
        "",
        "files/",
        f"files/{statement}/",
        "differences/",
        f"differences/{odd.id}/",
        "profiles/",
        "fees/",
    ):
        page = seeing.get(f"{SETTLEMENT}{address}")
        assert page.status_code == 200, address
        assert 'name="do"' not in page.content.decode(), address
    for address in ("files/bring/", "profiles/add/", "profiles/satim/"):
        assert seeing.get(f"{SETTLEMENT}{address}").status_code == 403, address
    assert settle(seeing, odd, do="take").status_code == 403
    assert seeing.post(f"{SETTLEMENT}fees/", {"from_on": "2026-01-01", "because": "x"}).status_code == 422


def test_an_auditor_confirms_nothing(water: Company, farid: Client, odd: Difference) -> None:
    settle(farid, odd, do="propose", ending="gain", because="lettre du 20/11")
    auditor = client_of(Role.AUDITOR, water)
    assert auditor.post(f"{SETTLEMENT}differences/{odd.id}/confirm/", {"agrees": "yes"}).status_code == 403


def test_another_companys_files_and_differences_are_not_there(odd: Difference, water: Company) -> None:
    stranger = client_of(Role.FINANCE, add_company(code="tafna"))
    assert water.code != "tafna"
    assert stranger.get(f"{SETTLEMENT}differences/{odd.id}/").status_code == 404
    assert settle(stranger, odd, do="take").status_code == 404
    assert stranger.get(f"{SETTLEMENT}files/{file_of(odd)}/").status_code == 404
    assert len(stranger.get(f"{SETTLEMENT}differences/").context["page"].rows) == 0


# Profiles and fees


def layout(**changes: str) -> dict[str, str]:
    """The form of a profile for an acquirer with titles of its own."""
    columns = {"kind": "OP", "happened_on": "1", "gross": "SOMME", "order_number": "CMD", "reference": "REF"}
    return {
        "source": "acquirer",
        "code": "cib-oran",
        "format": "csv",
        "delimiter": ",",
        "encoding": "utf-8",
        "decimal": ".",
        "dates": "iso",
        "refunds_are_negative": "yes",
        "is_active": "yes",
        **{f"column-{name}": title for name, title in columns.items()},
        "words-payment": "VENTE, ACHAT",
        "words-total": "FIN",
        **changes,
    }


def test_a_profile_is_tried_on_a_file_and_kept(farid: Client, world: World) -> None:
    order = world.pay()
    file = f"JOUR,OP,SOMME,CMD,REF\n2026-11-19,VENTE,1430.50,{order:010},ref-{order}\n,FIN,1430.50,,\n".encode()
    tried = farid.post(f"{SETTLEMENT}profiles/add/", layout() | {"do": "try", "file": io.BytesIO(file)})
    assert tried.status_code == 200
    (read,) = tried.context["preview"].lines
    assert (read.gross, read.order_number, statements()) == (143_050, f"{order:010}", 0)
    assert farid.post(f"{SETTLEMENT}profiles/add/", layout() | {"do": "keep"}).status_code == 303
    page = farid.get(f"{SETTLEMENT}profiles/cib-oran/").content.decode()
    assert 'value="ACHAT, VENTE"' in page
    looked = sent(farid, file, profile=profile_id(farid, "cib-oran"))
    assert looked.context["preview"].line_count == 1


@pytest.mark.parametrize(
    "changes", [{"code": "Big Name"}, {"format": "pdf"}, {"decimal": "x"}, {"source": "moon"}, {"encoding": "rot13"}]
)
def test_a_profile_that_cannot_be_is_refused_in_words(farid: Client, changes: dict[str, str]) -> None:
    answer = farid.post(f"{SETTLEMENT}profiles/add/", layout(**changes) | {"do": "keep"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def fees(**changes: str) -> dict[str, str]:
    return {
        "from_on": "2026-01-01",
        "way": "",
        "vat": "19",
        "up_to-1": "5 000",
        "fixed-1": "10",
        "rate-2": "0,2",
        "cap": "100",
        "because": "contrat 2026/7",
        **changes,
    }


def test_fees_are_written_once_for_each_day(farid: Client, water: Company) -> None:
    from bawabati.settlement.reads import list_fee_tables  # noqa: PLC0415 - settings first

    assert farid.post(f"{SETTLEMENT}fees/", fees()).status_code == 303
    (table,) = list_fee_tables(company_id=water.id)
    assert table.tiers == [
        {"up_to": 500_000, "fixed": 1_000, "rate_ppm": 0},
        {"up_to": None, "fixed": 0, "rate_ppm": 2_000},
    ]
    assert (table.cap_centimes, table.vat_ppm, table.because) == (10_000, 190_000, "contrat 2026/7")
    assert "contrat 2026/7" in farid.get(f"{SETTLEMENT}fees/").content.decode()
    assert farid.post(f"{SETTLEMENT}fees/", fees()).status_code == 422
    assert len(list_fee_tables(company_id=water.id)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"from_on": "soon"},
        {"because": ""},
        {"rate-2": "much"},
        {"rate-2": "101"},
        {"rate-2": "0,00001"},
        {"rate-2": "", "up_to-2": "9000"},
        {"cap": "x"},
        {"way": "sea"},
        {"vat": "nan"},
        {"least": "500", "cap": "100"},
    ],
)
def test_fees_that_cannot_be_are_refused_in_words(farid: Client, changes: dict[str, str]) -> None:
    answer = farid.post(f"{SETTLEMENT}fees/", fees(**changes))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-05", "9999-12-31"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_day_at_the_end_of_time_is_no_error_of_ours(farid: Client, day: str, name: str) -> None:
    assert farid.get(SETTLEMENT, {name: day}).status_code in {200, 422}
    assert farid.get(SETTLEMENT, {"from": day, "to": day}).status_code in {200, 422}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_page_of_closing_fails_at_the_end_of_time(farid: Client, day: str) -> None:
    closing = "/fr/office/closing/"
    for address in (f"{closing}days/{day}/", f"{closing}days/{day}/close/", f"{closing}days/{day}/certificate.pdf"):
        assert farid.get(address).status_code < 500
        assert farid.post(address).status_code < 500
    assert farid.get(closing, {"from": day, "to": day}).status_code < 500
    journal = farid.get(f"{closing}journals/file/", {"from": day, "to": day})
    journal.close()
    assert journal.status_code < 500
    assert farid.get(f"{SETTLEMENT}differences/", {"day": day}).status_code < 500
