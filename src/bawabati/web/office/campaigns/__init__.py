"""Campaigns: codes for media and agencies, posters, and what each brought."""
