"""Bawabati: customers of a water company pay their bills by card. The house is explained in docs/concepts."""
