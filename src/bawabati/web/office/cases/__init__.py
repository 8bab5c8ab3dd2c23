"""The work list: what waits for a person, with owner and promised day."""
