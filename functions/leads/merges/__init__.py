"""Leads that are one person, over HTTP."""
