"""Agreements to pay in instalments, as the office sees and decides them."""
