"""Bills in a spreadsheet (XLSX). See docs/reference/bill-file.md."""
