"""Statements in CSV, by a layout of columns. See docs/reference/statement-files.md."""
