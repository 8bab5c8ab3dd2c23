"""Bank statements in MT940, as SWIFT describes it. See docs/reference/statement-files.md."""
