"""The JSON door: machines come in here."""
