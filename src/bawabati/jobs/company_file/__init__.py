"""A company's description as a file: JSON that people write by hand."""

from bawabati.jobs.company_file.description import read_company_file

__all__ = ["read_company_file"]
