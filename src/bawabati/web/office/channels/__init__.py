"""Other channels in the office: what waits, what differs, their files, and what a company says of each."""
