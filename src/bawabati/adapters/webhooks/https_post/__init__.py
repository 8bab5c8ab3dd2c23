"""Webhooks by POST over HTTPS, to public addresses alone."""
