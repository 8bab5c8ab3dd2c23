"""Closed days, files for the billing system, journals."""
