"""Statements in XLSX, by a layout of columns. See docs/reference/statement-files.md."""
