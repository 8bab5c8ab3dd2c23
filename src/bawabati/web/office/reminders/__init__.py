"""Reminders: what is decided, what it would cost, what left."""
