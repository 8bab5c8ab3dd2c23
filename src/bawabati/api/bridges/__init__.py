"""What bridges say and hear: /api/bridge/v1/."""
