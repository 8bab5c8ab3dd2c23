"""Bill files of EPEOR and its like: dBase tables. See docs/reference/bill-file-dbf.md."""
