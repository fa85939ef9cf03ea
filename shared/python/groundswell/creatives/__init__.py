"""Creatives under review: versions, pre-flight checks, decisions, comments, and people without an account."""
