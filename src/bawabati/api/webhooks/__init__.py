"""Where events are told, and what came of it: /api/v1/webhooks."""
