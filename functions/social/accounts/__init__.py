"""Accounts at networks."""
