"""What billing systems ask of payments: /api/v1/payments."""
