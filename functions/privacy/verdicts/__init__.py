"""Rejected events over HTTP."""
