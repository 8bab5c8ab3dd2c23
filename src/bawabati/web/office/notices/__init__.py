"""Messages: what left, what failed and why."""
