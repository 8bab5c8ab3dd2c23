"""Payments: finding any of them, and everything that happened to one."""
