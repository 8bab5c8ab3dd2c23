"""Caisse-AP (Concert V3) over TCP: tags, lengths and values."""
