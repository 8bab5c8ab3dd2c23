"""What happened, and where it is told: /api/v1/events."""
