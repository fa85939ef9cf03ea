"""Structured logs without secrets, and metrics in the embedded format."""
