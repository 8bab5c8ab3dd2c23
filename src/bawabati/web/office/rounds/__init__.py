"""Rounds of crews."""
