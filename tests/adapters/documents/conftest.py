import pytest

from bawabati.adapters.documents.typst_documents.maker import TypstDocuments


@pytest.fixture(scope="session")
def documents() -> TypstDocuments:
    """One warm maker, as the portal keeps it."""
    return TypstDocuments()
