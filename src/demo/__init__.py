"""Everything at once on one machine: `python -m demo`."""
