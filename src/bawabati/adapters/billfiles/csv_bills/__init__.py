"""Bills in CSV, as any billing system can write them. See docs/reference/bill-file.md."""
