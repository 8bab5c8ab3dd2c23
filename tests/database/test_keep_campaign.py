"""Campaigns are made and kept by whoever may, each medium with a code of its own, whoever else does so meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction

from bawabati.audit.models import AuditEntry
from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.reads import list_codes
from bawabati.campaigns.rules import (
    CampaignEndsFirst,
    CampaignFacts,
    CampaignNameMissing,
    CampaignNameTaken,
    Medium,
    MediumAt,
    NoMedium,
    Step,
    read_code,
)
from bawabati.campaigns.writes import keeping
from bawabati.companies.models import Company
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import CannotDo
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.count_steps import count_steps
from bawabati.flows.keep_campaign import (
    NoSuchCampaign,
    add_campaign,
    add_media,
    describe_campaign,
    end_campaign,
    keep_cost,
)
from bawabati.flows.start_payment import start_payment
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed, Role
from bawabati.reports.reads.campaigns import report_of_campaign
from campaigning import add_code
from outside import Outside
from paying import seen_now
from people import AMINAS_CARD, NOON, OMAR, add_bill, add_company
from staff import add_agency, add_person

pytestmark = pytest.mark.usefixtures("database")

TODAY = date(2026, 11, 22)
RADIO = MediumAt(Medium.RADIO)
PRESS = MediumAt(Medium.PRESS)


@pytest.fixture
def utility(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company("tafna")


@pytest.fixture
def meriem(utility: Company) -> Staff:
    return add_person("meriem@tafna.example", Role.COMMUNICATION, company=utility)


def facts(name: str = "Launch", **changes: Any) -> CampaignFacts:  # noqa: ANN401 - of any column
    return CampaignFacts(**{"name": name, "begins_on": TODAY, "ends_on": None, "note": ""} | changes)


def make(staff: Staff, company: Company, *media: MediumAt, name: str = "Launch") -> Campaign:
    return add_campaign(company_id=company.id, facts=facts(name), media=media or [RADIO], staff=staff, now=NOON)


def test_each_medium_and_agency_has_a_code_of_its_own(utility: Company, meriem: Staff) -> None:
    posters = [MediumAt(Medium.AGENCY_POSTER, add_agency(utility, code).id) for code in ("A1", "A2", "A3")]
    campaign = make(meriem, utility, RADIO, PRESS, *posters)
    codes = list_codes(company_id=utility.id, campaign_id=campaign.id)
    assert [(row.medium, row.agency.code if row.agency else "") for row in codes] == [
        ("press", ""),
        ("radio", ""),
        ("agency_poster", "A1"),
        ("agency_poster", "A2"),
        ("agency_poster", "A3"),
    ]
    assert all(read_code(row.code) == row.code for row in codes)
    assert AuditEntry.objects.get(action="add_campaign").target == f"campaign:{campaign.id}"


def test_media_that_are_there_keep_their_codes(utility: Company, meriem: Staff) -> None:
    campaign = make(meriem, utility)
    before = CampaignCode.objects.get()
    for _ in range(2):
        add_media(company_id=utility.id, campaign_id=campaign.id, media=[RADIO, PRESS], staff=meriem, now=NOON)
    assert CampaignCode.objects.get(medium="radio").code == before.code
    assert CampaignCode.objects.count() == 2
    assert AuditEntry.objects.filter(action="add_media").count() == 1


def test_a_code_that_another_company_has_is_drawn_again(utility: Company, meriem: Staff) -> None:
    add_code(add_company("setif"), "RM473")
    drawn = iter(["RM473", "RM473", "XX999"])
    with patch.object(keeping, "draw_code", lambda _attempt: next(drawn)):
        make(meriem, utility)
    assert CampaignCode.objects.get(company=utility).code == "XX999"


def test_two_officers_at_once_make_one_campaign_of_a_name_and_one_code_of_a_medium(
    utility: Company, meriem: Staff, together: Callable[..., list[Any]]
) -> None:
    answers = together(*[lambda: make(meriem, utility) for _ in range(4)])
    assert sum(isinstance(answer, Campaign) for answer in answers) == 1
    assert sum(isinstance(answer, CampaignNameTaken) for answer in answers) == 3
    campaign = Campaign.objects.get()
    assert (
        together(
            *[
                lambda: add_media(company_id=utility.id, campaign_id=campaign.id, media=[PRESS], staff=meriem, now=NOON)
                for _ in range(4)
            ]
        )
        == [None] * 4
    )
    assert CampaignCode.objects.filter(medium="press").count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": ""}, CampaignNameMissing),
        ({"name": "x" * 81}, CannotDo),
        ({"note": "x" * 501}, CannotDo),
        ({"ends_on": TODAY - timedelta(days=1)}, CampaignEndsFirst),
        ({"note": "6280 5811 1000 7215"}, LooksLikeACardNumber),
        ({"name": "6280581110007215"}, LooksLikeACardNumber),
    ],
)
def test_what_cannot_be_kept_is_refused(
    utility: Company, meriem: Staff, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_campaign(company_id=utility.id, facts=facts(**changes), media=[RADIO], staff=meriem, now=NOON)
    assert not Campaign.objects.exists()


def test_a_poster_hangs_in_an_agency_of_the_company(utility: Company, meriem: Staff) -> None:
    elsewhere = add_agency(add_company("setif"), "S1")
    for wrong in ([], [MediumAt(Medium.AGENCY_POSTER)], [MediumAt(Medium.AGENCY_POSTER, elsewhere.id)]):
        with pytest.raises(NoMedium):
            add_campaign(company_id=utility.id, facts=facts(), media=wrong, staff=meriem, now=NOON)


def test_it_is_described_anew_ended_and_opened_again(utility: Company, meriem: Staff) -> None:
    campaign = make(meriem, utility)
    make(meriem, utility, name="Other")
    kept = {"company_id": utility.id, "campaign_id": campaign.id, "staff": meriem, "now": NOON}
    with pytest.raises(CampaignNameTaken):
        describe_campaign(**kept, facts=facts("Other"))
    describe_campaign(**kept, facts=facts("Summer", ends_on=TODAY, note="for summer"))
    for is_over in (True, True, False):
        end_campaign(**kept, is_over=is_over)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.ends_on, campaign.ended_at) == ("Summer", TODAY, None)
    code = CampaignCode.objects.get(campaign=campaign)
    for _ in range(2):
        keep_cost(**kept, code_id=code.id, cost=Money.dinars(15_000))
    code.refresh_from_db()
    assert code.cost_centimes == 15_000_00
    acts = AuditEntry.objects.filter(target=f"campaign:{campaign.id}").order_by("id").values_list("action", flat=True)
    assert list(acts) == ["add_campaign", "change_campaign", "end_campaign", "reopen_campaign", "keep_campaign_cost"]


def test_only_the_communication_officer_of_the_company_keeps_campaigns(utility: Company, meriem: Staff) -> None:
    campaign = make(meriem, utility)
    stranger = add_person("x@setif.example", Role.COMMUNICATION, company=add_company("setif"))
    for nobody in (stranger, Staff.objects.filter(login=OMAR).order_by("id")[0]):
        for act in (
            lambda who: make(who, utility, name="Mine"),
            lambda who: end_campaign(company_id=utility.id, campaign_id=campaign.id, is_over=True, staff=who, now=NOON),
        ):
            with pytest.raises(NotAllowed):
                act(nobody)
    with pytest.raises(NoSuchCampaign):
        end_campaign(company_id=utility.id, campaign_id=campaign.id + 99, is_over=True, staff=meriem, now=NOON)


def test_a_printed_code_is_never_rewritten(utility: Company, meriem: Staff) -> None:
    make(meriem, utility)
    with pytest.raises(DatabaseError, match="not rewritten"), transaction.atomic():
        CampaignCode.objects.update(code="AF234")
    with pytest.raises(DatabaseError, match="not rewritten"), transaction.atomic():
        CampaignCode.objects.all().delete()


def test_the_report_says_what_each_code_brought(company: Company, outside: Outside) -> None:
    radio = add_code(company, "RM473", begins_on=TODAY, cost_centimes=1_000_00)
    press = add_code(company, "RM474", medium=Medium.PRESS)
    for _ in range(6):
        count_steps(company_id=company.id, steps=[Step.VISIT, Step.LOOK_UP], code="RM473", now=NOON)
    count_steps(company_id=company.id, steps=[Step.VISIT], code="RM474", now=NOON)
    for seed in (1, 2):
        pay(company, outside, seed=seed, code="RM473")
    report = report_of_campaign(radio.campaign, today=TODAY + timedelta(days=1), hidden_below=1)
    assert [row.code for row in report.codes] == [press.code, radio.code]
    of_radio = report.of_code(1)
    assert (of_radio.visit, of_radio.look_up, of_radio.found) == (6, 6, 0)
    assert (of_radio.payments, of_radio.first_payers, of_radio.centimes) == (2, 2, 2 * 1_430_50)
    assert of_radio.cost_of_a_payer == 500_00
    assert report.of_span(0).visit == report.total.visit == 7
    assert report.of_code_in_span(0, 0).visit == 1
    assert report.of_span(1).visit == 0
    hiding = report_of_campaign(radio.campaign, today=TODAY + timedelta(days=1), hidden_below=5)
    assert hiding.of_code(1).payments is None
    assert hiding.of_code(1).centimes is None
    assert hiding.of_code(1).cost_of_a_payer is None
    assert hiding.of_code(0).visit is None
    assert None in {hiding.of_code(1).visit, hiding.total.visit}


def pay(company: Company, outside: Outside, *, seed: int, code: str) -> None:
    from bawabati.companies.reads import find_text  # noqa: PLC0415 - settings first

    texts = [
        find_text(company_id=company.id, kind=kind, language="ar", now=NOON) for kind in ("payment_terms", "sale_terms")
    ]
    payment = start_payment(
        company=company,
        seen=[seen_now(add_bill(company, seed=seed))],
        start_key=f"key-{seed}",
        language="ar",
        payment_terms_id=texts[0].id if texts[0] else 0,
        sale_terms_id=texts[1].id if texts[1] else 0,
        email="",
        now=NOON,
        campaign_code=code,
    )
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON)
