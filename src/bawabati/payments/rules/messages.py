"""What is kept of messages to the gateway."""


def purpose_of_body(company_id: int) -> str:
    """What whole answers about a company's payments are sealed for: they open as nothing else, for no other company."""
    return f"exchange:{company_id}"
