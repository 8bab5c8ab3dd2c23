"""The demonstration's companies can be told apart, and show nothing that a company could not show."""

from bawabati.companies.rules import check_mark
from bawabati.jobs.demo.companies import demo_companies


def test_each_has_colours_and_a_logo_of_its_own() -> None:
    companies = demo_companies(sandbox_url="http://127.0.0.1:1")
    logos = [str(company.look["logo_svg"]) for company in companies]
    assert [check_mark(logo.encode()) for logo in logos] == ["image/svg+xml"] * 2
    assert len(set(logos)) == len({company.look["colour"] for company in companies}) == len(companies)
