"""What billing systems push, and ask of bills: /api/v1/bills and /api/v1/bill-files."""
